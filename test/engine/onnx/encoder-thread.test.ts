import { describe, expect, test } from '@jest/globals';
import { startEncoderThread } from '../../../src/engine/onnx/encoder-thread.ts';
import { HEAD_CHARS_MAX, TAIL_CHARS_MAX } from '../../../src/engine/windows.ts';

const program = (name: string): URL => new URL(`./fixtures/${name}.ts`, import.meta.url);

describe('encoder thread', () => {
  test('a failure to start says why', async () => {
    await expect(startEncoderThread(program('stillborn-thread'), {})).rejects.toThrow(
      'The encoder could not start. The dog ate the weights.',
    );
  });

  test('a text of megabytes is clipped before it crosses over', async () => {
    const thread = await startEncoderThread(program('dying-thread'), {});
    const { tokens, truncated } = await thread.embed('x'.repeat(4_000_000));
    expect(tokens).toBe(HEAD_CHARS_MAX);
    expect(tokens).toBeLessThan(HEAD_CHARS_MAX + TAIL_CHARS_MAX);
    expect(truncated).toBe(true);
    await thread.close();
  });

  test('a text under way when the thread ends is rejected, and so is every later one', async () => {
    const thread = await startEncoderThread(program('dying-thread'), {});
    await thread.embed('a');
    expect(thread.alive).toBe(true);
    await expect(thread.embed('b')).rejects.toThrow('The encoder thread ended (exit code 3).');
    expect(thread.alive).toBe(false);
    await expect(thread.embed('c')).rejects.toThrow('The encoder thread has ended.');
    await thread.close();
  });

  test('a failed inference leaves the thread alive', async () => {
    const thread = await startEncoderThread(program('stubborn-thread'), {});
    await expect(thread.embed('a')).rejects.toThrow('Inference failed.');
    expect(thread.alive).toBe(true);
    await thread.close();
    expect(thread.alive).toBe(false);
  });
});

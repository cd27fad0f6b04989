import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { startEncoderThread } from '../../../src/engine/onnx/encoder-thread.ts';
import { createOnnxEncoder } from '../../../src/engine/onnx/onnx-encoder.ts';
import { cosine, describeEncoder } from '../encoder.common.ts';

const modelFolder = fileURLToPath(new URL('../../../models/tiergate-small-int4', import.meta.url));

describeEncoder('onnx encoder', ({ queueMax }) => createOnnxEncoder({ modelFolder, queueMax, threads: 1 }));

describe('onnx encoder with the shipped pack', () => {
  // Cosines as the tuned weights give them in float32.
  test('sees the likenesses that the original model sees', async () => {
    const encoder = await createOnnxEncoder({ modelFolder, queueMax: 8, threads: 1 });
    const pairs = [
      [0.8315, 'Where is my parcel?', 'My order has not arrived yet'],
      [0.5242, 'Where is my parcel?', 'How do I bake sourdough bread?'],
      [0.8642, 'I forgot my password', 'Reset my login please'],
      [0.4789, 'The invoice shows VAT twice', 'What is the capital of Mongolia?'],
    ] as const;
    for (const [expected, ...texts] of pairs) {
      const [a, b] = await encoder.embedAll(texts);
      if (!a || !b) throw new Error('Two texts give two vectors.');
      expect(Math.abs(cosine(a.vector, b.vector) - expected)).toBeLessThan(0.01);
    }
    await encoder.close();
  });

  test('a cancelled text ends between two windows, and the next one is embedded', async () => {
    const program = new URL('../../../src/engine/onnx/onnx-worker.ts', import.meta.url);
    const thread = await startEncoderThread(program, { modelFolder, threads: 1 });
    const long = thread.embed('parcel '.repeat(2000));
    thread.cancel();
    await expect(long).rejects.toThrow('Inference failed.');
    expect((await thread.embed('parcel '.repeat(600))).windows).toBe(2);
    await thread.close();
  });

  test('a process that ends in the middle of a text ends with its own exit code', () => {
    const script = fileURLToPath(new URL('./fixtures/exit-while-embedding.ts', import.meta.url));
    const { status, signal } = spawnSync(process.execPath, [script, modelFolder], { env: {} });
    expect([status, signal]).toEqual([7, null]);
  });

  test.each([
    [
      'a folder without a pack',
      (folder: string) => rm(join(folder, 'manifest.json')),
      'manifest.json cannot be read',
    ],
    ['half the weights', (folder: string) => truncate(join(folder, 'model.safetensors'), 1e6), 'has not the'],
    [
      'another tokenizer of the same length',
      (folder: string) => writeFile(join(folder, 'tokenizer_config.json'), '{}'.padEnd(557)),
      'SHA-256 differs',
    ],
  ])('%s: it does not start, and says why', async (_, damage, words) => {
    const folder = await mkdtemp(join(tmpdir(), 'tiergate-pack-'));
    await cp(modelFolder, folder, { recursive: true });
    await damage(folder);
    const started = createOnnxEncoder({ modelFolder: folder, queueMax: 1, threads: 1 });
    await expect(started).rejects.toThrow(words);
    await rm(folder, { recursive: true });
  });
});

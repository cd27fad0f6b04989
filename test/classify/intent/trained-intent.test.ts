import { describe, expect, test } from '@jest/globals';
import { judgeIntent, learnIntent } from '../../../src/classify/intent/intent.ts';
import { readTrainedIntent, writeTrainedIntent } from '../../../src/classify/intent/trained-intent.ts';
import { readMetadata, readSafetensors } from '../../../src/engine/pack/safetensors.ts';
import { writeSafetensors } from '../../../src/engine/pack/write-safetensors.ts';
import { clouds, strangers, WIDTH } from '../clouds.ts';

const { vectors, labels } = clouds(4, 8, 0.3);
const names = ['Wo ist es?', 'b', 'c', 'data_offsets'];
const trained = (outside: readonly ArrayLike<number>[] = []) => ({
  names,
  head: learnIntent(vectors, labels, names.length, outside),
  adapter: null,
  encoder: 'abc',
  dimensions: WIDTH,
});

test.each([
  ['without', []],
  ['with', strangers(6)],
])('a head %s strangers judges the same once it was written and read', (_what, outside) => {
  const written = trained(outside);
  const read = readTrainedIntent(writeTrainedIntent(written), 'intent.safetensors');
  expect(read).toMatchObject({ names, encoder: 'abc', dimensions: WIDTH });
  expect(read.sha256).toMatch(/^[0-9a-f]{64}$/);
  for (const vector of [...clouds(4, 3, 0.5, 9).vectors, ...strangers(3, 5)]) {
    expect(judgeIntent(read.head, vector)).toEqual(judgeIntent(written.head, vector));
  }
});

test('an adapter is read as it was written', () => {
  const adapter = [
    { name: 'layers.3.out.lora_a', shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) },
    { name: 'layers.3.out.lora_b', shape: [4, 2], values: Float32Array.from({ length: 8 }, Math.cos) },
  ];
  const read = readTrainedIntent(writeTrainedIntent({ ...trained(), adapter }), 'intent.safetensors');
  expect(read.adapter).toEqual(adapter);
  expect(read.head).toEqual(trained().head);
  expect(readTrainedIntent(writeTrainedIntent(trained()), 'intent.safetensors').adapter).toBeNull();
});

test('the same head gives the same file', () => {
  expect(writeTrainedIntent(trained())).toEqual(writeTrainedIntent(trained()));
});

describe('a file that is not what was written is refused, and says so', () => {
  const bytes = writeTrainedIntent(trained());
  const read = (changed: Uint8Array) => () => readTrainedIntent(changed, 'my/intent.safetensors');
  const withMetadata = (changes: Readonly<Record<string, string>>): Uint8Array =>
    writeSafetensors(
      readSafetensors(bytes).map(({ data, ...tensor }) => ({ ...tensor, bytes: data })),
      { ...readMetadata(bytes), ...changes },
    ).bytes;

  test('damaged', () => {
    const damaged = Uint8Array.from(bytes);
    damaged[bytes.length - 10] = (damaged[bytes.length - 10] ?? 0) ^ 1;
    expect(read(damaged)).toThrow(/^my\/intent.safetensors:1:1: .* it is damaged. Train them again.$/);
  });
  test.each([0, 7, 100, bytes.length - 1])('cut after %i bytes', (length) => {
    expect(read(bytes.subarray(0, length))).toThrow('These trained intents cannot be used');
  });
  test('another format', () => expect(read(withMetadata({ format: 'x' }))).toThrow('another version'));
  test.each([
    ['names', '[]'],
    ['names', '{"length":1}'],
    ['names', 'no'],
    ['dimensions', 'many'],
    ['head', '{}'],
    ['head', '{"head":{"$tensor":"nowhere"}}'],
  ])('%s: %s', (key, value) => {
    expect(read(withMetadata({ [key]: value }))).toThrow('These trained intents cannot be used');
  });
  test('fewer names than intents', () => {
    expect(read(withMetadata({ names: '["one"]' }))).toThrow('it has not a name for each intent');
  });
  test('made by mathematics that judges otherwise', () => {
    expect(read(withMetadata({ probe: '[0,0.5,0.123]' }))).toThrow('another version of tiergate');
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Encoder } from '../../../src/engine/encoder.ts';
import { createNativeEncoder } from '../../../src/engine/native/native-encoder.ts';
import { createRandom, TRIAL_CONFIG, trialTensors } from '../../../src/engine/native/trial-model.ts';
import { cosine, describeEncoder } from '../encoder.common.ts';
import { TINY_VOCABULARY_SIZE, type TinyPack, writeTinyPack } from '../tiny-model.ts';
import { nativeBinary } from './native.common.ts';

const modelFolder = fileURLToPath(new URL('../../../models/tiergate-small-int4', import.meta.url));

describeEncoder('native encoder', async ({ queueMax }) =>
  createNativeEncoder({ modelFolder, queueMax, threads: 1, binary: await nativeBinary() }),
);
describeEncoder(
  'native encoder with threads',
  async ({ queueMax }) =>
    createNativeEncoder({ modelFolder, queueMax, threads: 3, binary: await nativeBinary() }),
  3,
);

describe('native encoder with the shipped pack', () => {
  // Cosines as the tuned weights give them in float32.
  test('sees the likenesses that the original model sees', async () => {
    const binary = await nativeBinary();
    const encoder = await createNativeEncoder({ modelFolder, queueMax: 8, threads: 1, binary });
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
});

describe('native encoder with a tiny pack', () => {
  let folder: string;
  const open: Encoder[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tiergate-tiny-'));
  });
  afterEach(async () => {
    for (const encoder of open.splice(0)) await encoder.close();
    await rm(folder, { recursive: true });
  });
  async function tiny(pack: TinyPack = {}, options: { threads?: number; queueMax?: number } = {}) {
    await writeTinyPack(folder, pack);
    const encoder = await createNativeEncoder({
      modelFolder: folder,
      queueMax: 8,
      threads: 1,
      binary: { ...(await nativeBinary()), kernel: 'portable' },
      ...options,
    });
    open.push(encoder);
    return encoder;
  }

  test('says what it runs on', async () => {
    const encoder = await tiny();
    expect([encoder.engine, encoder.dimensions]).toEqual(['native portable', 64]);
  });

  test.each([
    [
      'pre-norm, gated, rotary, with local layers',
      {
        norm: 'pre',
        activation: 'geglu',
        positions: 'rotary',
        rope_theta_global: 160_000,
        rope_theta_local: 10_000,
        local_window: 8,
        global_every: 2,
        layers: 4,
      },
    ],
    ['of the first token', {}],
  ] as const)('reads a model %s', async (what, config) => {
    const encoder = await tiny({ config, pooling: what === 'of the first token' ? 'cls' : 'mean' });
    const [short, long] = await encoder.embedAll(['a b', 'a b c d '.repeat(40)]);
    expect([short?.windows, long?.windows]).toEqual([1, 2]);
    expect(cosine(short?.vector ?? new Float32Array(), short?.vector ?? new Float32Array())).toBeCloseTo(
      1,
      5,
    );
  });

  test('learns in lots of any size, over all its threads, and gives what each text gives alone', async () => {
    const encoder = await tiny({}, { threads: 3 });
    const random = createRandom(5);
    const letters = 'abcdefghijklmnopqrstuvwxyz   ';
    const texts = Array.from({ length: 120 }, () =>
      Array.from(
        { length: Math.floor(random() * 500) },
        () => letters[Math.floor(random() * letters.length)],
      ).join(''),
    );
    const learned = await encoder.embedAll(texts);
    for (const [at, text] of texts.entries()) {
      const { vector, ...rest } = await encoder.embed(text);
      expect(Array.from(vector)).toEqual(Array.from(learned[at]?.vector ?? []));
      expect(learned[at]).toMatchObject(rest);
    }
  });

  test('a text that its caller gave up makes room for others', async () => {
    const encoder = await tiny({ config: { layers: 40 } }, { queueMax: 2 });
    const abort = new AbortController();
    const given = encoder.embed('a'.repeat(90), abort.signal).catch((error: Error) => error.name);
    await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    expect(await given).toBe('AbortError');
    expect((await encoder.embed('b')).tokens).toBe(1);
  });

  const without = (name: string) => trialTensors(config()).filter((tensor) => tensor.name !== name);
  test.each<[string, TinyPack, string]>([
    ['a missing tensor', { tensors: without('layers.1.down.unit') }, 'layers.1.down.unit'],
    ['another architecture', { config: { layers: 3 }, tensors: trialTensors(config()) }, 'layers.2.qkv'],
    [
      'heads without weights',
      { heads: [{ name: 'mood', kind: 'token', labels: ['x'] }] },
      'heads.mood.weight',
    ],
    ['an absurd size', { config: { vocabulary: 2_000_000_000 }, tensors: [] }, 'vocabulary'],
    ['NaN among the weights', { tensors: spoiled('embeddings.norm.weight') }, 'embeddings.norm.weight'],
    ['scales that fit no unit', { tensors: spoiled('layers.0.qkv.scale') }, 'layers.0.qkv.scale'],
  ])('%s: it does not start, and says why', async (_, pack, words) => {
    const started = tiny(pack);
    await expect(started).rejects.toThrow(`The model pack ${folder} cannot be used: `);
    await expect(started).rejects.toThrow(words);
  });
});

function config() {
  return { ...TRIAL_CONFIG, vocabulary: TINY_VOCABULARY_SIZE };
}

/** All tensors, one of them full of bytes that make NaN. */
function spoiled(name: string) {
  return trialTensors(config()).map((tensor) =>
    tensor.name === name ? { ...tensor, data: new Uint8Array(tensor.data.length).fill(0xff) } : tensor,
  );
}

/** Adapters in the native engine and behind the queue: what they compute, and that they disturb nobody. When they go: life.test.ts. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AdapterTensor, AdapterTensors, Encoder } from '../../../src/engine/encoder.ts';
import { startNativeEngine } from '../../../src/engine/native/native-engine.ts';
import { TRIAL_CONFIG } from '../../../src/engine/native/trial-model.ts';
import { readLayerWeights } from '../../../src/engine/pack/layer-weights.ts';
import { loadModelPack, type ModelPack } from '../../../src/engine/pack/manifest.ts';
import { createQueuedEncoder } from '../../../src/engine/queued-encoder.ts';
import { writeTinyPack } from '../tiny-model.ts';
import { adapterOf, engineOptions, nativeBinary } from './native.common.ts';
import { cosineOf, dot, throughLayer } from './plain-layer.ts';

const { hidden, intermediate, layers } = TRIAL_CONFIG;

let folder: string;
let pack: ModelPack;
let encoder: Encoder;
let adapt: (adapter: AdapterTensors) => Encoder;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tiergate-adapter-'));
  await writeTinyPack(folder);
  pack = await loadModelPack(folder);
  const engine = startNativeEngine(await nativeBinary(), pack, 2);
  encoder = await createQueuedEncoder(async () => engine, 64);
  const { withAdapter } = encoder;
  if (withAdapter === undefined) throw new Error('The native engine takes adapters.');
  adapt = withAdapter;
});
afterAll(async () => {
  await encoder.close();
  await rm(folder, { recursive: true });
});
const vectorOf = async (of: Encoder, text: string) => (await of.embed(text)).vector;

const TEXT = 'where is my parcel 19';

describe('an adapted encoder', () => {
  test('computes y = W x + b + B (A x)', async () => {
    const adapter = adapterOf();
    const values = new Map(adapter.map((tensor) => [tensor.name, tensor.values]));
    const engine = startNativeEngine(await nativeBinary(), pack, 1);
    const { values: embeddings, lengths } = await engine.statesBefore(0, [TEXT], 64);
    await engine.close();
    let states: readonly (readonly number[])[] = Array.from({ length: lengths[0] ?? 0 }, (_, row) =>
      Array.from(embeddings.subarray(row * hidden, (row + 1) * hidden)),
    );
    for (let layer = 0; layer < layers; layer += 1) {
      states = throughLayer(states, readLayerWeights(pack, layer), pack.manifest.encoder, (part, input) => {
        const a = values.get(`layers.${layer}.${part}.lora_a`) ?? new Float32Array();
        const b = values.get(`layers.${layer}.${part}.lora_b`) ?? new Float32Array();
        const rank = a.length / input.length;
        const narrow = Array.from({ length: rank }, (_, r) => dot(input, a.subarray(r * input.length)));
        return Array.from({ length: b.length / rank }, (_, n) => dot(narrow, b.subarray(n * rank)));
      });
    }
    const meant = Array.from({ length: hidden }, (_, k) =>
      states.reduce((sum, row) => sum + (row[k] ?? 0), 0),
    );
    expect(cosineOf(await vectorOf(adapt(adapter), TEXT), meant)).toBeGreaterThan(0.999);
    expect(cosineOf(await vectorOf(encoder, TEXT), meant)).toBeLessThan(0.98);
  });

  test('whose B is zeros makes the same vectors, to the bit', async () => {
    const zeros = adapt(adapterOf({ strength: 0 }));
    expect(await vectorOf(zeros, TEXT)).toEqual(await vectorOf(encoder, TEXT));
    expect(zeros.revision).not.toBe(encoder.revision);
  });

  test('has a revision of its own, by its tensors in any order', () => {
    const adapter = adapterOf({ seed: 3 });
    const { revision } = adapt(adapter);
    expect(revision).toMatch(/^[0-9a-f]{12}$/);
    expect(adapt(adapter.toReversed()).revision).toBe(revision);
    expect(adapt(adapterOf({ seed: 4 })).revision).not.toBe(revision);
    expect(adapt([]).revision).not.toBe(revision);
  });

  test('makes of many texts what it makes of each', async () => {
    const adapted = adapt(adapterOf({ seed: 5 }));
    const texts = Array.from({ length: 30 }, (_, at) => 'ab '.repeat(at + 1));
    const together = await adapted.embedAll(texts);
    for (const [at, text] of texts.entries())
      expect(together[at]?.vector).toEqual(await vectorOf(adapted, text));
  });
});

describe('side by side', () => {
  test('adapters and none keep apart, while others come and go', async () => {
    const seeds = [11, 12, 13];
    const adapted = seeds.map((seed) => adapt(adapterOf({ seed })));
    const all = [encoder, ...adapted];
    const meant = await Promise.all(all.map((each) => vectorOf(each, TEXT)));
    expect(new Set(meant.map(String)).size).toBe(all.length);
    const rounds = Array.from({ length: 60 }, async (_, at) => {
      const passing = adapt(adapterOf({ seed: 100 + at, rank: 1 + (at % 64) }));
      const gone = passing.embed(TEXT).catch((error: Error) => error.message);
      if (at % 2 === 0) await passing.close();
      const which = at % all.length;
      const lot = await (all[which] ?? encoder).embedAll([TEXT, 'x', TEXT]);
      expect(lot[0]?.vector).toEqual(meant[which]);
      expect(lot[2]?.vector).toEqual(meant[which]);
      await gone;
    });
    await Promise.all(rounds);
  });

  test('closing one fails what waits for it, and nothing else', async () => {
    const [one, other] = [adapt(adapterOf({ seed: 21 })), adapt(adapterOf({ seed: 22 }))];
    const texts = new Array(200).fill('a b c d e f g h');
    const lost = one.embedAll(texts);
    const kept = other.embedAll(texts);
    await one.close();
    await expect(lost).rejects.toThrow('closed');
    await expect(one.embed('x')).rejects.toThrow('closed');
    await expect(one.embedAll(['x'])).rejects.toThrow('closed');
    await one.close();
    expect(await kept).toHaveLength(200);
    expect(await vectorOf(encoder, 'x')).toHaveLength(hidden);
  });
});

describe('loading', () => {
  test.each<[string, (tensors: AdapterTensor[]) => AdapterTensors, string]>([
    ['half of a pair', (all) => all.slice(1), 'layers.0.qkv.lora_a is missing'],
    [
      'a matrix that is not there',
      ([first, ...rest]) => [{ ...first, name: 'layers.9.qkv.lora_a' } as AdapterTensor, ...rest],
      'layers.0.qkv.lora_a is missing',
    ],
    [
      'a layer that is not there',
      (all) => [...all, { name: 'layers.2.up.lora_a', shape: [1, hidden], values: new Float32Array(hidden) }],
      'layers.2.up.lora_a is no part',
    ],
    [
      'another width',
      () =>
        adapterOf().map((each) =>
          each.name === 'layers.1.down.lora_a'
            ? { ...each, shape: [8, hidden], values: new Float32Array(8 * hidden) }
            : each,
        ),
      'layers.1.down.lora_a has not',
    ],
    [
      'two ranks in a pair',
      () =>
        adapterOf().map((each) =>
          each.name === 'layers.1.up.lora_b'
            ? { ...each, shape: [intermediate, 4], values: new Float32Array(4 * intermediate) }
            : each,
        ),
      'layers.1.up.lora_b has not',
    ],
    [
      'values that are fewer than the shape says',
      () => adapterOf().map((each) => ({ ...each, values: each.values.subarray(1) })),
      'layers.0.qkv.lora_a has not',
    ],
    [
      'what is no number',
      () =>
        adapterOf().map((each) =>
          each.name === 'layers.0.out.lora_b' ? { ...each, values: each.values.map(() => Number.NaN) } : each,
        ),
      'layers.0.out.lora_b holds',
    ],
    ['a rank of 65', () => adapterOf({ rank: 65 }), 'layers.0.qkv.lora_a must have from 1 to 64 rows'],
  ])('refuses %s by name', (_what, change, words) => {
    expect(() => adapt(change(adapterOf()))).toThrow(words);
  });

  test('refuses adapters of another engine, also of one that is gone', async () => {
    const { addon } = await nativeBinary();
    const [one, other] = [addon.createEngine(engineOptions()), addon.createEngine(engineOptions())];
    const adapter = one.loadAdapter({ tensors: [] });
    one.close();
    expect(() => one.loadAdapter({ tensors: [] })).toThrow('the engine is closed');
    const encode = () => other.encode(Int32Array.of(1), Int32Array.of(1), 1, 0, adapter, () => undefined);
    expect(encode).toThrow('one that this engine has loaded');
    other.close();
  });

  test('takes an engine that its own tensors close for closed', async () => {
    const { addon } = await nativeBinary();
    const engine = addon.createEngine(engineOptions());
    const tensors = [
      {
        dtype: 'F32' as const,
        shape: [1, 1],
        data: new Uint8Array(4),
        get name() {
          engine.close();
          return 'layers.0.qkv.lora_a';
        },
      },
    ];
    expect(() => engine.loadAdapter({ tensors })).toThrow('the engine is closed');
  });
});

/** The states between layers and the weights of a layer: one layer in plain arithmetic leads from some to the next. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type NativeTextEngine, startNativeEngine } from '../../../src/engine/native/native-engine.ts';
import { readLayerWeights } from '../../../src/engine/pack/layer-weights.ts';
import { loadModelPack, type ModelPack } from '../../../src/engine/pack/manifest.ts';
import { type TinyPack, writeTinyPack } from '../tiny-model.ts';
import { nativeBinary } from './native.common.ts';
import { cosineOf, throughLayer } from './plain-layer.ts';

let folder: string;
let engine: NativeTextEngine;
let pack: ModelPack;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tiergate-states-'));
});
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});
async function start(tiny: TinyPack = {}): Promise<void> {
  await writeTinyPack(folder, tiny);
  pack = await loadModelPack(folder);
  engine = startNativeEngine(await nativeBinary(), pack, 1);
}

/** Rows of each text. */
function rowsOf({ values, lengths }: { values: Float32Array; lengths: Int32Array }): number[][][] {
  const width = pack.manifest.dimensions;
  let row = 0;
  return Array.from(lengths, (length) =>
    Array.from({ length }, () => {
      row += 1;
      return Array.from(values.subarray((row - 1) * width, row * width));
    }),
  );
}

const TEXTS = ['where is my parcel', '', 'x', 'the invoice shows 19 percent twice'];

test('a layer takes the states before it to those before the next', async () => {
  await start({ config: { layers: 3 } });
  for (let layer = 0; layer < 3; layer += 1) {
    const before = rowsOf(await engine.statesBefore(layer, TEXTS, 64));
    const after = rowsOf(await engine.statesBefore(layer + 1, TEXTS, 64));
    const weights = readLayerWeights(pack, layer);
    for (const [text, states] of before.entries()) {
      const meant = throughLayer(states, weights, pack.manifest.encoder);
      for (const [row, values] of meant.entries()) {
        expect(cosineOf(values, after[text]?.[row] ?? [])).toBeGreaterThan(0.999);
      }
    }
  }
});

test('the states behind the last layer are what a vector is the mean of', async () => {
  await start();
  const states = rowsOf(await engine.statesBefore(2, TEXTS, 128));
  const embeddings = await engine.embed(TEXTS);
  for (const [text, rows] of states.entries()) {
    const sum = Array.from({ length: 64 }, (_, k) => rows.reduce((total, row) => total + (row[k] ?? 0), 0));
    expect(cosineOf(sum, embeddings[text]?.vector ?? [])).toBeGreaterThan(0.999999);
  }
});

test('texts are cut at so many tokens, and read in many calls as in one', async () => {
  await start();
  const texts = Array.from({ length: 60 }, (_, at) => 'a'.repeat(at));
  const cut = await engine.statesBefore(1, texts, 40);
  expect(Array.from(cut.lengths)).toEqual(texts.map(({ length }) => Math.min(length, 38) + 2));
  const alone = await engine.statesBefore(1, texts.slice(-1), 40);
  expect(cut.values.slice(-alone.values.length)).toEqual(alone.values);
  expect(await engine.statesBefore(1, [], 40)).toEqual({
    values: new Float32Array(),
    lengths: new Int32Array(),
  });
});

test('what cannot be read is refused', async () => {
  await start();
  for (const layer of [-1, 3, 0.5, Number.NaN]) {
    await expect(engine.statesBefore(layer, ['a'], 16)).rejects.toThrow('There is no layer');
  }
  for (const tokens of [2, 129, 7.5]) {
    await expect(engine.statesBefore(1, ['a'], tokens)).rejects.toThrow('at once');
  }
  const reason = new Error('nobody waits');
  await expect(engine.statesBefore(1, ['a'], 16, AbortSignal.abort(reason))).rejects.toBe(reason);
  await engine.close();
  await expect(engine.statesBefore(1, ['a'], 16)).rejects.toThrow('closed');
});

test('weights of a layer that is not there are refused by name', async () => {
  await start();
  expect(() => readLayerWeights(pack, 2)).toThrow('layers.2.qkv.weight is missing');
  const wider = {
    ...pack,
    manifest: { ...pack.manifest, encoder: { ...pack.manifest.encoder, hidden: 96 } },
  };
  expect(() => readLayerWeights(wider, 0)).toThrow('layers.0.qkv.weight has not the shape');
});

import { availableParallelism } from 'node:os';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { AdapterTensors } from '../../../src/engine/encoder.ts';
import type { TimesTransposed } from '../../../src/engine/native/addon.ts';
import { findNative, type NativeBinary } from '../../../src/engine/native/binary.ts';
import { seededRandom } from '../../../src/statistics/random.ts';
import { AdaptedLayer, MATRICES } from '../../../src/train/adapter/adapted-layer.ts';
import { pooled } from '../../../src/train/adapter/class-scores.ts';
import { fitAdapter, stepsOf } from '../../../src/train/adapter/fit-adapter.ts';
import { fitAdapters } from '../../../src/train/adapter/fit-adapters.ts';
import { smallTask } from './small-top.ts';
import { timesTransposed } from './times-transposed.ts';

const MESSAGES = 400;
const { top, states, labels } = smallTask(MESSAGES);
const { hidden } = top.shape;
/** Every fourth message is kept for the test. */
const learned = [...labels.keys()].filter((i) => i % 4 !== 0);
const kept = [...labels.keys()].filter((i) => i % 4 === 0);
const task = { top, states, labels, classes: 3, learned, seed: 2 };

/** Vectors of all messages, by the layers with an adapter. */
function vectorsOf(adapter: AdapterTensors): Float64Array[] {
  const layers = top.layers.map((weights, at) => {
    const settings = { rank: 8, dropout: 0 };
    const layer = new AdaptedLayer(weights, top.shape, settings, seededRandom(1), timesTransposed);
    for (const matrix of MATRICES) {
      const find = (part: string): Float32Array | undefined =>
        adapter.find(({ name }) => name === `layers.${top.firstLayer + at}.${matrix}.${part}`)?.values;
      const { inner, outer } = layer.matrices[matrix];
      inner.values.set(find('lora_a') ?? inner.values);
      outer.values.set(find('lora_b') ?? outer.values);
    }
    return layer;
  });
  let { values } = states;
  for (const layer of layers) values = layer.forward(values, states.lengths, false);
  let first = 0;
  return [...states.lengths].map((length) => {
    first += length;
    return pooled(values, first - length, length, hidden).vector;
  });
}

/** Share of the kept messages that are nearest to the mean of their own class among the learned. */
function accuracyOf(adapter: AdapterTensors): number {
  const vectors = vectorsOf(adapter);
  const means = [0, 1, 2].map((label) => {
    const own = learned.filter((i) => labels[i] === label);
    return Float64Array.from({ length: hidden }, (_, d) =>
      own.reduce((sum, i) => sum + (vectors[i]?.[d] ?? 0) / own.length, 0),
    );
  });
  const right = kept.filter((i) => {
    const distances = means.map((mean) =>
      mean.reduce((sum, value, d) => sum + (value - (vectors[i]?.[d] ?? 0)) ** 2, 0),
    );
    return distances.indexOf(Math.min(...distances)) === labels[i];
  });
  return right.length / kept.length;
}

let binary: NativeBinary;
let times: TimesTransposed;
let adapter: AdapterTensors;
beforeAll(async () => {
  binary = await findNative({ kernel: '', trialsFile: null });
  times = binary.addon.timesTransposedOn(binary);
  adapter = fitAdapter({ ...task, times });
}, 60_000);

describe('an adapter', () => {
  test('tells messages it has not seen better than the layers alone', () => {
    expect(accuracyOf(adapter)).toBeGreaterThan(accuracyOf([]) + 0.1);
  });
  test('has two matrices for each of the layers’ four, under the names that the engine takes', () => {
    expect(adapter.map(({ name }) => name).slice(0, 2)).toEqual([
      'layers.4.qkv.lora_a',
      'layers.4.qkv.lora_b',
    ]);
    expect(adapter).toHaveLength(16);
    for (const { shape, values } of adapter) expect(values).toHaveLength(shape.reduce((a, b) => a * b));
  });
  test('is the same for the same seed, and another for another', () => {
    expect(fitAdapter({ ...task, times })).toEqual(adapter);
    expect(fitAdapter({ ...task, seed: 3, times })).not.toEqual(adapter);
  });
});

describe('several adapters at once', () => {
  const options = () => ({
    ...task,
    addonFile: binary.file,
    kernel: binary.kernel,
    threads: availableParallelism(),
  });

  test('are each as if it were alone', async () => {
    const half = learned.filter((_, i) => i % 2 === 0);
    const steps: string[] = [];
    const onStep = (done: number, total: number): void => void steps.push(`${done}/${total}`);
    const made = await fitAdapters({ ...options(), learnedBy: [learned, half], onStep });
    const total = stepsOf(learned.length) + stepsOf(half.length);
    expect(steps.at(-1)).toBe(`${total}/${total}`);
    expect(made).toEqual([adapter, fitAdapter({ ...task, learned: half, times })]);
  }, 60_000);
  test('fail as one, with the reason', async () => {
    const made = fitAdapters({ ...options(), addonFile: '/nowhere.node', learnedBy: [learned, learned] });
    await expect(made).rejects.toThrow('The learning of an adapter failed: /nowhere.node');
  });
});

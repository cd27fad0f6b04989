import { Worker } from 'node:worker_threads';
import { describe, expect, test } from '@jest/globals';
import {
  DATA_TYPE,
  dims,
  floatTensor,
  type Model,
  node,
  readModel,
  type ValueInfo,
  writeModel,
} from '../../../src/quantize/onnx-format.ts';
import { quantize } from './dynamic-int8.ts';

const ROWS = 1100;
const WIDTH = 64;
const TOKENS = 7;

/** Numbers in -1..1 that look random and never change (a linear congruential generator). */
function noise(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 2_147_483_648 - 1;
  });
}

const info = (name: string, elemType: number, shape: number[]): ValueInfo => ({
  name,
  type: { tensorType: { elemType, shape: { dim: shape.map((dimValue) => ({ dimValue })) } } },
});

/** A lookup, two matrices that read the same value, their sum, and a bias: what an encoder is made of. */
function tinyModel(): Model {
  return {
    irVersion: 6,
    producerName: 'test',
    producerVersion: '1',
    opsetImport: [{ domain: '', version: 11 }],
    graph: {
      name: 'tiny',
      input: [info('ids', DATA_TYPE.int64, [TOKENS])],
      output: [info('out', DATA_TYPE.float, [TOKENS, WIDTH])],
      initializer: [
        floatTensor('table', [ROWS, WIDTH], noise(ROWS * WIDTH, 1)),
        floatTensor('left', [WIDTH, WIDTH], noise(WIDTH * WIDTH, 2)),
        floatTensor('right', [WIDTH, WIDTH], noise(WIDTH * WIDTH, 3)),
        floatTensor('bias', [WIDTH], noise(WIDTH, 4)),
      ],
      node: [
        node('Gather', 'lookup', ['table', 'ids'], ['x']),
        node('MatMul', 'a', ['x', 'left'], ['xa']),
        node('MatMul', 'b', ['x', 'right'], ['xb']),
        node('Add', 'sum', ['xa', 'xb'], ['xab']),
        node('Add', 'shift', ['bias', 'xab'], ['out']),
      ],
    },
  };
}

function run(model: Model): Promise<Float32Array> {
  const ids = BigInt64Array.from({ length: TOKENS }, (_, at) => BigInt((at * 397) % ROWS));
  const worker = new Worker(new URL('./run-onnx.worker.ts', import.meta.url), {
    workerData: {
      model: writeModel(model),
      inputs: [{ name: 'ids', type: 'int64', values: ids, shape: [TOKENS] }],
    },
  });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

describe('quantize', () => {
  test('the quantized model runs in onnxruntime and agrees with the original', async () => {
    const [exact, rough] = await Promise.all([run(tinyModel()), run(quantize(tinyModel()))]);
    expect(rough).toHaveLength(exact.length);
    const error = Math.hypot(...exact.map((value, at) => value - (rough[at] ?? 0)));
    expect(error / Math.hypot(...exact)).toBeLessThan(0.015);
    // Not equal either: otherwise nothing was quantized.
    expect(error).toBeGreaterThan(0);
  });

  test('weights become int8 within -64 to 64, tables int8, vectors stay float; the source is untouched', () => {
    const model = tinyModel();
    const before = Buffer.from(writeModel(model));
    const { initializer } = quantize(model).graph;
    expect(Buffer.from(writeModel(model)).equals(before)).toBe(true);
    const byName = Object.fromEntries(initializer.map((tensor) => [tensor.name, tensor]));
    expect(Object.keys(byName).sort()).toEqual([
      'bias',
      'left_int8',
      'left_scale',
      'right_int8',
      'right_scale',
      'table_int8',
      'table_scale',
    ]);
    const levels = new Int8Array(Uint8Array.from(byName.left_int8?.rawData ?? []).buffer);
    expect(levels).toHaveLength(WIDTH * WIDTH);
    expect(Math.max(...levels.map(Math.abs))).toBe(64);
    expect(byName.table_scale && dims(byName.table_scale)).toEqual([ROWS, 1]);
  });

  test('a value that two matrices read is quantized once', () => {
    const operators = quantize(tinyModel()).graph.node.map(({ opType }) => opType);
    expect(operators.filter((operator) => operator === 'DynamicQuantizeLinear')).toHaveLength(1);
    expect(operators.filter((operator) => operator === 'MatMulInteger')).toHaveLength(2);
  });

  test('the same model gives the same bytes, and reads back as it was', () => {
    const bytes = Buffer.from(writeModel(quantize(tinyModel())));
    expect(Buffer.from(writeModel(quantize(tinyModel()))).equals(bytes)).toBe(true);
    expect(Buffer.from(writeModel(readModel(bytes))).equals(bytes)).toBe(true);
  });

  test('an all-zero column stays zero', async () => {
    const model = tinyModel();
    const zeros = floatTensor(
      'left',
      [WIDTH, WIDTH],
      noise(WIDTH * WIDTH, 2).map((value, at) => (at % WIDTH === 0 ? 0 : value)),
    );
    model.graph.initializer[1] = zeros;
    model.graph.initializer[2] = { ...zeros, name: 'right' };
    const out = await run(quantize(model));
    expect(out[0]).toBeCloseTo(noise(1, 4)[0] ?? 0, 6);
  });
});

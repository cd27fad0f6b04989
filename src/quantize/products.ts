/** Products of large matrices, by onnxruntime: a hundred times as fast as a loop in JavaScript. */
import { floatsIn, type OnnxRuns } from '../engine/onnx/onnx-runs.ts';
import { createGraph, FLOAT } from './graph.ts';
import { valueInfo } from './onnx-format.ts';

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

/** x · wᵀ */
export interface Factors {
  readonly x: Matrix;
  readonly w: Matrix;
}

export interface Products {
  /** aᵀ · b */
  inner(a: Matrix, b: Matrix): Promise<Float32Array>;
  /** How far x̂ · ŵᵀ is from x · wᵀ; a row of x counts by its weight. */
  compare(right: Factors, rounded: Factors, weights: Float32Array): Promise<Difference>;
}

export interface Difference {
  /** What is missing in the mean, for every row of w: a bias can make it good. */
  readonly missing: Float32Array;
  /** Sum of squares of the difference, once its mean is made good. */
  readonly error: number;
  /** Sum of squares of x · wᵀ. Both sums are weighted. */
  readonly power: number;
}

export async function createProducts(runs: OnnxRuns): Promise<Products> {
  const innerModel = await runs.load(innerGraph());
  const compareModel = await runs.load(compareGraph());
  const value = ({ rows, columns, data }: Matrix) => ({ shape: [rows, columns], data });
  return {
    async inner(a, b) {
      return floatsIn(await innerModel.run({ a: value(a), b: value(b) }), 'result');
    },
    async compare(right, rounded, weights) {
      const outputs = await compareModel.run({
        x: value(right.x),
        w: value(right.w),
        xr: value(rounded.x),
        wr: value(rounded.w),
        weights: { shape: [weights.length, 1], data: weights },
      });
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const mean = floatsIn(outputs, 'missing').map((sum) => sum / total);
      const made = mean.reduce((sum, each) => sum + each * each, 0) * total;
      return {
        missing: mean,
        error: Math.max(0, (floatsIn(outputs, 'error')[0] ?? 0) - made),
        power: floatsIn(outputs, 'power')[0] ?? 0,
      };
    },
  };
}

function innerGraph(): Uint8Array {
  const graph = createGraph();
  const product = graph.add('MatMul', [graph.add('Transpose', ['a'], { perm: [1, 0] }), 'b']);
  return graph.finish([valueInfo('a', FLOAT, ['t', 'm']), valueInfo('b', FLOAT, ['t', 'n'])], {
    [product]: valueInfo('result', FLOAT, ['m', 'n']),
  });
}

function compareGraph(): Uint8Array {
  const graph = createGraph();
  const times = (x: string, w: string) =>
    graph.add('MatMul', [x, graph.add('Transpose', [w], { perm: [1, 0] })]);
  const right = times('x', 'w');
  const difference = graph.add('Sub', [right, times('xr', 'wr')]);
  const weighted = (of: string) => graph.add('Mul', [of, 'weights']);
  const squares = (of: string) =>
    graph.add('ReduceSum', [graph.add('Mul', [weighted(of), of])], { keepdims: 0 });
  return graph.finish(
    [
      valueInfo('x', FLOAT, ['t', 'k']),
      valueInfo('w', FLOAT, ['n', 'k']),
      valueInfo('xr', FLOAT, ['t', 'k']),
      valueInfo('wr', FLOAT, ['n', 'k']),
      valueInfo('weights', FLOAT, ['t', 1]),
    ],
    {
      [squares(difference)]: valueInfo('error', FLOAT, []),
      [squares(right)]: valueInfo('power', FLOAT, []),
      [graph.add('ReduceSum', [weighted(difference), graph.whole(0)], { keepdims: 0 })]: valueInfo(
        'missing',
        FLOAT,
        ['n'],
      ),
    },
  );
}

/**
 * Activation-aware scaling: columns with strong inputs get larger weights, which few levels then hold more exactly, and
 * their inputs become smaller by as much, so that rounding a token to int8 costs its other numbers less. The first is
 * AWQ (Lin et al. 2023, arXiv:2306.00978), the second SmoothQuant (Xiao et al. 2022, arXiv:2211.10438); how far to go is
 * searched for, for every matrix, by the error of its output.
 */
import { roundMatrix, withoutFeedback } from './error-feedback.ts';
import { roundActivations } from './native-arithmetic.ts';
import type { Matrix, Products } from './products.ts';
import { dequantize, type Scheme } from './quantized-linear.ts';

// A name of the module's own: in a test runner's sandbox, globals are slow to look up.
const { abs, exp, floor, log, max, sqrt } = Math;

/** Exponents that are tried; and, for each, the measure of a column's strength. */
const EXPONENTS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
/** A search looks at this many tokens and rows of the matrix, evenly spread. */
const TOKENS_MAX = 768;
const ROWS_MAX = 192;
/** Scaling must take this share off the error to be worth a multiplication at run time. */
const GAIN_MIN = 0.02;
/** Keeps a column that is always zero from an infinite scale; share of the mean strength. */
const STRENGTH_MIN = 1e-3;

/** @returns what to multiply the matrix's input by, or null when nothing is better @param inputs [tokens, columns] */
export async function searchSmoothing(
  weights: Matrix,
  inputs: Matrix,
  tokenWeights: Float32Array,
  scheme: Scheme,
  products: Products,
): Promise<Float32Array | null> {
  const x = everyNth(inputs, TOKENS_MAX);
  const counts = everyNth({ rows: inputs.rows, columns: 1, data: tokenWeights }, TOKENS_MAX).data;
  const task: Task = { x, w: everyNth(weights, ROWS_MAX), counts, scheme, products };
  const strengths = [rootMeanSquares(x, counts), largestIn(x)];
  let best: { smooth: Float32Array | null; error: number } = {
    smooth: null,
    error: (1 - GAIN_MIN) * (await errorWith(null, task)),
  };
  for (const strength of strengths) {
    for (const exponent of EXPONENTS) {
      const smooth = scalesFor(strength, exponent);
      const error = await errorWith(smooth, task);
      if (error < best.error) best = { smooth, error };
    }
  }
  return best.smooth;
}

interface Task {
  readonly x: Matrix;
  readonly w: Matrix;
  /** How much each token's error counts. */
  readonly counts: Float32Array;
  readonly scheme: Scheme;
  readonly products: Products;
}

async function errorWith(smooth: Float32Array | null, task: Task): Promise<number> {
  const { x, w, counts, scheme, products } = task;
  const rounded = roundActivations(x, smooth);
  const feedback = withoutFeedback(sumOfSquares(rounded, counts));
  const found = roundMatrix(divideColumns(w, smooth).data, feedback, scheme);
  const stored = { ...w, data: dequantize({ ...found, smooth: null, bias: null }) };
  return (await products.compare({ x, w }, { x: rounded, w: stored }, counts)).error;
}

function sumOfSquares({ columns, data }: Matrix, counts: Float32Array): Float64Array {
  const sums = new Float64Array(columns);
  for (let at = 0; at < data.length; at += 1) {
    const count = counts[floor(at / columns)] as number;
    sums[at % columns] = (sums[at % columns] as number) + count * (data[at] as number) ** 2;
  }
  return sums;
}

/** The weights that go with inputs multiplied by `smooth`. */
export function divideColumns(weights: Matrix, smooth: Float32Array | null): Matrix {
  if (smooth === null) return weights;
  const { columns } = weights;
  return {
    ...weights,
    data: weights.data.map((value, at) => value / (smooth[at % columns] as number)),
  };
}

function rootMeanSquares(x: Matrix, counts: Float32Array): Float64Array {
  return sumOfSquares(x, counts).map((sum) => sqrt(sum / x.rows));
}

function largestIn({ columns, data }: Matrix): Float64Array {
  const most = new Float64Array(columns);
  for (let at = 0; at < data.length; at += 1) {
    most[at % columns] = max(most[at % columns] as number, abs(data[at] as number));
  }
  return most;
}

/** strength^-exponent, around 1 in the geometric mean: no number gets out of hand. */
function scalesFor(strength: Float64Array, exponent: number): Float32Array {
  const mean = strength.reduce((sum, value) => sum + value, 0) / strength.length;
  const logs = strength.map((value) => -exponent * log(max(value, STRENGTH_MIN * mean, 1e-30)));
  const centre = logs.reduce((sum, value) => sum + value, 0) / logs.length;
  return Float32Array.from(logs, (value) => exp(value - centre));
}

function everyNth(matrix: Matrix, rowsMax: number): Matrix {
  const { columns, data } = matrix;
  if (matrix.rows <= rowsMax) return matrix;
  const chosen = new Float32Array(rowsMax * columns);
  for (let row = 0; row < rowsMax; row += 1) {
    const from = floor((row * matrix.rows) / rowsMax) * columns;
    chosen.set(data.subarray(from, from + columns), row * columns);
  }
  return { rows: rowsMax, columns, data: chosen };
}

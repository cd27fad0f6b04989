/** Quantizes one matrix so that its outputs, on the calibration texts, stay as near as can be to the original's. */
import { learnFeedback, roundMatrix } from './error-feedback.ts';
import { roundActivations } from './native-arithmetic.ts';
import type { Matrix, Products } from './products.ts';
import { dequantize, type QuantizedLinear, type Scheme } from './quantized-linear.ts';
import { divideColumns, searchSmoothing } from './smooth.ts';

export interface LinearTask {
  /** [rows, columns] */
  readonly weights: Matrix;
  readonly bias: Float32Array | null;
  /** What the original gets, [tokens, columns]; and what the quantized model gets in its place. */
  readonly original: Matrix;
  readonly inputs: Matrix;
  /** How much each token's error counts. */
  readonly tokenWeights: Float32Array;
}

export interface LinearResult {
  readonly linear: QuantizedLinear;
  /** Length of the output's error over that of the output, on the calibration texts; 0.1 is a tenth. */
  readonly error: number;
}

/** The same task always gives the same result. */
export async function quantizeLinear(
  task: LinearTask,
  scheme: Scheme,
  products: Products,
): Promise<LinearResult> {
  const { weights, bias, original, inputs, tokenWeights } = task;
  const smooth = await searchSmoothing(weights, inputs, tokenWeights, scheme, products);
  const rounded = roundActivations(inputs, smooth);
  const weighted = multiplyRows(rounded, tokenWeights);
  const moments = await products.inner(weighted, rounded);
  const found = roundMatrix(
    divideColumns(weights, smooth).data,
    learnFeedback(moments, weights.columns),
    scheme,
  );
  const plain: QuantizedLinear = { ...found, smooth, bias: null };
  const stored = { ...weights, data: dequantize(plain) };
  const { missing, error, power } = await products.compare(
    { x: original, w: weights },
    { x: rounded, w: stored },
    tokenWeights,
  );
  const corrected = bias?.map((value, row) => value + (missing[row] as number)) ?? null;
  return { linear: { ...plain, bias: corrected }, error: Math.sqrt(error / power) };
}

function multiplyRows({ rows, columns, data }: Matrix, factors: Float32Array): Matrix {
  return {
    rows,
    columns,
    data: data.map((value, at) => value * (factors[Math.floor(at / columns)] as number)),
  };
}

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BLOCK } from '../../src/quantize/encoder-model.ts';
import { learnFeedback, roundMatrix, withoutFeedback } from '../../src/quantize/error-feedback.ts';
import { dequantize, SCHEMES, type Scheme, scalesOf } from '../../src/quantize/quantized-linear.ts';
import { noise } from './random-model.ts';

const SCHEME_NAMES = Object.keys(SCHEMES) as Scheme[];

/** Σ x·xᵀ of inputs that go together: few sources, mixed, and a little of their own. */
function mixedInputs(columns: number, rows: number): { inputs: Float32Array; moments: Float64Array } {
  const sources = noise(rows * 8, 11);
  const mix = noise(8 * columns, 12);
  const own = noise(rows * columns, 13, 0.3);
  const inputs = own.map((value, at) => {
    const row = Math.floor(at / columns);
    const column = at % columns;
    return Array.from({ length: 8 }, (_, s) => sources[row * 8 + s]! * mix[s * columns + column]!).reduce(
      (sum, each) => sum + each,
      value,
    );
  });
  const moments = new Float64Array(columns * columns);
  for (let row = 0; row < rows; row += 1) {
    for (let i = 0; i < columns; i += 1) {
      for (let j = 0; j < columns; j += 1) {
        moments[i * columns + j] =
          moments[i * columns + j]! + inputs[row * columns + i]! * inputs[row * columns + j]!;
      }
    }
  }
  return { inputs, moments };
}

/** Squared error of the outputs on the inputs. */
function outputError(
  inputs: Float32Array,
  weights: Float32Array,
  stored: Float32Array,
  columns: number,
): number {
  let error = 0;
  for (let from = 0; from < inputs.length; from += columns) {
    for (let row = 0; row < weights.length; row += columns) {
      let sum = 0;
      for (let k = 0; k < columns; k += 1) {
        sum += inputs[from + k]! * (weights[row + k]! - stored[row + k]!);
      }
      error += sum * sum;
    }
  }
  return error;
}

const plain = { smooth: null, bias: null };

describe.each(SCHEME_NAMES)('%s', (scheme) => {
  const { levelMin, levelMax, stepMax } = SCHEMES[scheme];

  test('levels and steps are within their bounds, and a scale is unit times step, whatever the weights', () => {
    const weight = fc.oneof(
      fc.float({ noNaN: true, noDefaultInfinity: true, min: -100, max: 100 }),
      fc.constantFrom(0, 1e-30, -1e-30, 1e6, -1e6),
    );
    fc.assert(
      fc.property(fc.array(weight, { minLength: 2 * BLOCK, maxLength: 2 * BLOCK }), (weights) => {
        const cost = new Float64Array(2 * BLOCK).fill(1);
        const linear = {
          ...roundMatrix(Float32Array.from(weights), withoutFeedback(cost), scheme),
          ...plain,
        };
        expect(linear.levels.every((level) => level >= levelMin && level <= levelMax)).toBe(true);
        expect(linear.steps.every((step) => step >= 1 && step <= stepMax)).toBe(true);
        expect(linear.unit.every((unit) => unit > 0 && Number.isFinite(unit))).toBe(true);
        const products = Array.from(linear.steps, (step) => Math.fround(linear.unit[0]! * step));
        expect([...scalesOf(linear)]).toEqual(products);
        expect(
          linear.levels.every((level, at) => Math.abs(level * linear.steps[Math.floor(at / BLOCK)]!) <= 128),
        ).toBe(true);
      }),
    );
  });

  test('where inputs go together, making errors good leaves less of them in the outputs', () => {
    const columns = 4 * BLOCK;
    const { inputs, moments } = mixedInputs(columns, 400);
    const weights = noise(12 * columns, 5);
    const stored = (feedback: ReturnType<typeof learnFeedback>) =>
      dequantize({ ...roundMatrix(weights, feedback, scheme), ...plain });
    const diagonal = Float64Array.from({ length: columns }, (_, k) => moments[k * columns + k]!);
    const nearest = outputError(inputs, weights, stored(withoutFeedback(diagonal)), columns);
    const made = outputError(inputs, weights, stored(learnFeedback(moments, columns)), columns);
    expect(made).toBeLessThan(0.6 * nearest);
  });
});

test('weights that levels can hold exactly stay as they are', () => {
  const columns = 2 * BLOCK;
  const levels = Float32Array.from({ length: columns }, (_, k) => (k % 16) - 8);
  const weights = levels.map((level, k) => level * (k < BLOCK ? 0.5 : 0.25));
  const { moments } = mixedInputs(columns, 300);
  for (const feedback of [
    learnFeedback(moments, columns),
    withoutFeedback(new Float64Array(columns).fill(1)),
  ]) {
    const linear = { ...roundMatrix(weights, feedback, 'int4'), ...plain };
    const stored = dequantize(linear);
    const error = Math.hypot(...weights.map((weight, k) => weight - stored[k]!)) / Math.hypot(...weights);
    expect(error).toBeLessThan(0.06);
  }
});

test('inputs that are always zero harm nothing', () => {
  const columns = BLOCK;
  const linear = {
    ...roundMatrix(noise(columns, 3), learnFeedback(new Float64Array(columns ** 2), columns), 'int4'),
    ...plain,
  };
  expect(dequantize(linear).every(Number.isFinite)).toBe(true);
});

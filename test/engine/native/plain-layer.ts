/** One layer of an encoder whose norms stand behind, in double precision: what the engine's is held to. */

import type { LayerWeights, LinearWeights, NormWeights } from '../../../src/engine/pack/layer-weights.ts';
import type { EncoderConfig } from '../../../src/engine/pack/manifest.ts';

type Row = readonly number[];
/** What is added to what a matrix makes of a row: nothing, or an adapter's share. */
export type Addition = (part: 'qkv' | 'out' | 'up' | 'down', input: Row) => Row;
const NOTHING: Addition = () => [];

/** @param states of one text */
export function throughLayer(
  states: readonly Row[],
  weights: LayerWeights,
  { heads, hidden, norm_epsilon: epsilon }: EncoderConfig,
  addition = NOTHING,
): Row[] {
  const linear = (part: 'qkv' | 'out' | 'up' | 'down', row: Row): Row =>
    add(times(weights[part], row), addition(part, row));
  const qkv = states.map((row) => linear('qkv', row));
  return states.map((row, at) => {
    const attended = linear('out', attend(qkv, at, heads, hidden));
    const middle = normalised(add(row, attended), weights.attentionNorm, epsilon);
    const inner = linear('up', middle).map((x) => 0.5 * x * (1 + erf(x / Math.SQRT2)));
    return normalised(add(middle, linear('down', inner)), weights.ffnNorm, epsilon);
  });
}

export const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);

/** Of rows of any length; a row of zeros has none. */
export const cosineOf = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));

/** An addition of nothing is a row of nothing. */
const add = (a: Row, b: Row): Row => a.map((value, at) => value + (b[at] ?? 0));

function times({ weight, bias }: LinearWeights, row: Row): Row {
  return Array.from(bias, (value, n) => value + dot(row, weight.subarray(n * row.length)));
}

function attend(qkv: readonly Row[], at: number, heads: number, hidden: number): Row {
  const width = hidden / heads;
  return Array.from({ length: heads }, (_, head) => {
    const part = (row: Row, which: number): Row => row.slice(which * hidden + head * width).slice(0, width);
    const query = part(qkv[at] ?? [], 0);
    const powers = qkv.map((row) => Math.exp(dot(query, part(row, 1)) / Math.sqrt(width)));
    const total = powers.reduce((sum, power) => sum + power, 0);
    return query.map(
      (_value, d) =>
        dot(
          powers,
          qkv.map((row) => part(row, 2)[d] ?? 0),
        ) / total,
    );
  }).flat();
}

function normalised(row: Row, { weight, bias }: NormWeights, epsilon: number): Row {
  const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
  const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
  return row.map(
    (value, k) => ((value - mean) / Math.sqrt(variance + epsilon)) * (weight[k] ?? 0) + (bias[k] ?? 0),
  );
}

/** By its series (Abramowitz and Stegun 7.1.6), which is exact enough up to 5. */
function erf(x: number): number {
  if (Math.abs(x) > 5) return Math.sign(x);
  let term = x;
  let total = x;
  for (let n = 1; n < 100; n += 1) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}

/**
 * The compute limit: the time that an encoder's operations take on this machine at the peak rate of its instructions.
 * Matrix products count at the peak of the int8 dot product; attention at that of the float32 multiply-add, and in
 * stricter limits at that of the bfloat16 or the int8 dot product. Softmax, GELU, normalisation and memory are free.
 */
import { execFileSync } from 'node:child_process';
import { compiled } from './compile.ts';

export type Operand = 'int8' | 'float32' | 'bfloat16';
/** What attention may be computed in, the mildest limit first. */
export const ATTENTION: readonly Operand[] = ['float32', 'bfloat16', 'int8'];
export interface Peak {
  /** The instructions. */
  readonly unit: string;
  readonly instructionSet: string;
  readonly operand: Operand;
  /** A multiplication and an addition are two. */
  readonly operationsPerS: number;
}
/** The share of a rate that two measurements of the same thing agree in. */
const NOISE = 0.99;

export interface Shape {
  readonly layers: number;
  readonly hidden: number;
  readonly intermediate: number;
}

/** Measures for some tens of milliseconds. @param threads that work at once; the figures are their sum */
export function measurePeaks(threads: number, cache: string): Peak[] {
  const program = compiled('peak.cc', ['-pthread'], cache);
  const lines = execFileSync(program, [String(threads)], { encoding: 'utf8' })
    .trim()
    .split('\n');
  return lines.map((line) => {
    const {
      unit,
      instruction_set: instructionSet,
      operand,
      operations_per_s: operationsPerS,
    } = JSON.parse(line);
    return { unit, instructionSet, operand, operationsPerS };
  });
}

/** The faster of two measurements of each unit: what slows a loop down is never the processor's own limit. */
export function faster(a: readonly Peak[], b: readonly Peak[]): Peak[] {
  return a.map((peak) => {
    const again = b.find(({ unit }) => unit === peak.unit);
    return again !== undefined && again.operationsPerS > peak.operationsPerS ? again : peak;
  });
}

/** The fastest; of those that are as fast as it but for noise, the first in the program's order. */
export function best(peaks: readonly Peak[], operand: Operand): Peak | undefined {
  const fitting = peaks.filter((peak) => peak.operand === operand);
  const fastest = Math.max(...fitting.map(({ operationsPerS }) => operationsPerS));
  return fitting.find(({ operationsPerS }) => operationsPerS >= NOISE * fastest);
}

/** @param operand what attention is computed in; @returns undefined where the processor has no such instruction */
export function limitMs(
  peaks: readonly Peak[],
  { layers, hidden, intermediate }: Shape,
  tokens: number,
  operand: Operand,
): number | undefined {
  const [products, attention] = [best(peaks, 'int8'), best(peaks, operand)];
  if (products === undefined || attention === undefined) return undefined;
  // Queries, keys and values; the projection after attention; up and down.
  const weights = hidden * 3 * hidden + hidden * hidden + 2 * hidden * intermediate;
  const productOperations = layers * 2 * tokens * weights;
  // Queries by keys and weights by values, over all heads.
  const attentionOperations = layers * 2 * 2 * tokens * tokens * hidden;
  return (
    1000 * (productOperations / products.operationsPerS + attentionOperations / attention.operationsPerS)
  );
}

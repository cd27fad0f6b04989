/**
 * Learns the difficulty head. Benchmarks differ in how hard they are by how they were made and marked more than by what
 * they ask, so each set has a bias of its own in the fit (a fixed effect), which is then thrown away: what is learned is
 * what makes one question harder than another of the same set, for that is what holds in a set never seen.
 */
import type { DifficultyHead } from '../../../src/classify/difficulty/difficulty-head.ts';
import { SURFACE_WIDTH, surfaceOf } from '../../../src/classify/difficulty/surface.ts';
import { dot } from '../../../src/statistics/vectors.ts';
import { dense, fitLogistic, type LogisticRow } from '../heads/logistic.ts';
import type { DifficultyRow } from './rows.ts';

/** Chosen by what was learned without a benchmark and judged on it. */
const PENALTY = 2e-3;
/** A set's own bias is a weight of so large a feature that the penalty hardly counts. */
const BIAS_UNIT = 10;

export interface DifficultyLesson {
  /** Without its encoder and labels. */
  readonly head: Omit<DifficultyHead, 'labels'>;
  /** The chance of each row, by what was learned without its fold. */
  readonly heldOut: readonly number[];
}

interface Point {
  readonly row: DifficultyRow;
  /** The vector, then the surface in units of its spread. */
  readonly values: Float64Array;
}

/** @param vectors of the rows */
export function learnDifficulty(
  rows: readonly DifficultyRow[],
  vectors: readonly Float32Array[],
): DifficultyLesson {
  const surfaces = rows.map(({ text }) => surfaceOf(text));
  const units = Array.from({ length: SURFACE_WIDTH }, (_, at) =>
    unitOf(surfaces.map((surface) => surface[at] as number)),
  );
  const points = rows.map((row, i): Point => {
    const surface = units.map(({ centre, spread }, at) => ((surfaces[i]?.[at] ?? 0) - centre) / spread);
    return { row, values: Float64Array.of(...(vectors[i] as Float32Array), ...surface) };
  });
  const scores = new Array<number>(rows.length);
  for (const fold of new Set(rows.map((row) => row.fold))) {
    const weights = weightsOf(points.filter(({ row }) => row.fold !== fold));
    points.forEach(({ row, values }, at) => {
      if (row.fold === fold) scores[at] = dot(weights, values);
    });
  }
  // Calibrated to how often small models were wrong, over all sets as they are.
  const platt = fitLogistic(
    rows.map(({ wrong, weight }, at) => ({ features: dense([scores[at] as number]), target: wrong, weight })),
    1,
    1e-6,
  );
  const sharpness = platt.weights[0] as number;
  const weights = weightsOf(points).map((weight) => sharpness * weight);
  let bias = platt.bias;
  units.forEach(({ centre, spread }, i) => {
    const at = weights.length - SURFACE_WIDTH + i;
    weights[at] = (weights[at] as number) / spread;
    bias -= (weights[at] as number) * centre;
  });
  return {
    head: { weights: Float32Array.from(weights), bias },
    heldOut: scores.map((score) => 1 / (1 + Math.exp(-sharpness * score - platt.bias))),
  };
}

function weightsOf(points: readonly Point[]): Float64Array {
  const width = points[0]?.values.length ?? 0;
  const sets = [...new Set(points.map(({ row }) => row.set))];
  const fitted = fitLogistic(
    points.map(({ row, values }): LogisticRow => {
      const own = sets.map((set) => (set === row.set ? BIAS_UNIT : 0));
      return { features: dense([...values, ...own]), target: row.wrong, weight: row.weight };
    }),
    width + sets.length,
    PENALTY,
  );
  return fitted.weights.subarray(0, width);
}

function unitOf(values: readonly number[]): { readonly centre: number; readonly spread: number } {
  const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return { centre, spread: Math.sqrt(squares / values.length) || 1 };
}

/** Logistic regression with weighted rows, for a handful of features: turns evidence into a chance. */

/** More make no difference: the features are standardised and few. */
const STEPS = 2000;
const STEP_SIZE = 0.5;
/** Keeps coefficients finite where the rows can be told apart without an error. */
const L2 = 1e-3;

export interface LabelledRow {
  readonly features: readonly number[];
  readonly label: boolean;
  /** How much the row counts. */
  readonly weight: number;
}

/** Fits by gradient descent on the weighted log-loss. Without rows of both labels every chance is 0: nothing was learned. */
export function fitLogistic(rows: readonly LabelledRow[]): (features: readonly number[]) => number {
  const counted = rows.filter((row) => row.weight > 0);
  if (!counted.some((row) => row.label) || counted.every((row) => row.label)) return () => 0;
  const total = counted.reduce((sum, row) => sum + row.weight, 0);
  const average = (of: (row: LabelledRow) => number): number =>
    counted.reduce((sum, row) => sum + row.weight * of(row), 0) / total;
  const scales = (counted[0]?.features ?? []).map((_, at) => {
    const mean = average((row) => row.features[at] ?? 0);
    const deviation = Math.sqrt(average((row) => ((row.features[at] ?? 0) - mean) ** 2));
    return { mean, deviation: deviation || 1 };
  });
  const standardise = (features: readonly number[]): number[] => [
    ...scales.map(({ mean, deviation }, at) => ((features[at] ?? 0) - mean) / deviation),
    1,
  ];
  const inputs = counted.map((row) => standardise(row.features));
  const coefficients: number[] = new Array(scales.length + 1).fill(0);
  for (let step = 0; step < STEPS; step += 1) {
    const gradient = coefficients.map((value, at) => (at < scales.length ? L2 * value : 0));
    counted.forEach((row, i) => {
      const input = inputs[i] ?? [];
      const error = (row.weight / total) * (chance(coefficients, input) - (row.label ? 1 : 0));
      input.forEach((value, at) => {
        gradient[at] = (gradient[at] ?? 0) + error * value;
      });
    });
    gradient.forEach((value, at) => {
      coefficients[at] = (coefficients[at] ?? 0) - STEP_SIZE * value;
    });
  }
  return (features) => chance(coefficients, standardise(features));
}

function chance(coefficients: readonly number[], input: readonly number[]): number {
  let sum = 0;
  for (let at = 0; at < input.length; at += 1) sum += (coefficients[at] ?? 0) * (input[at] ?? 0);
  return 1 / (1 + Math.exp(-sum));
}

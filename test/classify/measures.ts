/** Measures of a classifier's quality, for tests and the benchmark. */

/** The chance that a random positive scores higher than a random negative (ties count half). */
export function auroc(positives: readonly number[], negatives: readonly number[]): number {
  const all = [
    ...positives.map((score) => ({ score, positive: true })),
    ...negatives.map((score) => ({ score, positive: false })),
  ].sort((a, b) => a.score - b.score);
  let rankSum = 0;
  for (let from = 0, to = 0; from < all.length; from = to) {
    while (to < all.length && all[to]!.score === all[from]!.score) to += 1;
    const rank = (from + to + 1) / 2;
    for (let i = from; i < to; i += 1) if (all[i]!.positive) rankSum += rank;
  }
  const own = (positives.length * (positives.length + 1)) / 2;
  return (rankSum - own) / (positives.length * negatives.length);
}

/** The share of negatives below the score that `accepted` (0 to 1) of the positives reach. */
export function recallAt(
  accepted: number,
  positives: readonly number[],
  negatives: readonly number[],
): number {
  const threshold = positives.toSorted((a, b) => a - b)[Math.floor(positives.length * (1 - accepted))] ?? 0;
  return negatives.filter((score) => score < threshold).length / negatives.length;
}

export interface Outcome {
  readonly confidence: number;
  readonly right: boolean;
  /** How much it counts. */
  readonly weight: number;
}

/** Expected calibration error over ten bins of equal weight (Naeini et al. 2015, with equal-mass bins). */
export function calibrationError(outcomes: readonly Outcome[]): number {
  const bins = 10;
  const total = outcomes.reduce((sum, { weight }) => sum + weight, 0);
  const gaps = new Array<number>(bins).fill(0);
  let seen = 0;
  for (const { confidence, right, weight } of outcomes.toSorted((a, b) => a.confidence - b.confidence)) {
    const bin = Math.min(bins - 1, Math.floor((seen / total) * bins));
    gaps[bin] = gaps[bin]! + weight * (confidence - (right ? 1 : 0));
    seen += weight;
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / total;
}

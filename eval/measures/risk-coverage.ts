/**
 * What is answered and what is left to somebody surer: answer the most confident messages first, and watch the share of
 * wrong answers grow (El-Yaniv and Wiener 2010, "On the Foundations of Noise-free Selective Classification"; Geifman and
 * El-Yaniv 2017, "Selective Classification for Deep Neural Networks", arXiv:1705.08500).
 */

export interface Answered {
  readonly confidence: number;
  readonly right: boolean;
  /** How much it counts; 1 where nothing is said. */
  readonly weight?: number;
}

/** Answering all messages of at least `confidence`: which share that is, and the share of wrong answers among them. */
export interface RiskPoint {
  readonly confidence: number;
  readonly coverage: number;
  readonly risk: number;
}

/** A point for each confidence that occurs, from the highest down: equal confidences cannot be told apart. */
export function riskCoverage(all: readonly Answered[]): RiskPoint[] {
  const sorted = all.toSorted((a, b) => b.confidence - a.confidence);
  const total = sorted.reduce((sum, { weight = 1 }) => sum + weight, 0);
  const points: RiskPoint[] = [];
  let answered = 0;
  let wrong = 0;
  sorted.forEach(({ confidence, right, weight = 1 }, at) => {
    answered += weight;
    if (!right) wrong += weight;
    if (sorted[at + 1]?.confidence === confidence) return;
    points.push({ confidence, coverage: answered / total, risk: wrong / answered });
  });
  return points;
}

/** The area under the curve: the mean risk over all coverages. Between two points the risk is that of the wider one. */
export function riskArea(points: readonly RiskPoint[]): number {
  return points.reduce(
    (sum, { coverage, risk }, at) => sum + (coverage - (points[at - 1]?.coverage ?? 0)) * risk,
    0,
  );
}

/** The largest share that can be answered with a share of wrong answers of `riskMax` at most; 0 if there is none. */
export function answerableAt(riskMax: number, points: readonly RiskPoint[]): number {
  return points.findLast(({ risk }) => risk <= riskMax)?.coverage ?? 0;
}

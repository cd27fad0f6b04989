/**
 * What is answered and what is left to somebody surer, in single figures of the risk–coverage curve (Geifman and El-Yaniv
 * 2017, "Selective Classification for Deep Neural Networks", arXiv:1705.08500).
 */
import { type CoveragePoint, coverageAt } from '../../src/statistics/selective.ts';

/** The area under the curve: the mean risk over all coverages. Between two points the risk is that of the wider one. */
export function riskArea(points: readonly CoveragePoint[]): number {
  return points.reduce(
    (sum, { coverage, error }, at) => sum + (coverage - (points[at - 1]?.coverage ?? 0)) * error,
    0,
  );
}

/** The largest share that can be answered with a share of wrong answers of `riskMax` at most; 0 if there is none. */
export function answerableAt(riskMax: number, points: readonly CoveragePoint[]): number {
  return coverageAt(riskMax, points)?.coverage ?? 0;
}

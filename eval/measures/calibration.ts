/** Whether confidences keep their word: of all answers given with 0.9, nine in ten should be right. */
import { seeded } from '../reading/random.ts';

/** Bins of equal mass. */
const BINS = 10;
/** Simulated perfectly calibrated models behind the floor. */
const FLOOR_ROUNDS = 100;

export interface Outcome {
  readonly confidence: number;
  readonly right: boolean;
  /** How much it counts. */
  readonly weight: number;
}

/** One dot of a reliability diagram. */
export interface ReliabilityBin {
  /** Mean confidence, and share of right answers. */
  readonly confidence: number;
  readonly right: number;
  /** Its share of all weight. */
  readonly share: number;
}

/** Ten bins of equal weight, from the least confident up; a bin without outcomes is left out. */
export function reliability(outcomes: readonly Outcome[]): ReliabilityBin[] {
  const total = outcomes.reduce((sum, { weight }) => sum + weight, 0);
  const sums = Array.from({ length: BINS }, () => ({ weight: 0, confidence: 0, right: 0 }));
  let seen = 0;
  for (const { confidence, right, weight } of outcomes.toSorted((a, b) => a.confidence - b.confidence)) {
    const bin = sums[Math.min(BINS - 1, Math.floor((seen / total) * BINS))];
    if (bin === undefined) continue;
    bin.weight += weight;
    bin.confidence += weight * confidence;
    bin.right += right ? weight : 0;
    seen += weight;
  }
  return sums
    .filter(({ weight }) => weight > 0)
    .map(({ weight, confidence, right }) => ({
      confidence: confidence / weight,
      right: right / weight,
      share: weight / total,
    }));
}

/**
 * Expected calibration error over ten bins of equal weight (Naeini et al. 2015, "Obtaining Well Calibrated Probabilities
 * Using Bayesian Binning"; equal mass as in Nguyen and O'Connor 2015, arXiv:1508.05154).
 */
export function calibrationError(outcomes: readonly Outcome[]): number {
  return reliability(outcomes).reduce(
    (sum, { share, confidence, right }) => sum + share * Math.abs(confidence - right),
    0,
  );
}

/**
 * What `calibrationError` would be, in the mean, of a model that keeps its word exactly, on these confidences: binning
 * some hundred outcomes never gives 0 (Bröcker and Smith 2007, "Increasing the Reliability of Reliability Diagrams").
 */
export function calibrationErrorFloor(outcomes: readonly Outcome[], seed = 'floor'): number {
  const random = seeded(seed);
  let sum = 0;
  for (let round = 0; round < FLOOR_ROUNDS; round += 1) {
    sum += calibrationError(outcomes.map((each) => ({ ...each, right: random() < each.confidence })));
  }
  return sum / FLOOR_ROUNDS;
}

/**
 * Gives the outcomes of messages that belong to no label `share` (0 to 1) of the weight, and the others the rest:
 * what traffic with so many strangers in it would see. Without any of one kind, the other has all the weight.
 */
export function mixed(
  inside: readonly Omit<Outcome, 'weight'>[],
  outside: readonly Omit<Outcome, 'weight'>[],
  share: number,
): Outcome[] {
  const outsideShare = inside.length === 0 ? 1 : outside.length === 0 ? 0 : share;
  return [
    ...inside.map((each) => ({ ...each, weight: (1 - outsideShare) / inside.length })),
    ...outside.map((each) => ({ ...each, weight: outsideShare / outside.length })),
  ];
}

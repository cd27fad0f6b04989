/** Whether confidences keep their word: of all answers given with 0.9, nine in ten should be right. */
import {
  expectedCalibrationError,
  reliabilityBins,
  type WeightedOutcome,
} from '../../src/statistics/selective.ts';
import { seeded } from '../reading/random.ts';

/** Simulated perfectly calibrated models behind the floor. */
const FLOOR_ROUNDS = 100;

/** Over ten bins of equal weight (equal mass as in Nguyen and O'Connor 2015, arXiv:1508.05154). */
export function calibrationError(outcomes: readonly WeightedOutcome[]): number {
  return expectedCalibrationError(reliabilityBins(outcomes));
}

/**
 * What `calibrationError` would be, in the mean, of a model that keeps its word exactly, on these confidences: binning
 * some hundred outcomes never gives 0 (Bröcker and Smith 2007, "Increasing the Reliability of Reliability Diagrams").
 */
export function calibrationErrorFloor(outcomes: readonly WeightedOutcome[], seed = 'floor'): number {
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
  inside: readonly Omit<WeightedOutcome, 'weight'>[],
  outside: readonly Omit<WeightedOutcome, 'weight'>[],
  share: number,
): WeightedOutcome[] {
  const outsideShare = inside.length === 0 ? 1 : outside.length === 0 ? 0 : share;
  return [
    ...inside.map((each) => ({ ...each, weight: (1 - outsideShare) / inside.length })),
    ...outside.map((each) => ({ ...each, weight: outsideShare / outside.length })),
  ];
}

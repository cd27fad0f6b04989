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

type Unweighted = Omit<WeightedOutcome, 'weight'>;

/**
 * Gives the outcomes of messages that belong to no label `share` (0 to 1) of the weight, each kind of them the same, and
 * the others the rest: what traffic with so many strangers in it would see. A kind that is empty is none; without any
 * strangers, or with nothing else, what there is has all the weight.
 */
export function mixed(
  inside: readonly Unweighted[],
  outside: readonly (readonly Unweighted[])[],
  share: number,
): WeightedOutcome[] {
  const kinds = outside.filter(({ length }) => length > 0);
  const outsideShare = inside.length === 0 ? 1 : kinds.length === 0 ? 0 : share;
  const weighted = (outcomes: readonly Unweighted[], weight: number): WeightedOutcome[] =>
    outcomes.map((each) => ({ ...each, weight: weight / outcomes.length }));
  return [
    ...weighted(inside, 1 - outsideShare),
    ...kinds.flatMap((same) => weighted(same, outsideShare / kinds.length)),
  ];
}

/** How well a score tells two kinds of messages apart. */

import { chanceAbove } from '../../src/statistics/selective.ts';

/** The chance that a random positive scores higher than a random negative (ties count half); NaN where one is missing. */
export function auroc(positives: readonly number[], negatives: readonly number[]): number {
  return chanceAbove(positives, negatives) ?? Number.NaN;
}

/**
 * The standard error of an AUROC (Hanley and McNeil 1982, "The Meaning and Use of the Area under a Receiver Operating
 * Characteristic (ROC) Curve", Radiology 143).
 */
export function aurocStandardError(area: number, positives: number, negatives: number): number {
  const bothAbove = area / (2 - area);
  const bothBelow = (2 * area * area) / (1 + area);
  const variance =
    area * (1 - area) +
    (positives - 1) * (bothAbove - area * area) +
    (negatives - 1) * (bothBelow - area * area);
  return Math.sqrt(Math.max(0, variance) / (positives * negatives));
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

/**
 * The least threshold at which no more than `share` (0 to 1) of the scores of benign messages are at or above it. It is
 * just above one of those scores, so that ties cannot push the share over the limit.
 */
export function thresholdAt(share: number, benign: readonly number[]): number {
  const highest = benign.toSorted((a, b) => b - a);
  const allowed = Math.floor(benign.length * share);
  const firstTooMany = highest[allowed];
  return firstTooMany === undefined ? Number.NEGATIVE_INFINITY : above(firstTooMany);
}

/** The least double above `value`. */
function above(value: number): number {
  const step = Math.max(Math.abs(value) * Number.EPSILON, Number.MIN_VALUE);
  return value + step;
}

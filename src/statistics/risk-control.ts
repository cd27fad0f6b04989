/**
 * Chooses the confidence from which answers may be given, so that the share of wrong ones among them keeps to a bound:
 * not as estimated, but with a stated chance that the choice breaks it.
 *
 * The method is Learn then Test (Angelopoulos, Bates, Candès, Jordan and Lei 2021, arXiv:2110.01052). For each
 * threshold of a grid, "the error from here on is above the bound" is a hypothesis, tested by the exact binomial tail:
 * of the n outcomes that reach a fixed threshold, the wrong ones are binomial, whatever n came out as. For errors that
 * are yes or no, that test is never weaker than Hoeffding's or Bentkus's inequality. The thresholds are tested from the
 * highest down, up to the first that cannot be ruled out (fixed-sequence testing, section 3.2 there): as the order is
 * fixed beforehand, no correction for their number is due.
 *
 * That needs a grid that does not depend on the outcomes tested. It is laid by a pilot: other confidences, whose
 * outcomes play no part. The guarantee then holds for any model and any traffic, calibrated or not, as long as the
 * outcomes are drawn like those to come; that the error falls as the confidence rises is not assumed.
 */
import { binomialAtMost } from './binomial.ts';

/** One request of which it is known whether it was understood. */
export interface Outcome {
  /** 0 to 1. */
  readonly confidence: number;
  readonly wrong: boolean;
}

/** What is to be kept. */
export interface RiskBound {
  /** Largest share of wrong ones among those at or above the threshold. */
  readonly errorMax: number;
  /** Largest chance that the chosen threshold breaks that: 0.05 for a confidence of 95 %. */
  readonly doubt: number;
}

/** A threshold of the grid, with what the outcomes say about it. */
export interface RiskStep {
  readonly threshold: number;
  /** Outcomes at or above the threshold, and the wrong ones among them. */
  readonly reached: number;
  readonly wrong: number;
  /** Chance of so few wrong ones were the error as large as the bound. */
  readonly pValue: number;
  /** Whether the bound is kept from here on, all thresholds above it counted. */
  readonly holds: boolean;
}

export interface RiskControl {
  /** The lowest confidence that may be answered; null where the outcomes support none. */
  readonly threshold: number | null;
  readonly steps: readonly RiskStep[];
  /** Outcomes that are likely to be enough, where these are not. Null: they are, or no number would be. */
  readonly outcomesNeeded: number | null;
}

/**
 * The first threshold is the one that about this many times the least possible number of outcomes reach. Fewer would
 * fail for a single mistake, and end the sequence. Of 1 to 10, three let most be answered in simulations with errors of
 * 1 % and 5 %, and 1,000 to 10,000 outcomes.
 */
const START = 3;
const GRID_STEPS = 100;

/** Fewest outcomes with which a bound can be kept at all: that many right ones, and none wrong. */
export const outcomesMin = ({ errorMax, doubt }: RiskBound): number =>
  Math.ceil(Math.log(doubt) / Math.log1p(-errorMax));

/**
 * Thresholds to be tested, from the highest down, such that equal shares of the pilot lie between them.
 * @param pilot confidences of other requests than those tested @param tested how many outcomes will be
 */
export function layGrid(pilot: readonly number[], tested: number, bound: RiskBound): readonly number[] {
  const sorted = Float64Array.from(pilot).sort().reverse();
  const start = Math.min(1, (START * outcomesMin(bound)) / Math.max(1, tested));
  const thresholds = Array.from({ length: GRID_STEPS + 1 }, (_, step) => {
    const share = start + (1 - start) * (step / GRID_STEPS);
    return sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  });
  // The last takes everything: the pilot's least confidence is not the least there is.
  return [...new Set([...thresholds, 0])];
}

/** @param grid descending, chosen without a look at these outcomes */
export function controlRisk(
  outcomes: readonly Outcome[],
  grid: readonly number[],
  bound: RiskBound,
): RiskControl {
  const sorted = outcomes.toSorted((a, b) => b.confidence - a.confidence);
  let [reached, wrong, holds] = [0, 0, true];
  const steps = grid.map((threshold): RiskStep => {
    for (let next = sorted[reached]; next !== undefined; next = sorted[reached]) {
      if (next.confidence < threshold) break;
      reached += 1;
      if (next.wrong) wrong += 1;
    }
    const pValue = binomialAtMost(wrong, reached, bound.errorMax);
    // Nothing wrong among nothing proves nothing.
    holds &&= reached > 0 && pValue <= bound.doubt;
    return { threshold, reached, wrong, pValue, holds };
  });
  const threshold = steps.findLast((step) => step.holds)?.threshold ?? null;
  const outcomesNeeded = threshold === null ? estimateNeed(sorted, bound) : null;
  return { threshold, steps, outcomesNeeded };
}

/** More than anybody will label: not worth naming. */
const NEED_MAX = 100_000_000;

/**
 * How many it would take, were the error at some confidence what it looks like now. An estimate, so every confidence may
 * be looked at. Where there are too few to see anything: what the first threshold of a grid needs at least.
 */
function estimateNeed(sorted: readonly Outcome[], bound: RiskBound): number | null {
  const total = sorted.length;
  const floor = START * outcomesMin(bound);
  let wrong = 0;
  let least = Number.POSITIVE_INFINITY;
  sorted.forEach((outcome, i) => {
    const reached = i + 1;
    if (outcome.wrong) wrong += 1;
    // One mistake more: none among few does not mean none among many.
    const error = (wrong + 1) / (reached + 2);
    if (error >= bound.errorMax) return;
    least = Math.min(least, (Math.max(reachedFor(error, bound), floor) * total) / reached);
  });
  if (least > NEED_MAX) return total < floor ? floor : null;
  return Math.max(Math.ceil(least), total + 1);
}

/** Enough outcomes with this error to rule out one above the bound (Chernoff 1952: a tail is at most exp(−n · divergence)). */
function reachedFor(error: number, { errorMax, doubt }: RiskBound): number {
  const divergence =
    error * Math.log(error / errorMax) + (1 - error) * Math.log((1 - error) / (1 - errorMax));
  return -Math.log(doubt) / divergence;
}

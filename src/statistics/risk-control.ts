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
 * Mistakes that the first threshold leaves room for. With less, one mistake would end the sequence; with more, fewer can
 * be answered where the error begins to rise early. Of 0 to 8, four let most be answered, measured on CLINC150 and HWU64
 * with errors of 1, 2 and 5 %; with few outcomes, so many that half of them reach it.
 */
const START_WRONG = 4;
const START_SHARE_MAX = 0.5;
/**
 * How many will reach a threshold is not known exactly. Aimed at are more than just enough: this share of what one more
 * mistake would take, and at the first threshold, where to fall short is to promise nothing, no less than this many
 * standard deviations of what the pilot leaves unknown.
 */
const LEEWAY = 0.3;
const FIRST_LEEWAY_DEVIATIONS = 0.5;
const GRID_STEPS_MAX = 200;

/** Fewest outcomes with which a bound can be kept at all: that many right ones, and none wrong. */
export const outcomesMin = (bound: RiskBound): number => fewestReached(0, bound);

/** Fewest outcomes with which so many wrong ones still rule out an error above the bound. */
function fewestReached(wrong: number, { errorMax, doubt }: RiskBound): number {
  const isTooFew = (reached: number): boolean => binomialAtMost(wrong, reached, errorMax) > doubt;
  let [few, enough] = [wrong, wrong + 1];
  while (isTooFew(enough)) [few, enough] = [enough, enough * 2];
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2);
    if (isTooFew(middle)) few = middle;
    else enough = middle;
  }
  return enough;
}

/** Most wrong ones among so many outcomes that still rule it out; −1: even none would not. */
function mostWrong(reached: number, { errorMax, doubt }: RiskBound): number {
  let [most, tooMany] = [-1, Math.ceil(reached) + 1];
  while (tooMany - most > 1) {
    const middle = Math.floor((most + tooMany) / 2);
    if (binomialAtMost(middle, Math.floor(reached), errorMax) <= doubt) most = middle;
    else tooMany = middle;
  }
  return most;
}

/**
 * Thresholds to be tested, from the highest down. A test's strength grows in leaps, each time that one more mistake
 * becomes admissible; the thresholds are laid where about that many outcomes will reach them, as the pilot has it.
 * @param pilot confidences of other requests than those tested @param tested how many outcomes will be
 */
export function layGrid(pilot: readonly number[], tested: number, bound: RiskBound): readonly number[] {
  const sorted = Float64Array.from(pilot).sort().reverse();
  const thresholds: number[] = [];
  let wrong = Math.max(0, Math.min(START_WRONG, mostWrong(tested * START_SHARE_MAX, bound)));
  for (;;) {
    const reached = fewestReached(wrong, bound);
    if (reached > tested) break;
    const share = reached / tested;
    const unknown = Math.sqrt(tested * share * (1 - share) * (1 + tested / Math.max(1, sorted.length)));
    const more = LEEWAY * (fewestReached(wrong + 1, bound) - reached);
    const isFirst = thresholds.length === 0;
    const aim = reached + (isFirst ? Math.max(more, FIRST_LEEWAY_DEVIATIONS * unknown) : more);
    thresholds.push(sorted[Math.ceil(Math.min(1, aim / tested) * sorted.length) - 1] ?? 0);
    wrong = Math.max(wrong + 1, mostWrong(reached + tested / GRID_STEPS_MAX, bound));
  }
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

/** Where as many as there are might have done, it was bad luck: so many times more make it good. */
const BAD_LUCK = 1.25;
/** More than anybody will label: not worth naming. */
const NEED_MAX = 100_000_000;

/**
 * How many it would take, were the error at some confidence what it looks like now. An estimate, so every confidence may
 * be looked at. Where there are too few to see anything: what the first threshold of a grid needs at least.
 */
function estimateNeed(sorted: readonly Outcome[], bound: RiskBound): number | null {
  const total = sorted.length;
  const fewest = outcomesMin(bound);
  let wrong = 0;
  let least = Number.POSITIVE_INFINITY;
  sorted.forEach((outcome, i) => {
    const reached = i + 1;
    if (outcome.wrong) wrong += 1;
    // One mistake more: none among few does not mean none among many.
    const error = (wrong + 1) / (reached + 2);
    if (error >= bound.errorMax) return;
    least = Math.min(least, (Math.max(reachedFor(error, bound), fewest) * total) / reached);
  });
  const floor = Math.ceil(fewest / START_SHARE_MAX);
  if (least > NEED_MAX) return total < floor ? floor : null;
  return Math.ceil(Math.max(least, floor, total * BAD_LUCK));
}

/** Enough outcomes with this error to rule out one above the bound (Chernoff 1952: a tail is at most exp(−n · divergence)). */
function reachedFor(error: number, { errorMax, doubt }: RiskBound): number {
  const divergence =
    error * Math.log(error / errorMax) + (1 - error) * Math.log((1 - error) / (1 - errorMax));
  return -Math.log(doubt) / divergence;
}

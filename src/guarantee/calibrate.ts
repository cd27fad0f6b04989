/**
 * From requests of which it is known whether they were understood, to the confidence from which a promise can be kept.
 * The mathematics are in `statistics/risk-control.ts`; this says which requests a promise is about.
 */
import { decide } from '../decide/decide.ts';
import type { Guaranteed, Policy } from '../policy/policy.ts';
import type { Facts } from '../shapes.ts';
import { shareAtLeast, shareAtMost } from '../statistics/binomial.ts';
import { countBins } from '../statistics/drift.ts';
import { seededRandom, shuffled } from '../statistics/random.ts';
import { controlRisk, layGrid, type Outcome, type RiskStep } from '../statistics/risk-control.ts';
import type { Calibration, Guarantee } from './calibration.ts';

/** A request that was classified. */
export interface Judged {
  readonly confidence: number;
  /** Whether the intent was the wrong one; null: nobody said. It then helps to lay the grid. */
  readonly wrong: boolean | null;
  /** What was decided on; null where only the confidence is known: then it counts for every rule. */
  readonly facts: Facts | null;
}

/** What is to be promised: by the rules of a policy, or a share that any rule may use. */
export type Promised = Guaranteed | { readonly rule: null; readonly scope: null; readonly errorMax: number };

export interface CalibrateOptions {
  readonly promised: readonly Promised[];
  /** Whose rules `promised` names. */
  readonly policy: Policy | null;
  /** The chance that any one of the promises is broken by bad luck in what was labelled, 0 to 1. */
  readonly doubt: number;
  readonly labelsRevision: string;
  /** RFC 3339, UTC. */
  readonly madeAt: string;
  /** Of the lots by which the pilot is drawn. */
  readonly seed: number;
}

/** A promise with all that was looked at to see whether it can be kept: for the report. */
export interface Finding extends Guarantee {
  /** The chance that this promise is broken: its part of the whole doubt. */
  readonly doubt: number;
  /** Outcomes that were tested, and confidences that only laid the grid. */
  readonly tested: number;
  readonly pilot: number;
  /** Share of all requests that get as far as the rule. */
  readonly scopeShare: number;
  /** Whether some rows did not say what they were about, so that they count for every rule. */
  readonly isUnscoped: boolean;
  readonly steps: readonly RiskStep[];
  /** What is at or above the threshold: null where there is none. */
  readonly answered: Answered | null;
  /** Labelled requests that are likely to be enough; null: these are, or no number would be. */
  readonly labelledNeeded: number | null;
}

export interface Answered {
  readonly reached: number;
  readonly wrong: number;
  /** Share of the rule's requests that can be answered, with its exact bounds at the same doubt, half on each side. */
  readonly share: number;
  readonly shareAtLeast: number;
  readonly shareAtMost: number;
  /** Upper bound of the error at this threshold. */
  readonly errorAtMost: number;
}

export interface Calibrated extends Omit<Calibration, 'guarantees'> {
  readonly guarantees: readonly Finding[];
}

/** Unlabelled requests from which on no labelled one is needed for the pilot. */
const PILOT_MIN = 100;
/** Else this share of the labelled ones is the pilot; of a few, a larger share, as a handful tells nothing. */
const PILOT_SHARE = 0.1;
const PILOT_SHARE_MAX = 0.2;
const PILOT_ENOUGH = 30;

export function calibrate(rows: readonly Judged[], options: CalibrateOptions): Calibrated {
  const { promised, policy, doubt, labelsRevision, madeAt, seed } = options;
  // All promises together hold with the chance that is asked for (Bonferroni).
  const each = doubt / Math.max(1, promised.length);
  const guarantees = promised.map((one) => {
    const inScope = rows.filter((row) => isInScope(row, one, policy));
    const random = seededRandom(seed);
    // Drawn, not cut: files are often in an order that means something.
    const scopeShare = inScope.length / Math.max(1, rows.length);
    return { ...findThreshold(shuffled(inScope, random), one, each), scopeShare };
  });
  return { version: 1, madeAt, labelsRevision, doubt, guarantees };
}

/**
 * Whether a request gets as far as a rule, if the rule's confidence does not stop it. Other rules with `max_error` are
 * taken to take nothing: where they stop depends on their own calibration.
 */
export function reaches(facts: Facts, rule: string, policy: Policy): boolean {
  const decision = decide(policy, { ...facts, thresholds: { [rule]: 0 } });
  return decision !== 'needs_labels' && decision.rule === rule;
}

function isInScope({ facts }: Judged, { rule }: Promised, policy: Policy | null): boolean {
  if (rule === null || facts === null || policy === null) return true;
  return reaches(facts, rule, policy);
}

function findThreshold(
  drawn: readonly Judged[],
  promised: Promised,
  doubt: number,
): Omit<Finding, 'scopeShare'> {
  const labelled = drawn.filter(isLabelled);
  const unlabelled = drawn.filter(({ wrong }) => wrong === null);
  const isPilotFree = unlabelled.length >= PILOT_MIN;
  const spent = isPilotFree ? 0 : pilotOf(labelled.length);
  const pilot = [...labelled.slice(0, spent), ...unlabelled].map(({ confidence }) => confidence);
  const tested = labelled.slice(spent);
  const bound = { errorMax: promised.errorMax, doubt };
  const { threshold, steps, outcomesNeeded } = controlRisk(
    tested,
    layGrid(pilot, tested.length, bound),
    bound,
  );
  const half = { errorMax: promised.errorMax / 2, doubt };
  const stricter = controlRisk(tested, layGrid(pilot, tested.length, half), half).threshold;
  return {
    rule: promised.rule,
    scope: promised.scope,
    errorMax: promised.errorMax,
    threshold,
    // Half the error can be found to hold where the whole was not tested: only a step up is of use.
    stricter: threshold === null || stricter === null ? null : Math.max(stricter, threshold),
    confidences: countBins(drawn.map(({ confidence }) => confidence)),
    doubt,
    tested: tested.length,
    pilot: pilot.length,
    isUnscoped: promised.rule !== null && drawn.some(({ facts }) => facts === null),
    steps,
    answered: answeredFrom(threshold, steps, tested.length, doubt),
    labelledNeeded:
      outcomesNeeded === null
        ? null
        : Math.ceil(isPilotFree ? outcomesNeeded : outcomesNeeded / (1 - PILOT_SHARE)),
  };
}

const pilotOf = (count: number): number =>
  Math.ceil(Math.max(count * PILOT_SHARE, Math.min(count * PILOT_SHARE_MAX, PILOT_ENOUGH)));

const isLabelled = (row: Judged): row is Judged & Outcome => row.wrong !== null;

function answeredFrom(
  threshold: number | null,
  steps: readonly RiskStep[],
  tested: number,
  doubt: number,
): Answered | null {
  const step = steps.find((one) => one.threshold === threshold);
  if (threshold === null || step === undefined) return null;
  const { reached, wrong } = step;
  return {
    reached,
    wrong,
    share: reached / tested,
    shareAtLeast: shareAtLeast(reached, tested, doubt / 2),
    shareAtMost: shareAtMost(reached, tested, doubt / 2),
    errorAtMost: shareAtMost(wrong, reached, doubt),
  };
}

/** What the server needs of it. */
export function toCalibration({
  version,
  madeAt,
  labelsRevision,
  doubt,
  guarantees,
}: Calibrated): Calibration {
  return {
    version,
    madeAt,
    labelsRevision,
    doubt,
    guarantees: guarantees.map(({ rule, scope, errorMax, threshold, stricter, confidences }) => ({
      rule,
      scope,
      errorMax,
      threshold,
      stricter,
      confidences,
    })),
  };
}

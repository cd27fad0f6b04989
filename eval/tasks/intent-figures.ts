/** The figures of heads that were tested on messages of known intents and on strangers. */
import {
  type CoveragePoint,
  coverageCurve,
  type ReliabilityBin,
  reliabilityBins,
  type WeightedOutcome,
} from '../../src/statistics/selective.ts';
import { calibrationError, calibrationErrorFloor, mixed } from '../measures/calibration.ts';
import { auroc, aurocStandardError, recallAt } from '../measures/ranking.ts';
import { answerableAt, riskArea } from '../measures/risk-coverage.ts';
import {
  bootstrap,
  type Estimate,
  type Interval,
  meanOf,
  overDraws,
  shareOverDraws,
} from '../measures/spread.ts';
import type { Shots } from '../reading/draws.ts';
import type { Judgement } from './learned-intents.ts';

/** Of the known messages, the share that must be accepted when strangers are turned away. */
const ACCEPTED = 0.95;
/** The share of wrong answers that is allowed. */
const RISK_MAX = 0.01;
/**
 * Shares of strangers that traffic may have. Heads assume about the second, and about half of those to be near
 * (`src/classify/intent/intent.ts`).
 */
const FEW_STRANGERS = 0.05;
const STRANGER_SHARE = 0.2;
/** Fewer strangers say nothing. */
const STRANGERS_MIN = 20;
/** Points of a curve that are kept for the plot. */
const CURVE_POINTS = 200;

export interface ScopeFigures {
  readonly strangers: number;
  readonly auroc: Estimate;
  readonly recall: Estimate;
}

/** Answers to known messages and far strangers together, as many of each as the set has. */
export interface AnswerFigures {
  readonly rows: number;
  /** The share of messages that any head could answer rightly: those that have an intent. */
  readonly ceiling: number;
  readonly area: number;
  /** Share answerable at `RISK_MAX`, over all draws, and its 95 % interval over test messages for the first. */
  readonly answerable: Estimate;
  readonly answerableInterval: Interval | null;
  /** The same with strangers as 20 % of the weight, whatever the set has; NaN where it has none. */
  readonly answerableMixed: number;
  /**
   * Of the rows as they are; what a perfectly calibrated head would have; with far strangers as 5 % and as 20 % of the
   * weight; and with strangers as 20 %, half of them near, which a head is asked that has not met a quarter of the intents.
   * NaN where the set has no such strangers.
   */
  readonly calibrationError: number;
  readonly calibrationErrorFloor: number;
  readonly calibrationErrorFew: number;
  readonly calibrationErrorMixed: number;
  readonly calibrationErrorNear: number;
  /** Of the first draw. */
  readonly reliability: readonly ReliabilityBin[];
  readonly curve: readonly CoveragePoint[];
}

export interface IntentFigures {
  readonly set: string;
  readonly shots: 'full' | number;
  readonly draws: number;
  readonly intents: number;
  readonly examples: number;
  readonly tested: number;
  readonly accuracy: Estimate;
  /** Null where the set has no strangers. `farUnaided`: the head learned without out-of-scope examples. */
  readonly far: ScopeFigures | null;
  readonly farUnaided: ScopeFigures | null;
  readonly near: ScopeFigures | null;
  readonly answers: AnswerFigures;
}

export interface Answer extends Judgement {
  readonly right: boolean;
}

/** One head, tested. */
export interface Trial {
  readonly examples: number;
  readonly intents: number;
  readonly known: readonly Answer[];
  readonly strangers: readonly Answer[];
  /** Far ones, where `strangers` are near. */
  readonly far: readonly Answer[];
}

/** @param trials of the same number of examples, one for each draw */
export function figuresOf(
  set: string,
  shots: Shots,
  trials: readonly { far: Trial; unaided: Trial | null; near: Trial | null }[],
  testedCount: number,
  bootstrapRounds: number,
): IntentFigures {
  const fars = trials.map(({ far }) => far);
  const [first] = fars;
  if (first === undefined) throw new Error(`Nothing was drawn from ${set}.`);
  const accuracies = fars.map(({ known }) => meanOf(known.map(({ right }) => (right ? 1 : 0))));
  return {
    set,
    shots: shots ?? 'full',
    draws: trials.length,
    intents: first.intents,
    examples: first.examples,
    tested: testedCount,
    accuracy: shareOverDraws(accuracies, testedCount),
    far: scopeOf(fars),
    farUnaided: scopeOf(trials.map(({ unaided }) => unaided)),
    near: scopeOf(trials.map(({ near }) => near)),
    answers: answersOf(
      fars,
      trials.map(({ near }) => near),
      bootstrapRounds,
    ),
  };
}

function scopeOf(all: readonly (Trial | null)[]): ScopeFigures | null {
  const trials = all.filter((trial) => trial !== null && trial.strangers.length >= STRANGERS_MIN);
  const scores = (trials as Trial[]).map(({ known, strangers }) => ({
    known: known.map(({ inScope }) => inScope),
    strangers: strangers.map(({ inScope }) => inScope),
  }));
  const [first] = scores;
  if (first === undefined) return null;
  const areas = scores.map(({ known, strangers }) => auroc(known, strangers));
  const errors = scores.map(({ known, strangers }, at) =>
    aurocStandardError(areas[at] ?? 0, known.length, strangers.length),
  );
  const recalls = scores.map(({ known, strangers }) => recallAt(ACCEPTED, known, strangers));
  const count = first.strangers.length;
  return { strangers: count, auroc: overDraws(areas, errors), recall: shareOverDraws(recalls, count) };
}

function answersOf(
  trials: readonly Trial[],
  near: readonly (Trial | null)[],
  bootstrapRounds: number,
): AnswerFigures {
  const all = trials.map(({ known, strangers }) =>
    [...known, ...strangers].map((each) => ({ ...each, weight: 1 })),
  );
  const curves = all.map(coverageCurve);
  const { known = [], strangers = [] } = trials[0] ?? {};
  const [rows = []] = all;
  const [interval = null] = bootstrap(rows.length, Math.ceil(bootstrapRounds / 4), 'answerable', (counts) => [
    answerableAt(
      RISK_MAX,
      coverageCurve(
        rows.flatMap((row, at) => (counts[at] === 0 ? [] : [{ ...row, weight: counts[at] ?? 0 }])),
      ),
    ),
  ]);
  const withStrangers = (share: number, figure: (outcomes: WeightedOutcome[]) => number): number =>
    strangers.length === 0
      ? Number.NaN
      : meanOf(trials.map((trial) => figure(mixed(trial.known, [trial.strangers], share))));
  return {
    rows: rows.length,
    ceiling: known.length / (known.length + strangers.length),
    area: meanOf(curves.map(riskArea)),
    answerable: overDraws(
      curves.map((curve) => answerableAt(RISK_MAX, curve)),
      [errorOf(interval)],
    ),
    answerableInterval: interval,
    answerableMixed: withStrangers(STRANGER_SHARE, (outcomes) =>
      answerableAt(RISK_MAX, coverageCurve(outcomes)),
    ),
    calibrationError: meanOf(all.map(calibrationError)),
    calibrationErrorFloor: calibrationErrorFloor(rows),
    calibrationErrorFew: withStrangers(FEW_STRANGERS, calibrationError),
    calibrationErrorMixed: withStrangers(STRANGER_SHARE, calibrationError),
    calibrationErrorNear: meanOf(near.map(nearCalibrationError)),
    reliability: reliabilityBins(rows),
    curve: thinned(curves[0] ?? []),
  };
}

function nearCalibrationError(trial: Trial | null): number {
  if (trial === null || trial.strangers.length < STRANGERS_MIN || trial.far.length < STRANGERS_MIN)
    return Number.NaN;
  return calibrationError(mixed(trial.known, [trial.strangers, trial.far], STRANGER_SHARE));
}

/** The standard error of a figure whose 95 % interval is known, were it normal. */
const errorOf = (interval: Interval | null): number =>
  interval === null ? Number.NaN : (interval.high - interval.low) / 3.92;

/** The last point is always kept. */
function thinned(curve: readonly CoveragePoint[]): CoveragePoint[] {
  const every = Math.max(1, Math.ceil(curve.length / CURVE_POINTS));
  return curve.filter((_, at) => (curve.length - 1 - at) % every === 0);
}

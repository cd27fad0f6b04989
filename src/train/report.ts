/** Makes the report of a training out of what held-out judgements and a look at the examples found. */
import { expectedStrangers, type HeldOutIntents, type IntentJudgement } from '../classify/intent/intent.ts';
import {
  type CoveragePoint,
  chanceAbove,
  coverageAt,
  coverageCurve,
  expectedCalibrationError,
  reliabilityBins,
  type WeightedOutcome,
} from '../statistics/selective.ts';
import type { AdapterTrial } from './adapter/trial.ts';
import type { TrainingSet } from './examples.ts';
import type { Misfit, PairsByKind } from './findings.ts';
import type {
  Advice,
  Confusion,
  IntentRow,
  Listed,
  Named,
  Quoted,
  Share,
  Strangers,
  TrainReport,
} from './report-shape.ts';

/** Share of known messages that must be let through when the report says how many strangers are told. */
const ACCEPTED = 0.95;
const ERRORS = [0.01, 0.02, 0.05, 0.1];
const CURVE_POINTS_MAX = 200;
const LISTED_MAX = 50;
/** With fewer examples, every further one helps. */
export const EXAMPLES_ADVISED = 10;
const ADVISED_MAX = 12;
/** Mistakes of one kind that are no chance. */
const OFTEN = 2;
/** Below, as many again are worth the trouble. */
const RECALL_POOR = 0.7;

export interface ReportParts {
  readonly set: TrainingSet;
  readonly encoder: string;
  readonly heldOut: HeldOutIntents;
  readonly pairs: PairsByKind;
  readonly misfits: readonly Misfit[];
  readonly adapter: AdapterTrial | null;
  /** Whether messages may stand in it. */
  readonly isQuoting: boolean;
}

const OUT_OF_SCOPE = 'out of scope';

export function makeReport(parts: ReportParts): TrainReport {
  const { set, heldOut, encoder } = parts;
  const { names, examples } = set;
  const judged = judgedOf(parts);
  const { near, far } = expectedStrangers(heldOut.outOfScope.length > 0);
  const outcomes = trafficOf(parts, judged);
  const curve = coverageCurve(outcomes);
  const bins = reliabilityBins(outcomes);
  const confusions = confusionsOf(parts, judged);
  const intents = names.map((name, label) => intentRow(name, label, set, judged, confusions));
  const known = judged.map(({ judgement }) => judgement.inScope);
  return {
    encoder,
    examples: examples.length,
    intentCount: names.length,
    outOfScope: set.outOfScope.length,
    accuracy: shareOf(judged.filter(isRight).length, judged.length),
    adapter: parts.adapter,
    strangersShare: near + far,
    calibrationError: expectedCalibrationError(bins),
    reliability: bins,
    answerable: ERRORS.map((error) => {
      const point = coverageAt(error, curve);
      return { error, coverage: point?.coverage ?? 0, confidence: point?.confidence ?? null };
    }),
    coverage: thin(curve),
    strangers: {
      near: strangersOf(known, heldOut.asStrangers),
      far: strangersOf(known, heldOut.outOfScope),
    },
    addNext: adviceOf(intents, parts, judged),
    confusions: confusions.slice(0, LISTED_MAX),
    intents: intents.toSorted((a, b) => (a.recall ?? 1) - (b.recall ?? 1) || a.examples - b.examples),
    ...listings(parts),
  };
}

interface Judged {
  readonly example: number;
  readonly label: number;
  readonly judgement: IntentJudgement;
}
const isRight = ({ label, judgement }: Judged): boolean => label === judgement.label;

function judgedOf({ set, heldOut }: ReportParts): Judged[] {
  return set.examples.flatMap(({ label }, example) => {
    const judgement = heldOut.examples[example];
    return judgement == null ? [] : [{ example, label, judgement }];
  });
}

/** The judgements, weighted as heads expect the traffic: known messages and strangers. */
function trafficOf({ heldOut }: ReportParts, judged: readonly Judged[]): WeightedOutcome[] {
  const { asStrangers, outOfScope } = heldOut;
  const { near, far } = expectedStrangers(outOfScope.length > 0);
  const strange = (all: readonly IntentJudgement[], share: number): WeightedOutcome[] =>
    all.map(({ confidence }) => ({ confidence, right: false, weight: share / all.length }));
  const known = judged.map((each) => ({
    confidence: each.judgement.confidence,
    right: isRight(each),
    weight: (1 - near - far) / judged.length,
  }));
  return [...known, ...strange(asStrangers, near), ...strange(outOfScope, far)];
}

function strangersOf(known: readonly number[], strangers: readonly IntentJudgement[]): Strangers | null {
  const scores = strangers.map(({ inScope }) => inScope);
  const auroc = chanceAbove(known, scores);
  if (auroc === null) return null;
  const threshold = known.toSorted((a, b) => a - b)[Math.floor((1 - ACCEPTED) * known.length)] ?? 0;
  const found = scores.filter((score) => score < threshold).length / scores.length;
  return { auroc, found, of: scores.length };
}

function confusionsOf(parts: ReportParts, judged: readonly Judged[]): Confusion[] {
  const { names } = parts.set;
  const wrong = judged.filter((each) => !isRight(each));
  const pairs = Map.groupBy(wrong, ({ label, judgement }) => `${label} ${judgement.label}`);
  return [...pairs.values()]
    .map((same) => ({
      intent: names[same[0]?.label ?? 0] ?? '',
      judged: names[same[0]?.judgement.label ?? 0] ?? '',
      count: same.length,
      messages: same.map(({ example }) => quoteExample(parts, example)),
    }))
    .sort((a, b) => b.count - a.count || a.intent.localeCompare(b.intent));
}

function intentRow(
  name: string,
  label: number,
  { examples }: TrainingSet,
  judged: readonly Judged[],
  confusions: readonly Confusion[],
): IntentRow {
  const own = judged.filter((each) => each.label === label);
  const taken = judged.filter((each) => each.judgement.label === label);
  const right = own.filter(isRight).length;
  return {
    name,
    examples: examples.filter((example) => example.label === label).length,
    recall: own.length === 0 ? null : right / own.length,
    precision: taken.length === 0 ? null : right / taken.length,
    mistakenFor: confusions.find(({ intent, count }) => intent === name && count >= OFTEN)?.judged ?? null,
  };
}

/** Where the next examples help most: intents that are missed often, and those with few examples. */
function adviceOf(rows: readonly IntentRow[], parts: ReportParts, judged: readonly Judged[]): Advice[] {
  const { names } = parts.set;
  const need = ({ recall, examples }: IntentRow): number =>
    1 - (recall ?? 0) + Math.max(0, EXAMPLES_ADVISED - examples) / EXAMPLES_ADVISED;
  return rows
    .filter((row) => need(row) > 0.1)
    .sort((a, b) => need(b) - need(a) || a.name.localeCompare(b.name))
    .slice(0, ADVISED_MAX)
    .map(({ name, examples, recall, mistakenFor }) => ({
      intent: name,
      examples,
      add: Math.max(
        EXAMPLES_ADVISED - examples,
        (recall ?? 0) < RECALL_POOR ? EXAMPLES_ADVISED : Math.ceil(EXAMPLES_ADVISED / 2),
      ),
      recall,
      mistakenFor,
      like: judged
        .filter((each) => names[each.label] === name && !isRight(each))
        .slice(0, 3)
        .map(({ example }) => quoteExample(parts, example)),
    }));
}

function listings(
  parts: ReportParts,
): Pick<TrainReport, 'conflicts' | 'misfits' | 'nearDuplicates' | 'repeats'> {
  const { set, pairs, misfits } = parts;
  const { names, examples } = set;
  const named = (i: number): Quoted & Named => ({ ...quoteExample(parts, i), intent: intentOf(set, i) });
  return {
    conflicts: list(pairs.conflicts, ({ first, second, likeness }) => ({
      first: named(first),
      second: named(second),
      likeness,
    })),
    misfits: list(misfits, ({ example, judged, confidence }) => ({
      message: named(example),
      judged: names[judged] ?? '',
      confidence,
    })),
    nearDuplicates: list(
      pairs.repetitions.filter(({ first }) => first < examples.length),
      ({ first, second, likeness }) => ({
        intent: intentOf(set, first),
        first: quoteExample(parts, first),
        second: quoteExample(parts, second),
        likeness,
      }),
    ),
    repeats: list(set.repeats, ({ line, intent, firstLine, firstIntent }) => ({
      line,
      intent: intent ?? OUT_OF_SCOPE,
      firstLine,
      firstIntent: firstIntent ?? OUT_OF_SCOPE,
    })),
  };
}

function list<T, U>(all: readonly T[], say: (each: T) => U): Listed<U> {
  return { count: all.length, listed: all.slice(0, LISTED_MAX).map(say) };
}

/** Examples come first, out-of-scope messages behind them. */
function intentOf({ names, examples }: TrainingSet, i: number): string {
  const label = examples[i]?.label;
  return label === undefined ? OUT_OF_SCOPE : (names[label] ?? '');
}

function quoteExample({ set, isQuoting }: ReportParts, i: number): Quoted {
  const example = set.examples[i] ?? set.outOfScope[i - set.examples.length];
  const line = example?.line ?? null;
  return isQuoting ? { line, text: example?.text ?? '' } : { line };
}

function shareOf(count: number, of: number): Share {
  if (of === 0) return { value: 0, low: 0, high: 1, of };
  const z = 1.959964;
  const value = count / of;
  const centre = (value + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z / (1 + (z * z) / of)) * Math.sqrt((value * (1 - value)) / of + (z * z) / (4 * of * of));
  return { value, low: centre - half, high: centre + half, of };
}

/** Enough of the points to draw. */
function thin(curve: readonly CoveragePoint[]): CoveragePoint[] {
  const step = Math.max(1, Math.ceil(curve.length / CURVE_POINTS_MAX));
  return curve.filter((_, i) => i % step === 0 || i === curve.length - 1);
}

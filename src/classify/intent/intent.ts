/**
 * The intent of a message, how likely it is right, and how likely the message is about anything known at all.
 *
 * What is in scope is learned from three kinds of examples: those of the intents, each judged as if it were new; the
 * labels file's out-of-scope messages (far away); and each intent's own examples judged as if that intent did not
 * exist, which look just like a customer asking for something near that nobody has written down yet. The last kind
 * needs no data, so a labels file without out-of-scope messages works too.
 */
import { type Chance, chanceOf, learnChance, type Observation } from '../../statistics/calibrate.ts';
import { squaredDistance, type Vector } from '../../statistics/vectors.ts';
import { whiten } from '../head/discriminant.ts';
import { type Head, type Judgement, judge, type LearnedHead, learnHead } from '../head/head.ts';

/**
 * How many of all messages are taken to be strangers: near misses, and messages about something else altogether.
 * Assumptions: what a confidence means depends on what arrives. A middle way: with more, confidence is far too modest
 * where no strangers come; with fewer, it promises too much where one in five is one (CLINC150, HWU64, NLU++, DSTC11).
 */
const NEAR_SHARE = 0.04;
const FAR_SHARE = 0.08;
/** Nearest out-of-scope messages that count as a message's company. */
const BACKGROUND_NEIGHBOURS = 3;

export interface IntentJudgement {
  readonly label: number;
  /** Calibrated chance that `label` is right; counts the chance of being out of scope. */
  readonly confidence: number;
  /** Calibrated chance that the message belongs to any of the intents. */
  readonly inScope: number;
}

/** Plain data: what was learned of a set of intents. */
export interface IntentHead {
  readonly head: Head;
  /** [messages][width]: messages known to be out of scope, whitened. */
  readonly background: Float32Array;
  /** That a message belongs to any of the intents. */
  readonly scope: Chance;
}

/** All messages as an encoder sees them. */
export interface Seen {
  /** Of the examples. */
  readonly vectors: readonly ArrayLike<number>[];
  /** Of messages that belong to no intent. */
  readonly outOfScope: readonly ArrayLike<number>[];
}

/** Learns from vectors and their intent numbers (three intents at least) and, if there are any, out-of-scope vectors. */
export function learnIntent(
  vectors: readonly ArrayLike<number>[],
  labels: readonly number[],
  intentCount: number,
  outOfScope: readonly ArrayLike<number>[],
): IntentHead {
  return learnIntentOpenly({ vectors, outOfScope }, labels, intentCount).intent;
}

/** How messages would be judged by intents that had not learned from them. */
export interface HeldOutIntents {
  /** Of each example; null where they are so many that not all were held out. */
  readonly examples: readonly (IntentJudgement | null)[];
  /** Of each example as if its intent did not exist. */
  readonly asStrangers: readonly IntentJudgement[];
  /** Of each out-of-scope message; none where they are too few to count. */
  readonly outOfScope: readonly IntentJudgement[];
}

/**
 * The same, with what it was calibrated on.
 * @param folds the messages as encoders see them that have not learned from one fold each; none: no encoder has learned
 *   from any
 */
export function learnIntentOpenly(
  seen: Seen,
  labels: readonly number[],
  intentCount: number,
  folds?: readonly Seen[],
): { readonly intent: IntentHead; readonly heldOut: () => HeldOutIntents } {
  const foldVectors = folds?.map(({ vectors }) => vectors);
  const learned = learnHead(seen.vectors, labels, intentCount, foldVectors);
  // Fewer leave no company to those among them that are judged as if they were new.
  const isCounted = seen.outOfScope.length > BACKGROUND_NEIGHBOURS;
  const whitened = ({ discriminant }: Head, { outOfScope }: Seen): Vector[] =>
    isCounted ? outOfScope.map((vector) => whiten(discriminant, vector)) : [];
  const backgrounds = learned.judges.map((head, number) => whitened(head, folds?.[number] ?? seen));
  const evidence = evidenceOf(learned, labels, backgrounds);
  const scope = learnChance(observe(evidence));
  const background = Float32Array.from(whitened(learned.head, seen).flatMap((point) => [...point]));
  return {
    intent: { head: learned.head, background, scope },
    heldOut: () => ({
      examples: evidence.examples.map((each) => each && said(scope, each)),
      asStrangers: evidence.asStrangers.map((each) => said(scope, each)),
      outOfScope: evidence.outOfScope.map((each) => said(scope, each)),
    }),
  };
}

export function judgeIntent(
  { head, background, scope }: IntentHead,
  vector: ArrayLike<number>,
): IntentJudgement {
  const point = whiten(head.discriminant, vector);
  const width = point.length;
  const strangers = Array.from({ length: background.length / width }, (_, i) =>
    background.subarray(i * width, (i + 1) * width),
  );
  return said(scope, { judgement: judge(head, point), company: distanceToCompany(point, strangers) });
}

/** What is known of a message before it is said how likely it belongs to any intent. */
interface Evidence {
  readonly judgement: Judgement;
  /** Mean distance to the nearest messages known to be out of scope, or null if there are none. */
  readonly company: number | null;
}

/** The evidence of messages that the judge has not learned from. */
interface HeldOutEvidence {
  readonly examples: readonly (Evidence | null)[];
  readonly asStrangers: readonly Evidence[];
  readonly outOfScope: readonly Evidence[];
}

function evidenceOf(
  { judges, heldOut }: LearnedHead,
  labels: readonly number[],
  backgrounds: readonly (readonly Vector[])[],
): HeldOutEvidence {
  const examples = heldOut.map((each): Evidence | null => {
    if (each === null) return null;
    return { judgement: each, company: distanceToCompany(each.point, backgrounds[each.judge] ?? []) };
  });
  return {
    examples,
    asStrangers: examples.flatMap((each, i) =>
      each === null ? [] : [{ ...each, judgement: without(each.judgement, labels[i] as number) }],
    ),
    outOfScope: (backgrounds[0] ?? []).map((_, i) => {
      const number = i % judges.length;
      const background = backgrounds[number] ?? [];
      const point = background[i] as Vector;
      const others = background.filter((_other, k) => k !== i);
      return { judgement: judge(judges[number] as Head, point), company: distanceToCompany(point, others) };
    }),
  };
}

/** What a judgement comes to, once it counts that the message may belong to no intent. */
function said(scope: Chance, evidence: Evidence): IntentJudgement {
  const { label, probabilities } = evidence.judgement;
  const inScope = chanceOf(scope, features(evidence));
  return { label, confidence: inScope * (probabilities[label] as number), inScope };
}

/** The share of all messages that strangers of each kind are taken to be. Where none are far, near ones stand for them. */
export function expectedStrangers(hasFar: boolean): { readonly near: number; readonly far: number } {
  return hasFar ? { near: NEAR_SHARE, far: FAR_SHARE } : { near: FAR_SHARE, far: 0 };
}

function observe({ examples, asStrangers, outOfScope }: HeldOutEvidence): Observation[] {
  const { near, far } = expectedStrangers(outOfScope.length > 0);
  const known = examples.filter((each) => each !== null);
  const weighted = (all: readonly Evidence[], holds: boolean, share: number): Observation[] =>
    all.map((each) => ({ features: features(each), holds, weight: share / all.length }));
  return [
    ...weighted(known, true, 1 - near - far),
    ...weighted(asStrangers, false, near),
    ...weighted(outOfScope, false, far),
  ];
}

function distanceToCompany(point: Vector, background: readonly ArrayLike<number>[]): number | null {
  if (background.length === 0) return null;
  const nearest = Float64Array.from(background, (other) => squaredDistance(point, other))
    .sort()
    .subarray(0, BACKGROUND_NEIGHBOURS);
  return nearest.reduce((sum, distance) => sum + Math.sqrt(distance), 0) / nearest.length;
}

/** A judgement as it would be if one intent did not exist: it is infinitely far and has no chance. */
function without({ distances, probabilities }: Judgement, intent: number): Judgement {
  const rest = Math.max(Number.MIN_VALUE, 1 - (probabilities[intent] as number));
  const others = probabilities.map((each, k) => (k === intent ? 0 : Math.min(1, each / rest)));
  return {
    distances: distances.map((each, k) => (k === intent ? Number.POSITIVE_INFINITY : each)),
    probabilities: others,
    label: others.indexOf(Math.max(...others)),
  };
}

/**
 * The distance to the nearest intent, how much nearer it is than the second, how undecided the choice between intents is
 * (the entropy of their probabilities), and how much nearer they are than messages known to be out of scope.
 */
function features({ judgement: { distances, probabilities }, company }: Evidence): number[] {
  const [first = 0, second = first] = distances.toSorted();
  const nearest = Math.sqrt(first);
  const margin = Math.log1p(second - first);
  const doubt = probabilities.reduce((sum, each) => sum - (each > 0 ? each * Math.log(each) : 0), 0);
  return company === null ? [nearest, margin, doubt] : [nearest, margin, doubt, company - nearest];
}

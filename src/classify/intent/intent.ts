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
 * How many of all messages are taken to be out of scope, and how many of those to be near misses. Assumptions: what a
 * confidence means depends on what arrives. Chosen on CLINC150 and HWU64 (train against validation).
 */
const OUT_OF_SCOPE_SHARE = 0.2;
const NEAR_SHARE = 0.4;
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

/** Learns from vectors and their intent numbers (three intents at least) and, if there are any, out-of-scope vectors. */
export function learnIntent(
  vectors: readonly ArrayLike<number>[],
  labels: readonly number[],
  intentCount: number,
  outOfScope: readonly ArrayLike<number>[],
): IntentHead {
  return learnIntentOpenly(vectors, labels, intentCount, outOfScope).intent;
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

/** The same, with what it was calibrated on. */
export function learnIntentOpenly(
  vectors: readonly ArrayLike<number>[],
  labels: readonly number[],
  intentCount: number,
  outOfScope: readonly ArrayLike<number>[],
): { readonly intent: IntentHead; readonly heldOut: () => HeldOutIntents } {
  const learned = learnHead(vectors, labels, intentCount);
  const { head } = learned;
  // Fewer leave no company to those among them that are judged as if they were new.
  const strangers = outOfScope.length > BACKGROUND_NEIGHBOURS ? outOfScope : [];
  const background = strangers.map((vector) => whiten(head.discriminant, vector));
  const scope = learnChance(observe(learned, labels, background));
  const intent: IntentHead = {
    head,
    background: Float32Array.from(background.flatMap((point) => [...point])),
    scope,
  };
  return { intent, heldOut: () => judgeHeldOut(learned, labels, background, scope) };
}

function judgeHeldOut(
  { head, points, heldOut }: LearnedHead,
  labels: readonly number[],
  background: readonly Vector[],
  scope: Chance,
): HeldOutIntents {
  const companies = points.map((point) => distanceToCompany(point, background));
  return {
    examples: heldOut.map(
      (judgement, i) => judgement && said(scope, judgement, companies[i] as number | null),
    ),
    asStrangers: heldOut.flatMap((judgement, i) =>
      judgement === null
        ? []
        : said(scope, without(judgement, labels[i] as number), companies[i] as number | null),
    ),
    outOfScope: background.map((point, i) => {
      const others = background.filter((_, k) => k !== i);
      return said(scope, judge(head, point), distanceToCompany(point, others));
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
  return said(scope, judge(head, point), distanceToCompany(point, strangers));
}

/** What a judgement comes to, once it counts that the message may belong to no intent. */
function said(scope: Chance, judgement: Judgement, company: number | null): IntentJudgement {
  const { label, probabilities } = judgement;
  const inScope = chanceOf(scope, features(judgement, company));
  return { label, confidence: inScope * (probabilities[label] as number), inScope };
}

function observe(
  { head, points, heldOut }: LearnedHead,
  labels: readonly number[],
  background: readonly Vector[],
): Observation[] {
  const nearShare = background.length === 0 ? 1 : NEAR_SHARE;
  const share = 1 / heldOut.filter((judged) => judged !== null).length;
  const known = points.flatMap((point, i): Observation[] => {
    const judged = heldOut[i] ?? null;
    if (judged === null) return [];
    const company = distanceToCompany(point, background);
    const others = without(judged, labels[i] as number);
    return [
      { features: features(judged, company), holds: true, weight: (1 - OUT_OF_SCOPE_SHARE) * share },
      { features: features(others, company), holds: false, weight: OUT_OF_SCOPE_SHARE * nearShare * share },
    ];
  });
  const far = background.map((point, i): Observation => {
    const company = distanceToCompany(
      point,
      background.filter((_, k) => k !== i),
    );
    return {
      features: features(judge(head, point), company),
      holds: false,
      weight: (OUT_OF_SCOPE_SHARE * (1 - nearShare)) / background.length,
    };
  });
  return [...known, ...far];
}

/** The mean distance to the nearest messages known to be out of scope, or null if there are none. */
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
function features({ distances, probabilities }: Judgement, company: number | null): number[] {
  const [first = 0, second = first] = distances.toSorted();
  const nearest = Math.sqrt(first);
  const margin = Math.log1p(second - first);
  const doubt = probabilities.reduce((sum, each) => sum - (each > 0 ? each * Math.log(each) : 0), 0);
  return company === null ? [nearest, margin, doubt] : [nearest, margin, doubt, company - nearest];
}

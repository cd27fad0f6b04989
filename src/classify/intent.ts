/**
 * The intent of a message, how likely it is right, and how likely the message is about anything known at all.
 *
 * What is in scope is learned from three kinds of examples: those of the intents, each judged as if it were new; the
 * labels file's out-of-scope messages (far away); and each intent's own examples judged as if that intent did not
 * exist, which look just like a customer asking for something near that nobody has written down yet. The last kind
 * needs no data, so a labels file without out-of-scope messages works too.
 */
import { learnProbability, type Observation } from '../statistics/calibrate.ts';
import { squaredDistance, type Vector } from '../statistics/vectors.ts';
import { type Head, type Judgement, learnHead } from './head.ts';

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

export type JudgeIntent = (vector: ArrayLike<number>) => IntentJudgement;

/** Learns from vectors and their intent numbers (three intents at least) and, if there are any, out-of-scope vectors. */
export function learnIntent(
  vectors: readonly ArrayLike<number>[],
  labels: readonly number[],
  intentCount: number,
  outOfScope: readonly ArrayLike<number>[],
): JudgeIntent {
  const head = learnHead(vectors, labels, intentCount);
  // Fewer leave no company to those among them that are judged as if they were new.
  const background = outOfScope.length > BACKGROUND_NEIGHBOURS ? outOfScope.map(head.whiten) : [];
  const scopeOf = learnProbability(observe(head, labels, background));
  return (vector) => {
    const point = head.whiten(vector);
    const { distances, probabilities, label } = head.judge(point);
    const inScope = scopeOf(features(distances, distanceToCompany(point, background)));
    return { label, confidence: inScope * (probabilities[label] as number), inScope };
  };
}

function observe(head: Head, labels: readonly number[], background: readonly Vector[]): Observation[] {
  const nearShare = background.length === 0 ? 1 : NEAR_SHARE;
  const known = head.whitened.flatMap((point, i): Observation[] => {
    const { distances } = head.heldOut[i] as Judgement;
    const company = distanceToCompany(point, background);
    const others = distances.filter((_, k) => k !== labels[i]);
    const share = 1 / head.whitened.length;
    return [
      { features: features(distances, company), holds: true, weight: (1 - OUT_OF_SCOPE_SHARE) * share },
      { features: features(others, company), holds: false, weight: OUT_OF_SCOPE_SHARE * nearShare * share },
    ];
  });
  const far = background.map((point, i): Observation => {
    const company = distanceToCompany(
      point,
      background.filter((_, k) => k !== i),
    );
    return {
      features: features(head.judge(point).distances, company),
      holds: false,
      weight: (OUT_OF_SCOPE_SHARE * (1 - nearShare)) / background.length,
    };
  });
  return [...known, ...far];
}

/** The mean distance to the nearest messages known to be out of scope, or null if there are none. */
function distanceToCompany(point: Vector, background: readonly Vector[]): number | null {
  if (background.length === 0) return null;
  const nearest = Float64Array.from(background, (other) => squaredDistance(point, other))
    .sort()
    .subarray(0, BACKGROUND_NEIGHBOURS);
  return nearest.reduce((sum, distance) => sum + Math.sqrt(distance), 0) / nearest.length;
}

/**
 * The distance to the nearest intent, how much nearer it is than the second, and how much nearer than the nearest
 * messages known to be out of scope.
 */
function features(distances: Vector, company: number | null): number[] {
  const [first = 0, second = first] = distances.toSorted();
  const nearest = Math.sqrt(first);
  const margin = Math.log1p(second - first);
  return company === null ? [nearest, margin] : [nearest, margin, company - nearest];
}

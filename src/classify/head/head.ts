/**
 * A head: what tells one closed set of labels apart, learned from the embeddings of their examples. A discriminant
 * gives a first set of scores, which is all that a few examples allow; a logistic regression starts from them and
 * moves away as far as the examples are many.
 */
import { learnSharpness } from '../../statistics/calibrate.ts';
import { fitLogistic, type LinearScores, scoresOf } from '../../statistics/logistic.ts';
import { dot, logSumExp, type Vector } from '../../statistics/vectors.ts';
import {
  type Discriminant,
  distancesTo,
  type LearnedDiscriminant,
  learnDiscriminant,
  whiten,
} from './discriminant.ts';

/**
 * How strongly the regression is pulled back to the discriminant, and its longest search. Chosen on CLINC150 and HWU64
 * (train against validation, with ten examples an intent and with all).
 */
const PULL = 0.1;
const STEPS_MAX = 15;
/** What makes the Gaussians' densities into chances, mostly. */
export const DENSITY_SHARPNESS = 0.04;
/** Parts in which examples are judged by a head that has not seen them; of many examples one part is enough. */
const FOLDS = 4;
const FOLDED_EXAMPLES_MAX = 4_000;

export interface Judgement {
  /** Squared Mahalanobis distance to each label. */
  readonly distances: Vector;
  /** Calibrated probability of each label, given that one of them holds. */
  readonly probabilities: Vector;
  /** The likeliest label. */
  readonly label: number;
}

/** Plain data. */
export interface Head {
  readonly discriminant: Discriminant;
  /** [labels][width], for whitened vectors. */
  readonly weight: Float32Array;
  /** [labels] */
  readonly bias: Float32Array;
  /** What makes scores the logarithms of probabilities that keep their word. */
  readonly sharpness: number;
}

/** How an example would be judged by a head that had not learned from it. */
export interface HeldOut extends Judgement {
  /** The example, whitened by that head. */
  readonly point: Vector;
  /** That head, among the `judges`. */
  readonly judge: number;
}

export interface LearnedHead {
  readonly head: Head;
  /** Heads that judged what was held out: the head itself where an example can be taken out of it in closed form. */
  readonly judges: readonly Head[];
  /** Of each example; null for most of many. */
  readonly heldOut: readonly (HeldOut | null)[];
}

/** @param point a vector, whitened by the head's discriminant */
export function judge({ discriminant, weight, bias, sharpness }: Head, point: Vector): Judgement {
  const scores = new Float64Array(bias.length);
  scoresOf(weight, bias, point, scores);
  return judgementOf(distancesTo(discriminant, point), scores, sharpness);
}

/**
 * Learns from vectors and their label numbers; every label needs at least two examples.
 * @param foldVectors all vectors once more for each fold, from an encoder that has not learned from that fold; none: the
 *   encoder has learned from no example
 */
export function learnHead(
  vectors: readonly ArrayLike<number>[],
  labels: readonly number[],
  labelCount: number,
  foldVectors?: readonly (readonly ArrayLike<number>[])[],
): LearnedHead {
  const { learned, scores } = learnScores(vectors, labels, labelCount);
  const drafts = Array.from({ length: foldCount(labels.length) }, (_, fold) =>
    learnWithout(fold, foldVectors?.[fold] ?? vectors, labels, labelCount),
  );
  const judged = drafts.flatMap((draft) => draft.judged);
  // What a score is worth shows only on examples that it was not fitted to.
  const sharpness = learnSharpness(
    judged.map((each) => each.scores),
    judged.map(({ example }) => labels[example] as number),
    1,
  );
  const head = headOf(learned.discriminant, scores, sharpness);
  const heldOut: (HeldOut | null)[] = labels.map(() => null);
  for (const [number, draft] of drafts.entries()) {
    for (const { example, point, scores: own } of draft.judged) {
      heldOut[example] =
        foldVectors === undefined
          ? {
              ...judgementOf(learned.heldOutDistances[example] as Vector, own, sharpness),
              point: learned.points[example] as Vector,
              judge: 0,
            }
          : { ...judgementOf(distancesTo(draft.discriminant, point), own, sharpness), point, judge: number };
    }
  }
  const judges =
    foldVectors === undefined
      ? [head]
      : drafts.map((draft) => headOf(draft.discriminant, draft.scores, sharpness));
  return { head, judges, heldOut };
}

/** What a head without one fold makes of it. */
function learnWithout(
  fold: number,
  vectors: readonly ArrayLike<number>[],
  labels: readonly number[],
  labelCount: number,
) {
  const folds = foldsOf(labels);
  const isLearned = (_: unknown, i: number): boolean => folds[i] !== fold;
  const { learned, scores } = learnScores(vectors.filter(isLearned), labels.filter(isLearned), labelCount);
  const { discriminant } = learned;
  const judged = vectors.flatMap((vector, example) => {
    if (folds[example] !== fold) return [];
    const point = whiten(discriminant, vector);
    return [{ example, point, scores: scoresAt(scores, point) }];
  });
  return { discriminant, scores, judged };
}

function headOf(discriminant: Discriminant, { weight, bias }: LinearScores, sharpness: number): Head {
  return { discriminant, weight: Float32Array.from(weight), bias: Float32Array.from(bias), sharpness };
}

interface LearnedScores {
  readonly learned: LearnedDiscriminant;
  readonly scores: LinearScores;
}

function learnScores(
  vectors: readonly ArrayLike<number>[],
  labels: readonly number[],
  labelCount: number,
): LearnedScores {
  const learned = learnDiscriminant(vectors, labels, labelCount);
  const { means } = learned.discriminant;
  // Half the squared distance is the Gaussian's log-density but for a constant, yet overstates by far what hundreds
  // of correlated dimensions know; the sharpness corrects that.
  const densities = learned.heldOutDistances.map((distances) => distances.map((distance) => -distance / 2));
  const sharpness = learnSharpness(densities, labels, DENSITY_SHARPNESS);
  const width = means.length / labelCount;
  const start: LinearScores = {
    weight: Float64Array.from(means, (value) => value * sharpness),
    bias: Float64Array.from({ length: labelCount }, (_, k) => {
      const classMean = means.subarray(k * width, (k + 1) * width);
      return (-sharpness * dot(classMean, classMean)) / 2;
    }),
  };
  const scores = fitLogistic(learned.points, labels, start, { pull: PULL, stepsMax: STEPS_MAX });
  return { learned, scores };
}

/** Folds that are judged by a head without them: all, or one where it has examples enough. */
export function foldCount(examples: number): number {
  return examples > FOLDED_EXAMPLES_MAX ? 1 : FOLDS;
}

/** The fold of each example: those of a label go around, so that none loses all of its examples at once. */
export function foldsOf(labels: readonly number[]): number[] {
  const seen = new Map<number, number>();
  return labels.map((label) => {
    const count = seen.get(label) ?? 0;
    seen.set(label, count + 1);
    return count % FOLDS;
  });
}

function scoresAt({ weight, bias }: LinearScores, point: Vector): Vector {
  const scores = new Float64Array(bias.length);
  scoresOf(weight, bias, point, scores);
  return scores;
}

function judgementOf(distances: Vector, scores: Vector, sharpness: number): Judgement {
  const sharp = scores.map((score) => score * sharpness);
  const normaliser = logSumExp(sharp);
  const probabilities = sharp.map((score) => Math.exp(score - normaliser));
  return { distances, probabilities, label: indexOfLargest(probabilities) };
}

function indexOfLargest(values: Vector): number {
  let best = 0;
  for (let i = 1; i < values.length; i += 1) if ((values[i] as number) > (values[best] as number)) best = i;
  return best;
}

/** A head: what tells one closed set of labels apart, learned from the embeddings of their examples. */
import { learnSharpness } from '../statistics/calibrate.ts';
import { logSumExp, type Vector } from '../statistics/vectors.ts';
import { type Discriminant, learnDiscriminant } from './discriminant.ts';

export interface Judgement {
  /** Squared Mahalanobis distance to each label. */
  readonly distances: Vector;
  /** Calibrated probability of each label, given that one of them holds. */
  readonly probabilities: Vector;
  /** The likeliest label. */
  readonly label: number;
}

export interface Head {
  readonly whiten: Discriminant['whiten'];
  /** The examples, whitened. */
  readonly whitened: readonly Vector[];
  readonly judge: (whitened: Vector) => Judgement;
  /** How each example would be judged by a head that had not learned from it. */
  readonly heldOut: readonly Judgement[];
}

/** Learns from vectors and their label numbers; every label needs at least two examples. */
export function learnHead(
  vectors: readonly ArrayLike<number>[],
  labels: readonly number[],
  labelCount: number,
): Head {
  const discriminant = learnDiscriminant(vectors, labels, labelCount);
  const heldOutDistances = vectors.map((_, i) => discriminant.heldOutDistances(i));
  // Half the squared distance is the Gaussian's log-density but for a constant, yet overstates by far what hundreds
  // of correlated dimensions know; the sharpness corrects that.
  const sharpness = learnSharpness(heldOutDistances.map(logDensities), labels);
  const judgementOf = (distances: Vector): Judgement => {
    const scores = logDensities(distances).map((score) => score * sharpness);
    const normaliser = logSumExp(scores);
    const probabilities = scores.map((score) => Math.exp(score - normaliser));
    return { distances, probabilities, label: indexOfLargest(probabilities) };
  };
  return {
    whiten: discriminant.whiten,
    whitened: discriminant.whitened,
    judge: (whitened) => judgementOf(discriminant.distances(whitened)),
    heldOut: heldOutDistances.map(judgementOf),
  };
}

function logDensities(distances: Vector): Vector {
  return distances.map((distance) => -distance / 2);
}

function indexOfLargest(values: Vector): number {
  let best = 0;
  for (let i = 1; i < values.length; i += 1) if ((values[i] as number) > (values[best] as number)) best = i;
  return best;
}

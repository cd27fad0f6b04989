/**
 * Multinomial logistic regression that is pulled towards scores known beforehand: with few examples it stays near
 * them, with many it follows the examples (a Gaussian prior whose mean is the start; Bishop 2006, section 4.5).
 */
import { minimise } from './minimise.ts';
import { addTransposedTimes, timesTransposed } from './products.ts';
import { addScaled, dot, logSumExp, type Vector } from './vectors.ts';

/** score[c] = weight[c] · x + bias[c] */
export interface LinearScores {
  /** [classes][width] */
  readonly weight: Vector;
  /** [classes] */
  readonly bias: Vector;
}

/** Classes whose probabilities are this near to what they should be move no weight. */
const RESIDUAL_MIN = 1e-4;
/** Points whose scores are in memory at once. */
const BATCH = 64;

/** @param pull strength of the pull, in examples' worth of loss, for points of length one */
export function fitLogistic(
  points: readonly Vector[],
  labels: readonly number[],
  start: LinearScores,
  { pull, stepsMax }: { readonly pull: number; readonly stepsMax: number },
): LinearScores {
  const classes = start.bias.length;
  const width = start.weight.length / classes;
  // In units of the points' own length weights and biases are of one size, and the search goes straight.
  const length = Math.sqrt(points.reduce((sum, point) => sum + dot(point, point), 0) / points.length) || 1;
  const scaled = new Float64Array(points.length * width);
  for (const [n, point] of points.entries())
    scaled.set(
      point.map((value) => value / length),
      n * width,
    );
  const from = new Float64Array(classes * (width + 1));
  from.set(start.weight.map((value) => value * length));
  from.set(start.bias, classes * width);
  const found = minimise(
    (at, gradient) => {
      gradient.fill(0);
      const loss = addLoss(scaled, labels, width, at, gradient) / points.length;
      const strength = pull / points.length;
      let away = 0;
      for (let i = 0; i < at.length; i += 1) {
        const moved = i < classes * width ? (at[i] as number) - (from[i] as number) : 0;
        away += moved * moved;
        gradient[i] = (gradient[i] as number) / points.length + strength * moved;
      }
      return loss + (strength * away) / 2;
    },
    from,
    stepsMax,
  );
  return {
    weight: found.slice(0, classes * width).map((value) => value / length),
    bias: found.slice(classes * width),
  };
}

/** Adds up minus the log-likelihood, and its gradient: weights first, then biases, as in `at`. */
function addLoss(
  points: Vector,
  labels: readonly number[],
  width: number,
  at: Vector,
  gradient: Vector,
): number {
  const classes = at.length / (width + 1);
  const weight = at.subarray(0, classes * width);
  const scores = new Float64Array(BATCH * classes);
  let loss = 0;
  for (let first = 0; first < labels.length; first += BATCH) {
    const count = Math.min(BATCH, labels.length - first);
    const batch = points.subarray(first * width, (first + count) * width);
    timesTransposed(batch, count, weight, width, scores);
    for (let n = 0; n < count; n += 1) {
      const row = scores.subarray(n * classes, (n + 1) * classes);
      const own = labels[first + n] as number;
      addScaled(row, 1, at.subarray(classes * width));
      const normaliser = logSumExp(row);
      loss += normaliser - (row[own] as number);
      for (let c = 0; c < classes; c += 1) row[c] = Math.exp((row[c] as number) - normaliser);
      row[own] = (row[own] as number) - 1;
      addScaled(gradient.subarray(classes * width), 1, row);
    }
    addTransposedTimes(scores, count, batch, width, gradient.subarray(0, classes * width), RESIDUAL_MIN);
  }
  return loss;
}

/** weight · point + bias, into `out`: four classes at a time, as the additions of one would wait for each other. */
export function scoresOf(
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
  point: ArrayLike<number>,
  out: Vector,
): void {
  const width = point.length;
  const classes = bias.length;
  let c = 0;
  for (; c + 3 < classes; c += 4) {
    const at = c * width;
    let s0 = bias[c] as number;
    let s1 = bias[c + 1] as number;
    let s2 = bias[c + 2] as number;
    let s3 = bias[c + 3] as number;
    for (let d = 0; d < width; d += 1) {
      const x = point[d] as number;
      s0 += (weight[at + d] as number) * x;
      s1 += (weight[at + width + d] as number) * x;
      s2 += (weight[at + 2 * width + d] as number) * x;
      s3 += (weight[at + 3 * width + d] as number) * x;
    }
    out[c] = s0;
    out[c + 1] = s1;
    out[c + 2] = s2;
    out[c + 3] = s3;
  }
  for (; c < classes; c += 1) {
    let sum = bias[c] as number;
    for (let d = 0; d < width; d += 1) sum += (weight[c * width + d] as number) * (point[d] as number);
    out[c] = sum;
  }
}

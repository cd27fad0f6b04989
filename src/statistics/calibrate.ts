/**
 * Makes scores into probabilities that keep their word: of all answers given with 0.9, nine in ten are right. Both
 * ways learn from scores of examples that the scoring model had not seen (held-out scores).
 */
import {
  addScaled,
  cholesky,
  dot,
  logSumExp,
  sigmoid,
  solveLower,
  solveUpper,
  type Vector,
} from './vectors.ts';

/** Bounds of the sharpness, and steps of the search; each step narrows the interval to 0.62 of its length. */
const SHARPNESS_MIN = 1e-3;
const SHARPNESS_MAX = 10;
const SEARCH_STEPS = 40;

const NEWTON_STEPS_MAX = 50;
const NEWTON_STEP_MIN = 1e-8;
/** Penalty on the slopes, in units of one observation's loss: a perfect separation of a few must not mean certainty. */
const SLOPE_PENALTY = 1;
/** A feature that is the same everywhere tells nothing. */
const SPREAD_MIN = 1e-9;

/**
 * The factor that makes softmax(factor · scores) most likely: temperature scaling (Guo et al. 2017, "On Calibration of
 * Modern Neural Networks", arXiv:1706.04599), the factor being one over the temperature. A few decisions that happen to
 * be all right would make it as large as can be, so it is drawn to the one that is usual, as by one observation.
 * @param usual what it mostly comes to for such scores
 */
export function learnSharpness(scores: readonly Vector[], labels: readonly number[], usual: number): number {
  const count = Math.max(1, scores.length);
  const loss = (logFactor: number): number =>
    meanLoss(scores, labels, Math.exp(logFactor)) + (logFactor - Math.log(usual)) ** 2 / (2 * count);
  // Golden-section search: the loss is convex in the factor, so it has one valley in its logarithm too.
  const golden = (Math.sqrt(5) - 1) / 2;
  let low = Math.log(SHARPNESS_MIN);
  let high = Math.log(SHARPNESS_MAX);
  for (let step = 0; step < SEARCH_STEPS; step += 1) {
    const left = high - golden * (high - low);
    const right = low + golden * (high - low);
    if (loss(left) <= loss(right)) high = right;
    else low = left;
  }
  return Math.exp((low + high) / 2);
}

/** Mean negative log-likelihood of the labels under softmax(sharpness · scores). */
export function meanLoss(scores: readonly Vector[], labels: readonly number[], sharpness: number): number {
  let sum = 0;
  scores.forEach((row, n) => {
    const sharp = row.map((score) => score * sharpness);
    sum += logSumExp(sharp) - (sharp[labels[n] as number] as number);
  });
  return sum / Math.max(1, scores.length);
}

/** An observation for `learnProbability`. */
export interface Observation {
  readonly features: readonly number[];
  readonly holds: boolean;
  /** How much it counts. */
  readonly weight: number;
}

/** The chance that something holds, sigmoid(slopes · features + intercept). Plain data. */
export interface Chance {
  readonly slopes: Float32Array;
  readonly intercept: number;
}

export function chanceOf({ slopes, intercept }: Chance, features: readonly number[]): number {
  return sigmoid(dot(slopes, features) + intercept);
}

/**
 * Learns the probability that something holds from a few features: logistic regression with a small ridge penalty, by
 * Newton's method (Platt 1999, "Probabilistic Outputs for Support Vector Machines", with several features for one).
 */
export function learnChance(observations: readonly Observation[]): Chance {
  const { standardise, centres, spreads } = learnScale(observations);
  const rows = observations.map(({ features }) => Float64Array.from([...standardise(features), 1]));
  const width = rows[0]?.length ?? 1;
  let weights: Vector = new Float64Array(width);
  for (let step = 0; step < NEWTON_STEPS_MAX; step += 1) {
    const move = newtonStep(rows, observations, weights);
    weights = weights.slice();
    addScaled(weights, 1, move);
    if (dot(move, move) < NEWTON_STEP_MIN) break;
  }
  // For features as they come, not standardised.
  const slopes = spreads.map((spread, i) => (weights[i] as number) / spread);
  return {
    slopes: Float32Array.from(slopes),
    intercept: (weights[width - 1] as number) - dot(slopes, centres),
  };
}

/** `learnChance` as a function of features. */
export function learnProbability(
  observations: readonly Observation[],
): (features: readonly number[]) => number {
  const chance = learnChance(observations);
  return (features) => chanceOf(chance, features);
}

function newtonStep(rows: readonly Vector[], observations: readonly Observation[], weights: Vector): Vector {
  const width = weights.length;
  const total = observations.reduce((sum, { weight }) => sum + weight, 0);
  const gradient = new Float64Array(width);
  const hessian = new Float64Array(width * width);
  rows.forEach((row, n) => {
    const { holds, weight } = observations[n] as Observation;
    const chance = sigmoid(dot(row, weights));
    const share = weight / total;
    addScaled(gradient, share * ((holds ? 1 : 0) - chance), row);
    // The floor bounds the step where every chance is near 0 or 1.
    const curvature = share * Math.max(chance * (1 - chance), 1e-4);
    for (let i = 0; i < width; i += 1) {
      addScaled(hessian.subarray(i * width, (i + 1) * width), curvature * (row[i] as number), row);
    }
  });
  for (let i = 0; i < width; i += 1) {
    const penalty = i === width - 1 ? 1e-9 : SLOPE_PENALTY / rows.length;
    gradient[i] = (gradient[i] as number) - penalty * (weights[i] as number);
    hessian[i * width + i] = (hessian[i * width + i] as number) + penalty;
  }
  const lower = cholesky(hessian, width);
  return solveUpper(lower, solveLower(lower, gradient));
}

/** Features less their mean over their standard deviation, so that one penalty fits all. */
function learnScale(observations: readonly Observation[]) {
  const width = observations[0]?.features.length ?? 0;
  const total = observations.reduce((sum, { weight }) => sum + weight, 0);
  const weighted = (value: (features: readonly number[]) => number): number =>
    observations.reduce((sum, { features, weight }) => sum + (weight / total) * value(features), 0);
  const centres = Array.from({ length: width }, (_, i) => weighted((features) => features[i] as number));
  const spreads = centres.map((centre, i) =>
    Math.max(Math.sqrt(weighted((features) => ((features[i] as number) - centre) ** 2)), SPREAD_MIN),
  );
  const standardise = (features: readonly number[]): number[] =>
    features.map((value, i) => (value - (centres[i] as number)) / (spreads[i] as number));
  return { standardise, centres, spreads };
}

/**
 * Logistic regression with a quadratic penalty, on sparse and dense features: fitted by L-BFGS (Liu and Nocedal 1989, "On
 * the limited memory BFGS method for large scale optimization"). The same rows give the same weights, bit for bit.
 */
import type { Features } from '../../../src/classify/injection-features.ts';

export interface LogisticRow {
  readonly features: Features;
  /** 0 to 1: what is to be predicted, as a chance. */
  readonly target: number;
  readonly weight: number;
}

export interface Logistic {
  readonly weights: Float64Array;
  readonly bias: number;
}

const MEMORY = 8;
const STEPS_MAX = 120;
const GRADIENT_MIN = 1e-5;
const HALVINGS_MAX = 20;
/** Armijo's share of the descent that the slope promises. */
const DESCENT_MIN = 1e-4;

/** @param penalty half of this times the squared weights is added to the weighted mean loss */
export function fitLogistic(rows: readonly LogisticRow[], width: number, penalty: number): Logistic {
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  // The last place is the bias, which has no penalty.
  const at = new Float64Array(width + 1);
  const evaluate = (point: Float64Array, gradient: Float64Array): number => {
    gradient.fill(0);
    let loss = 0;
    for (const { features, target, weight } of rows) {
      const score = scoreOf(point, point[width] as number, features);
      const share = weight / total;
      loss += share * (softplus(score) - target * score);
      const slope = share * (1 / (1 + Math.exp(-score)) - target);
      const { indices, values } = features;
      for (let i = 0; i < indices.length; i += 1)
        gradient[indices[i] as number] = (gradient[indices[i] as number] as number) + slope * (values[i] as number);
      gradient[width] = (gradient[width] as number) + slope;
    }
    for (let i = 0; i < width; i += 1) {
      loss += (penalty / 2) * (point[i] as number) ** 2;
      gradient[i] = (gradient[i] as number) + penalty * (point[i] as number);
    }
    return loss;
  };
  minimise(at, evaluate);
  return { weights: at.subarray(0, width), bias: at[width] as number };
}

export function scoreOf(weights: ArrayLike<number>, bias: number, { indices, values }: Features): number {
  let score = bias;
  for (let i = 0; i < indices.length; i += 1) score += (weights[indices[i] as number] as number) * (values[i] as number);
  return score;
}

function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

type Evaluate = (point: Float64Array, gradient: Float64Array) => number;

function minimise(at: Float64Array, evaluate: Evaluate): void {
  let gradient = new Float64Array(at.length);
  let loss = evaluate(at, gradient);
  const memory: { step: Float64Array; change: Float64Array; product: number }[] = [];
  for (let round = 0; round < STEPS_MAX && Math.sqrt(dot(gradient, gradient)) > GRADIENT_MIN; round += 1) {
    const direction = directionOf(gradient, memory);
    const slope = dot(gradient, direction);
    const next = new Float64Array(at.length);
    const nextGradient = new Float64Array(at.length);
    let length = round === 0 ? 1 / Math.sqrt(dot(gradient, gradient)) : 1;
    let nextLoss = Number.POSITIVE_INFINITY;
    for (let halving = 0; halving < HALVINGS_MAX; halving += 1, length /= 2) {
      for (let i = 0; i < at.length; i += 1) next[i] = (at[i] as number) + length * (direction[i] as number);
      nextLoss = evaluate(next, nextGradient);
      if (nextLoss <= loss + DESCENT_MIN * length * slope) break;
    }
    if (!(nextLoss < loss)) return;
    const step = next.map((value, i) => value - (at[i] as number));
    const change = nextGradient.map((value, i) => value - (gradient[i] as number));
    const product = dot(step, change);
    if (product > 0) memory.push({ step, change, product });
    if (memory.length > MEMORY) memory.shift();
    at.set(next);
    gradient = nextGradient;
    loss = nextLoss;
  }
}

/** The two-loop recursion (Nocedal and Wright 2006, "Numerical Optimization", algorithm 7.4). */
function directionOf(
  gradient: Float64Array,
  memory: readonly { step: Float64Array; change: Float64Array; product: number }[],
): Float64Array {
  const direction = gradient.map((value) => -value);
  const shares = memory.toReversed().map(({ step, change, product }) => {
    const share = dot(step, direction) / product;
    add(direction, -share, change);
    return share;
  });
  const last = memory.at(-1);
  if (last !== undefined) {
    const scale = last.product / dot(last.change, last.change);
    for (let i = 0; i < direction.length; i += 1) direction[i] = (direction[i] as number) * scale;
  }
  memory.forEach(({ step, change, product }, i) => {
    const share = shares[memory.length - 1 - i] as number;
    add(direction, share - dot(change, direction) / product, step);
  });
  return direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function add(a: Float64Array, factor: number, b: Float64Array): void {
  for (let i = 0; i < a.length; i += 1) a[i] = (a[i] as number) + factor * (b[i] as number);
}

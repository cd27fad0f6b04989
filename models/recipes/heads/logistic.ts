/** Logistic regression with a quadratic penalty on sparse features. The same rows give the same weights, bit for bit. */
import type { Features } from '../../../src/classify/injection/features.ts';
import { minimise } from '../../../src/statistics/minimise.ts';

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

const STEPS_MAX = 100;

/** @param penalty half of this times the squared weights is added to the weighted mean loss; the bias has none */
export function fitLogistic(rows: readonly LogisticRow[], width: number, penalty: number): Logistic {
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  const at = minimise(
    (point, gradient) => {
      gradient.fill(0);
      let loss = 0;
      for (const { features, target, weight } of rows) {
        const score = scoreOf(point, point[width] as number, features);
        const share = weight / total;
        loss += share * (softplus(score) - target * score);
        const slope = share * (1 / (1 + Math.exp(-score)) - target);
        const { indices, values } = features;
        for (let i = 0; i < indices.length; i += 1) {
          const index = indices[i] as number;
          gradient[index] = (gradient[index] as number) + slope * (values[i] as number);
        }
        gradient[width] = (gradient[width] as number) + slope;
      }
      for (let i = 0; i < width; i += 1) {
        const weight = point[i] as number;
        loss += (penalty / 2) * weight * weight;
        gradient[i] = (gradient[i] as number) + penalty * weight;
      }
      return loss;
    },
    new Float64Array(width + 1),
    STEPS_MAX,
  );
  return { weights: at.subarray(0, width), bias: at[width] as number };
}

export function scoreOf(weights: ArrayLike<number>, bias: number, { indices, values }: Features): number {
  let score = bias;
  for (let i = 0; i < indices.length; i += 1) {
    score += (weights[indices[i] as number] as number) * (values[i] as number);
  }
  return score;
}

/** Dense numbers as features. */
export function dense(values: ArrayLike<number>): Features {
  return {
    indices: Int32Array.from({ length: values.length }, (_, i) => i),
    values: Float32Array.from(values),
  };
}

function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

/**
 * Rounds a matrix to few levels so that its products stay right, not its numbers: the error of each rounded weight is
 * made good by those that are rounded after it, as far as their inputs go together. This is GPTQ (Frantar et al. 2022,
 * arXiv:2210.17323) in the equal form of LDLQ (Chee et al. 2023, "QuIP", arXiv:2307.13304), which needs no inverse: with
 * the inputs' second moments H = U·D·Uᵀ, U unit upper triangular, the loss eᵀ·H·e of a row with errors e is
 * Σ D_t · (e_t + Σ_{j<t} e_j·U_jt)², so each weight is rounded to where its own square is least.
 */
import { cholesky, type Vector } from '../statistics/vectors.ts';
import { BLOCK } from './encoder-model.ts';
import { type QuantizedLinear, SCHEMES, type Scheme } from './quantized-linear.ts';

// A name of the module's own: in a test runner's sandbox, globals are slow to look up.
const { abs, ceil, floor, fround, max, min, round } = Math;

/** Added to the diagonal, as a share of its mean: calibration texts never show all that inputs can be. */
const DAMPING = 0.1;

/** How errors are made good, learned from a matrix's inputs. Rounding goes in `order`. */
export interface Feedback {
  readonly columns: number;
  /** Columns in the order in which they are rounded: strongest blocks first, each block as a whole. */
  readonly order: Uint32Array;
  /** Row t: what the errors of the columns rounded before it add, [columns, columns]. */
  readonly back: Float32Array;
  /** What a squared error costs, in the order of rounding. */
  readonly cost: Float64Array;
}

/** @param secondMoments Σ x·xᵀ of the inputs, [columns, columns] */
export function learnFeedback(secondMoments: ArrayLike<number>, columns: number): Feedback {
  const order = roundingOrder(secondMoments, columns);
  const diagonal = Float64Array.from({ length: columns }, (_, k) => secondMoments[k * columns + k] as number);
  const mean = diagonal.reduce((sum, value) => sum + value, 0) / columns;
  const damping = DAMPING * mean || 1;
  // The Cholesky factor of the reversed matrix is U·√D, reversed.
  const reversed: Vector = new Float64Array(columns * columns);
  for (let i = 0; i < columns; i += 1) {
    const row = (order[columns - 1 - i] as number) * columns;
    for (let j = 0; j < columns; j += 1) {
      reversed[i * columns + j] = secondMoments[row + (order[columns - 1 - j] as number)] as number;
    }
    reversed[i * columns + i] = (reversed[i * columns + i] as number) + damping;
  }
  const lower = cholesky(reversed, columns);
  const back = new Float32Array(columns * columns);
  const cost = new Float64Array(columns);
  for (let t = 0; t < columns; t += 1) {
    const own = columns - 1 - t;
    const pivot = lower[own * columns + own] as number;
    cost[t] = pivot * pivot;
    for (let j = 0; j < t; j += 1) {
      back[t * columns + j] = (lower[(columns - 1 - j) * columns + own] as number) / pivot;
    }
  }
  return { columns, order, back, cost };
}

/** No feedback: every weight to the nearest level. @param cost what a squared error of each column costs */
export function withoutFeedback(cost: Float64Array): Feedback {
  const order = Uint32Array.from(cost, (_, k) => k);
  return { columns: cost.length, order, back: new Float32Array(0), cost };
}

function roundingOrder(secondMoments: ArrayLike<number>, columns: number): Uint32Array {
  const strength = (k: number): number => secondMoments[k * columns + k] as number;
  const blocks = Array.from({ length: columns / BLOCK }, (_, b) => {
    const members = Array.from({ length: BLOCK }, (_member, k) => b * BLOCK + k);
    return {
      members: members.toSorted((a, c) => strength(c) - strength(a)),
      total: members.reduce((sum, k) => sum + strength(k), 0),
    };
  });
  return Uint32Array.from(blocks.toSorted((a, c) => c.total - a.total).flatMap(({ members }) => members));
}

/** What `roundMatrix` found. */
export type Rounded = Pick<QuantizedLinear, 'scheme' | 'rows' | 'columns' | 'levels' | 'steps' | 'unit'>;

/** Rounds every row of `weights`, [rows, columns]. */
export function roundMatrix(weights: Float32Array, feedback: Feedback, scheme: Scheme): Rounded {
  const { columns } = feedback;
  const rows = weights.length / columns;
  const result: Rounded = {
    scheme,
    rows,
    columns,
    levels: new Int8Array(weights.length),
    steps: new Uint8Array(weights.length / BLOCK),
    unit: new Float32Array(rows),
  };
  const roundRow = createRowRounder(feedback, scheme);
  for (let row = 0; row < rows; row += 1) {
    const from = row * columns;
    result.unit[row] = roundRow(
      weights.subarray(from, from + columns),
      result.levels.subarray(from, from + columns),
      result.steps.subarray(from / BLOCK, (from + columns) / BLOCK),
    );
  }
  return result;
}

/** Fills levels and steps of one row. @returns its unit */
type RoundRow = (weights: Float32Array, levels: Int8Array, steps: Uint8Array) => number;

function createRowRounder({ columns, order, back, cost }: Feedback, scheme: Scheme): RoundRow {
  const hasFeedback = back.length > 0;
  const wanted = new Float64Array(columns);
  const errors = new Float64Array(columns);
  const block = createBlockRounder({ back, columns, cost, scheme, hasFeedback });
  return (weights, levels, steps) => {
    for (let t = 0; t < columns; t += 1) wanted[t] = weights[order[t] as number] as number;
    const unit = unitOf(wanted, cost, scheme);
    for (let start = 0; start < columns; start += BLOCK) {
      if (hasFeedback) {
        for (let t = start; t < start + BLOCK; t += 1) {
          block.target[t - start] = (wanted[t] as number) + feedbackOf(back, t * columns, errors, start);
        }
      } else {
        for (let t = start; t < start + BLOCK; t += 1) block.target[t - start] = wanted[t] as number;
      }
      steps[floor((order[start] as number) / BLOCK)] = block.round(unit, start, wanted, errors);
      for (let t = start; t < start + BLOCK; t += 1) {
        levels[order[t] as number] = block.levels[t - start] as number;
      }
    }
    return unit;
  };
}

/** Σ back[from + j] · errors[j] for j below `count`; four sums, because each addition waits for the one before. */
function feedbackOf(back: Float32Array, from: number, errors: Float64Array, count: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let j = 0; j < count; j += 4) {
    s0 += (back[from + j] as number) * (errors[j] as number);
    s1 += (back[from + j + 1] as number) * (errors[j + 1] as number);
    s2 += (back[from + j + 2] as number) * (errors[j + 2] as number);
    s3 += (back[from + j + 3] as number) * (errors[j + 3] as number);
  }
  return s0 + s1 + s2 + s3;
}

/** Smallest and largest step that is tried, as shares of the one that clips nothing; and most steps tried. */
const SHARE_MIN = { int4: 0.6, int8: 1, ternary: 0.35 } as const;
const TRIES_MAX = 10;

/** Rounds one block with every step that may suit it, and keeps the best. */
function createBlockRounder(given: {
  back: Float32Array;
  columns: number;
  cost: Float64Array;
  scheme: Scheme;
  hasFeedback: boolean;
}) {
  const { back, columns, cost, scheme, hasFeedback } = given;
  const { levelMin, levelMax, stepMax } = SCHEMES[scheme];
  const target = new Float64Array(BLOCK);
  const levels = new Int8Array(BLOCK);
  const tried = new Int8Array(BLOCK);
  const triedErrors = new Float64Array(BLOCK);

  /** Loss of rounding with this scale, given up once it is no better than `best`. */
  const attempt = (scale: number, start: number, wanted: Float64Array, best: number): number => {
    let loss = 0;
    for (let t = 0; t < BLOCK && loss < best; t += 1) {
      let value = target[t] as number;
      if (hasFeedback) {
        const from = (start + t) * columns + start;
        for (let j = 0; j < t; j += 1) value += (back[from + j] as number) * (triedErrors[j] as number);
      }
      const level = max(levelMin, min(levelMax, round(value / scale)));
      const rest = value - level * scale;
      tried[t] = level;
      triedErrors[t] = (wanted[start + t] as number) - level * scale;
      loss += (cost[start + t] as number) * rest * rest;
    }
    return loss;
  };

  return {
    /** What the block's weights should become, feedback of earlier blocks counted in; set before `round`. */
    target,
    levels,
    /** @returns the step; `levels` and the block's `errors` are set */
    round(unit: number, start: number, wanted: Float64Array, errors: Float64Array): number {
      let largest = 0;
      for (let t = 0; t < BLOCK; t += 1) largest = max(largest, abs(target[t] as number));
      const whole = largest / (levelMax + (scheme === 'int4' ? 0.5 : 0)) / unit;
      const high = max(1, min(stepMax, ceil(whole)));
      const low = max(1, min(high, floor(whole * SHARE_MIN[scheme])));
      const stride = max(1, ceil((high - low + 1) / TRIES_MAX));
      let best = Number.POSITIVE_INFINITY;
      let chosen = high;
      for (let step = high; step >= low; step -= stride) {
        const loss = attempt(fround(unit * step), start, wanted, best);
        if (loss >= best) continue;
        best = loss;
        chosen = step;
        levels.set(tried);
        errors.set(triedErrors, start);
      }
      return chosen;
    },
  };
}

/** The row's unit: the largest step is what its widest block needs. */
function unitOf(wanted: Float64Array, cost: Float64Array, scheme: Scheme): number {
  const { levelMax, stepMax } = SCHEMES[scheme];
  let widest = 0;
  for (let start = 0; start < wanted.length; start += BLOCK) {
    widest = max(widest, bestScale(wanted, cost, start, scheme));
  }
  if (scheme === 'int8') widest = wanted.reduce((most, value) => max(most, abs(value)), 0) / levelMax;
  return fround(widest / stepMax) || 1;
}

/** Scales tried for a block, as shares of the one that clips nothing. */
const SCALE_TRIES = 8;

/** The scale with which a block alone, rounded to the nearest, loses least. */
function bestScale(wanted: Float64Array, cost: Float64Array, start: number, scheme: Scheme): number {
  const { levelMin, levelMax } = SCHEMES[scheme];
  let largest = 0;
  for (let t = start; t < start + BLOCK; t += 1) largest = max(largest, abs(wanted[t] as number));
  let best = Number.POSITIVE_INFINITY;
  let chosen = 0;
  for (let at = 0; at < SCALE_TRIES && largest > 0; at += 1) {
    const share = 1 - (at / SCALE_TRIES) * (1 - SHARE_MIN[scheme]);
    const scale = (share * largest) / (levelMax + (scheme === 'int4' ? 0.5 : 0));
    let loss = 0;
    for (let t = start; t < start + BLOCK; t += 1) {
      const value = wanted[t] as number;
      const rest = value - scale * max(levelMin, min(levelMax, round(value / scale)));
      loss += (cost[t] as number) * rest * rest;
    }
    if (loss < best) {
      best = loss;
      chosen = scale;
    }
  }
  return chosen;
}

/** One layer of an encoder (BERT's: norms stand behind), all four matrices adapted, there and back. */

import type { TimesTransposed } from '../../engine/native/addon.ts';
import type { LayerWeights } from '../../engine/pack/layer-weights.ts';
import type { Parameter } from './adam.ts';
import { AdaptedLinear } from './adapted-linear.ts';
import { Attention } from './attention.ts';
import { add, Workspace } from './matrices.ts';
import { Gelu, LayerNorm } from './rowwise.ts';

export interface LayerShape {
  readonly heads: number;
  readonly hidden: number;
  readonly normEpsilon: number;
}

/** The matrices that are adapted, under the names that adapters give them. */
export const MATRICES = ['qkv', 'out', 'up', 'down'] as const;
export type Matrix = (typeof MATRICES)[number];

/** Leaves a share of the numbers out, others each time (Srivastava et al. 2014). */
class Dropout {
  readonly #share: number;
  readonly #random: () => number;
  readonly #work = new Workspace();
  #kept: Float32Array = new Float32Array();

  constructor(share: number, random: () => number) {
    this.#share = share;
    this.#random = random;
  }

  /** In place, as `backward`. */
  forward(values: Float32Array): void {
    this.#kept = this.#work.take('kept', values.length);
    const scale = 1 / (1 - this.#share);
    for (let i = 0; i < values.length; i += 1) this.#kept[i] = this.#random() < this.#share ? 0 : scale;
    this.backward(values);
  }

  backward(values: Float32Array): void {
    for (let i = 0; i < values.length; i += 1) values[i] = (values[i] as number) * (this.#kept[i] as number);
  }
}

export class AdaptedLayer {
  readonly matrices: Readonly<Record<Matrix, AdaptedLinear>>;
  readonly #attention: Attention;
  readonly #attentionNorm: LayerNorm;
  readonly #gelu = new Gelu();
  readonly #ffnNorm: LayerNorm;
  readonly #dropouts: readonly [Dropout, Dropout] | null;

  /** @param random draws the first values, and what is left out if `dropout` is not 0 */
  constructor(
    weights: LayerWeights,
    { heads, hidden, normEpsilon }: LayerShape,
    { rank, dropout }: { readonly rank: number; readonly dropout: number },
    random: () => number,
    times: TimesTransposed,
  ) {
    const adapted = (matrix: Matrix): AdaptedLinear =>
      new AdaptedLinear(weights[matrix], rank, random, times);
    this.matrices = { qkv: adapted('qkv'), out: adapted('out'), up: adapted('up'), down: adapted('down') };
    this.#attention = new Attention(heads, hidden);
    this.#attentionNorm = new LayerNorm(weights.attentionNorm, normEpsilon);
    this.#ffnNorm = new LayerNorm(weights.ffnNorm, normEpsilon);
    this.#dropouts = dropout === 0 ? null : [new Dropout(dropout, random), new Dropout(dropout, random)];
  }

  get parameters(): Parameter[] {
    return MATRICES.flatMap((matrix) => [this.matrices[matrix].inner, this.matrices[matrix].outer]);
  }

  /**
   * @param states [rows][hidden] of all texts, one behind the other
   * @param lengths rows of each text
   * @param isLearning whether some numbers are left out, and `backward` follows
   * @returns the same of the next layer, until the next call
   */
  forward(states: Float32Array, lengths: Int32Array, isLearning: boolean): Float32Array {
    const dropouts = isLearning ? this.#dropouts : null;
    const { qkv, out, up, down } = this.matrices;
    const rows = lengths.reduce((sum, length) => sum + length, 0);
    const attended = out.forward(this.#attention.forward(qkv.forward(states, rows), lengths), rows);
    dropouts?.[0].forward(attended);
    add(attended, states);
    const middle = this.#attentionNorm.forward(attended);
    const fed = down.forward(this.#gelu.forward(up.forward(middle, rows)), rows);
    dropouts?.[1].forward(fed);
    add(fed, middle);
    return this.#ffnNorm.forward(fed);
  }

  /** @param gradient of what `forward` gave @returns that of the states, until the next call */
  backward(gradient: Float32Array): Float32Array {
    const { qkv, out, up, down } = this.matrices;
    const rows = gradient.length / out.outputs;
    const afterFed = this.#ffnNorm.backward(gradient);
    const fed = afterFed.slice();
    this.#dropouts?.[1].backward(fed);
    const middle = up.backward(this.#gelu.backward(down.backward(fed, rows)), rows);
    add(middle, afterFed);
    const afterAttended = this.#attentionNorm.backward(middle);
    const attended = afterAttended.slice();
    this.#dropouts?.[0].backward(attended);
    const states = qkv.backward(this.#attention.backward(out.backward(attended, rows)), rows);
    add(states, afterAttended);
    return states;
  }
}

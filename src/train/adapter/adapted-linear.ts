/**
 * A matrix that stays as it is, beside a product of two narrow ones that is learned: y = W x + b + B (A x) (LoRA,
 * Hu et al. 2021, arXiv 2106.09685). B begins as zeros, so that learning begins at the encoder as it is.
 */

import type { TimesTransposed } from '../../engine/native/addon.ts';
import type { LinearWeights } from '../../engine/pack/layer-weights.ts';
import { Parameter } from './adam.ts';
import { transpose, Workspace } from './matrices.ts';

const DECAY = 0.01;

export class AdaptedLinear {
  readonly outputs: number;
  readonly inputs: number;
  readonly rank: number;
  /** A, [rank][inputs] */
  readonly inner: Parameter;
  /** B, [outputs][rank] */
  readonly outer: Parameter;
  readonly #times: TimesTransposed;
  readonly #weights: LinearWeights;
  readonly #turned: Float32Array;
  readonly #work = new Workspace();
  #input: Float32Array = new Float32Array();
  #narrow: Float32Array = new Float32Array();

  constructor(weights: LinearWeights, rank: number, random: () => number, times: TimesTransposed) {
    this.#weights = weights;
    this.#times = times;
    this.outputs = weights.bias.length;
    this.inputs = weights.weight.length / this.outputs;
    this.rank = rank;
    this.#turned = new Float32Array(weights.weight.length);
    transpose(weights.weight, this.outputs, this.inputs, this.#turned);
    const spread = Math.sqrt(3 / this.inputs);
    const start = Float32Array.from({ length: rank * this.inputs }, () => (2 * random() - 1) * spread);
    this.inner = new Parameter(start, DECAY);
    this.outer = new Parameter(new Float32Array(this.outputs * rank), DECAY);
  }

  /** @param input [rows][inputs], which must stay as it is until `backward` @returns [rows][outputs] */
  forward(input: Float32Array, rows: number): Float32Array {
    const { outputs, inputs, rank } = this;
    const output = this.#work.take('output', rows * outputs);
    const { weight, bias } = this.#weights;
    for (let row = 0; row < rows; row += 1) output.set(bias, row * outputs);
    this.#times(input, rows, weight, outputs, inputs, output, true);
    this.#input = input;
    this.#narrow = this.#work.take('narrow', rows * rank);
    this.#times(input, rows, this.inner.values, rank, inputs, this.#narrow, false);
    this.#times(this.#narrow, rows, this.outer.values, outputs, rank, output, true);
    return output;
  }

  /** @param gradient of the output @returns that of the input; those of A and B are added to theirs */
  backward(gradient: Float32Array, rows: number): Float32Array {
    const { outputs, inputs, rank } = this;
    const take = (name: string, size: number): Float32Array => this.#work.take(name, size);
    const outerTurned = take('outer', rank * outputs);
    transpose(this.outer.values, outputs, rank, outerTurned);
    const narrow = take('narrow gradient', rows * rank);
    this.#times(gradient, rows, outerTurned, rank, outputs, narrow, false);
    const gradientTurned = take('turned', Math.max(outputs, inputs) * rows);
    transpose(gradient, rows, outputs, gradientTurned);
    const narrowTurned = take('narrow turned', rank * rows);
    transpose(this.#narrow, rows, rank, narrowTurned);
    this.#times(gradientTurned, outputs, narrowTurned, rank, rows, this.outer.gradient, true);
    transpose(this.#input, rows, inputs, gradientTurned);
    transpose(narrow, rows, rank, narrowTurned);
    this.#times(narrowTurned, rank, gradientTurned, inputs, rows, this.inner.gradient, true);
    const result = take('input gradient', rows * inputs);
    this.#times(gradient, rows, this.#turned, inputs, outputs, result, false);
    const innerTurned = take('inner', inputs * rank);
    transpose(this.inner.values, rank, inputs, innerTurned);
    this.#times(narrow, rows, innerTurned, inputs, rank, result, true);
    return result;
  }
}

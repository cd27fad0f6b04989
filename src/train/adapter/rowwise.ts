/** What is done to single numbers and single rows, there and back: GELU and layer norm. */
import type { NormWeights } from '../../engine/pack/layer-weights.ts';
import { Workspace } from './matrices.ts';

/** x · Φ(x) (Hendrycks and Gimpel 2016, arXiv 1606.08415); Φ by formula 7.1.26 of Abramowitz and Stegun (error 1.5e-7). */
export class Gelu {
  readonly #work = new Workspace();
  #slope: Float32Array = new Float32Array();

  forward(input: Float32Array): Float32Array {
    const output = this.#work.take('output', input.length);
    this.#slope = this.#work.take('slope', input.length);
    for (let i = 0; i < input.length; i += 1) {
      const x = input[i] as number;
      const bell = Math.exp((-x * x) / 2);
      const t = 1 / (1 + 0.3275911 * Math.abs(x) * Math.SQRT1_2);
      const tail =
        t *
        (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) *
        bell;
      const share = x < 0 ? tail / 2 : 1 - tail / 2;
      output[i] = x * share;
      this.#slope[i] = share + x * bell * 0.3989422804014327;
    }
    return output;
  }

  /** In place: the gradient of the output becomes that of the input. */
  backward(gradient: Float32Array): Float32Array {
    for (let i = 0; i < gradient.length; i += 1) {
      gradient[i] = (gradient[i] as number) * (this.#slope[i] as number);
    }
    return gradient;
  }
}

/** Layer norm (Ba et al. 2016, arXiv 1607.06450). Its weights stay as they are. */
export class LayerNorm {
  readonly #weights: NormWeights;
  readonly #epsilon: number;
  readonly #work = new Workspace();
  /** The input, without its mean and of variance 1. */
  #even: Float32Array = new Float32Array();
  #inverse: Float32Array = new Float32Array();

  constructor(weights: NormWeights, epsilon: number) {
    this.#weights = weights;
    this.#epsilon = epsilon;
  }

  forward(input: Float32Array): Float32Array {
    const { weight, bias } = this.#weights;
    const width = weight.length;
    const output = this.#work.take('output', input.length);
    this.#even = this.#work.take('even', input.length);
    this.#inverse = this.#work.take('inverse', input.length / width);
    for (let from = 0; from < input.length; from += width) {
      let mean = 0;
      for (let k = 0; k < width; k += 1) mean += input[from + k] as number;
      mean /= width;
      let variance = 0;
      for (let k = 0; k < width; k += 1) variance += ((input[from + k] as number) - mean) ** 2;
      const inverse = 1 / Math.sqrt(variance / width + this.#epsilon);
      this.#inverse[from / width] = inverse;
      for (let k = 0; k < width; k += 1) {
        const even = ((input[from + k] as number) - mean) * inverse;
        this.#even[from + k] = even;
        output[from + k] = even * (weight[k] as number) + (bias[k] as number);
      }
    }
    return output;
  }

  /** @param gradient of the output @returns that of the input */
  backward(gradient: Float32Array): Float32Array {
    const { weight } = this.#weights;
    const width = weight.length;
    const even = this.#even;
    const result = this.#work.take('gradient', gradient.length);
    for (let from = 0; from < gradient.length; from += width) {
      let [mean, along] = [0, 0];
      for (let k = 0; k < width; k += 1) {
        const each = (gradient[from + k] as number) * (weight[k] as number);
        mean += each;
        along += each * (even[from + k] as number);
      }
      mean /= width;
      along /= width;
      const inverse = this.#inverse[from / width] as number;
      for (let k = 0; k < width; k += 1) {
        const each = (gradient[from + k] as number) * (weight[k] as number);
        result[from + k] = (each - mean - (even[from + k] as number) * along) * inverse;
      }
    }
    return result;
  }
}

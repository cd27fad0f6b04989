/**
 * What an adapter is learned by: a message's vector should point the way of its intent, more than that of any other
 * (softmax over cosines: Wang et al. 2018, "CosFace", arXiv 1801.09414, without its margin).
 */
import { Parameter } from './adam.ts';
import { Workspace } from './matrices.ts';

/** What cosines are divided by before the softmax. */
const TEMPERATURE = 0.05;
/** Directions are the means of messages to begin with, and need to move less than an adapter that begins at nothing. */
const RATE_SHARE = 0.3;

export class ClassScores {
  /** [classes][width], of any length. */
  readonly directions: Parameter;
  readonly #width: number;
  readonly #classes: number;
  readonly #work = new Workspace();

  constructor(means: Float32Array, classes: number) {
    this.directions = new Parameter(means, 0, RATE_SHARE);
    this.#classes = classes;
    this.#width = means.length / classes;
  }

  /**
   * The mean loss of some texts, and its gradient.
   * @param states [rows][width] of the last layer
   * @param lengths rows of each text
   * @param labels the class of each text
   * @returns the loss, and the gradient of the states until the next call
   */
  learn(
    states: Float32Array,
    lengths: Int32Array,
    labels: Int32Array,
  ): { loss: number; gradient: Float32Array } {
    const width = this.#width;
    const gradient = this.#work.take('states', states.length);
    const unit = this.#unitDirections();
    const unitGradient = this.#work.take('unit gradient', unit.values.length);
    unitGradient.fill(0);
    let [loss, first] = [0, 0];
    for (const [text, length] of lengths.entries()) {
      const { vector, norm } = pooled(states, first, length, width);
      const [each, ofVector] = this.#learnOne(vector, labels[text] as number, unit.values, unitGradient);
      loss += each / lengths.length;
      const share = 1 / (lengths.length * norm * length);
      const along = ofVector.reduce((sum, value, d) => sum + value * (vector[d] as number), 0);
      for (let d = 0; d < width; d += 1) {
        const value = ((ofVector[d] as number) - along * (vector[d] as number)) * share;
        for (let row = first; row < first + length; row += 1) gradient[row * width + d] = value;
      }
      first += length;
    }
    this.#spread(unit, unitGradient, 1 / lengths.length);
    return { loss, gradient };
  }

  /** The loss of one vector and its gradient; that of the unit directions is added to. */
  #learnOne(
    vector: Float64Array,
    label: number,
    unit: Float32Array,
    unitGradient: Float32Array,
  ): [number, Float64Array] {
    const width = this.#width;
    const scores = Float64Array.from({ length: this.#classes }, (_, k) => {
      let sum = 0;
      for (let d = 0; d < width; d += 1) sum += (vector[d] as number) * (unit[k * width + d] as number);
      return sum / TEMPERATURE;
    });
    const largest = Math.max(...scores);
    const total = scores.reduce((sum, score) => sum + Math.exp(score - largest), 0);
    const loss = largest + Math.log(total) - (scores[label] as number);
    const gradient = new Float64Array(width);
    for (const [k, score] of scores.entries()) {
      const away = (Math.exp(score - largest) / total - (k === label ? 1 : 0)) / TEMPERATURE;
      for (let d = 0; d < width; d += 1) {
        const at = k * width + d;
        gradient[d] = (gradient[d] as number) + away * (unit[at] as number);
        unitGradient[at] = (unitGradient[at] as number) + away * (vector[d] as number);
      }
    }
    return [loss, gradient];
  }

  #unitDirections(): { values: Float32Array; norms: Float64Array } {
    const width = this.#width;
    const { values } = this.directions;
    const norms = Float64Array.from({ length: this.#classes }, (_, k) =>
      Math.hypot(...values.subarray(k * width, (k + 1) * width)),
    );
    const unit = this.#work.take('unit', values.length);
    for (let i = 0; i < values.length; i += 1) {
      unit[i] = (values[i] as number) / (norms[Math.floor(i / width)] as number);
    }
    return { values: unit, norms };
  }

  /** From the gradient of unit directions to that of directions of any length. */
  #spread(
    { values, norms }: { values: Float32Array; norms: Float64Array },
    unitGradient: Float32Array,
    share: number,
  ): void {
    const width = this.#width;
    const { gradient } = this.directions;
    for (let k = 0; k < this.#classes; k += 1) {
      let along = 0;
      for (let at = k * width; at < (k + 1) * width; at += 1) {
        along += (unitGradient[at] as number) * (values[at] as number);
      }
      for (let at = k * width; at < (k + 1) * width; at += 1) {
        const each = (unitGradient[at] as number) - along * (values[at] as number);
        gradient[at] = (gradient[at] as number) + (each * share) / (norms[k] as number);
      }
    }
  }
}

/** The mean of a text's rows, and that of length 1. */
export function pooled(
  states: Float32Array,
  first: number,
  length: number,
  width: number,
): { vector: Float64Array; norm: number } {
  const mean = new Float64Array(width);
  for (let row = first; row < first + length; row += 1) {
    for (let d = 0; d < width; d += 1) mean[d] = (mean[d] as number) + (states[row * width + d] as number);
  }
  let square = 0;
  for (let d = 0; d < width; d += 1) {
    mean[d] = (mean[d] as number) / length;
    square += (mean[d] as number) ** 2;
  }
  const norm = Math.sqrt(square) || 1;
  return { vector: mean.map((value) => value / norm), norm };
}

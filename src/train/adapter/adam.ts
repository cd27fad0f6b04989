/** Adam with weight decay apart from the gradient (Loshchilov and Hutter 2019, arXiv 1711.05101). */

const MEAN_DECAY = 0.9;
const SQUARE_DECAY = 0.98;
const EPSILON = 1e-8;

/** Numbers that are learned. */
export class Parameter {
  readonly values: Float32Array;
  /** Added to by whoever goes back through what the values did; cleared by a step. */
  readonly gradient: Float32Array;
  /** What a step takes off the values, whatever the gradient: a share of them, times the rate. */
  readonly decay: number;
  /** The rate of these values, as a multiple of the others'. */
  readonly rateShare: number;
  readonly #mean: Float32Array;
  readonly #square: Float32Array;
  #steps = 0;

  constructor(values: Float32Array, decay: number, rateShare = 1) {
    this.values = values;
    this.decay = decay;
    this.rateShare = rateShare;
    this.gradient = new Float32Array(values.length);
    this.#mean = new Float32Array(values.length);
    this.#square = new Float32Array(values.length);
  }

  /** @param scale what the gradient is multiplied by first */
  step(rate: number, scale: number): void {
    this.#steps += 1;
    const own = rate * this.rateShare;
    const meanShare = 1 / (1 - MEAN_DECAY ** this.#steps);
    const squareShare = 1 / (1 - SQUARE_DECAY ** this.#steps);
    const [values, gradients, means, squares] = [this.values, this.gradient, this.#mean, this.#square];
    for (let i = 0; i < values.length; i += 1) {
      const gradient = (gradients[i] as number) * scale;
      const mean = MEAN_DECAY * (means[i] as number) + (1 - MEAN_DECAY) * gradient;
      const square = SQUARE_DECAY * (squares[i] as number) + (1 - SQUARE_DECAY) * gradient * gradient;
      means[i] = mean;
      squares[i] = square;
      const value = values[i] as number;
      const move = (mean * meanShare) / (Math.sqrt(square * squareShare) + EPSILON);
      values[i] = value - own * (move + this.decay * value);
    }
    this.gradient.fill(0);
  }
}

/** One step of all, their gradient together cut to `normMax` (Pascanu et al. 2013, arXiv 1211.5063). */
export function stepTogether(parameters: readonly Parameter[], rate: number, normMax: number): void {
  let square = 0;
  for (const { gradient } of parameters) for (const each of gradient) square += each * each;
  const scale = Math.min(1, normMax / (Math.sqrt(square) + EPSILON));
  for (const parameter of parameters) parameter.step(rate, scale);
}

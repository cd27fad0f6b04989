/**
 * Has what arrives changed since the calibration? Told from the confidences alone: nobody has to say what was right.
 *
 * A conformal test martingale (Vovk 2021, "Testing Randomness Online", arXiv:1906.09256): while all confidences,
 * those of the calibration and those since, could have come in any order, the rank of the newest among all so far is
 * uniform and tells nothing about the next. A player who wins money by betting that it is not so has found a change.
 * The chance of a false alarm is bounded for as long as it runs, and exactly so, whatever the distribution is.
 */
import { BettingGame } from './betting.ts';
import { seededRandom } from './random.ts';

/** Confidences are kept as counts of bins: ranks among bins are as good, with ties drawn by lot. */
export const CONFIDENCE_BINS = 200;

/**
 * What is bet on, as slopes over the rank: that ranks move up or down (first pair of lists), and that they move outward
 * or inward. Two each, since a small change needs a small bet.
 */
const SLOPES = [-1.6, -0.6, 0.6, 1.6];

export function binOf(confidence: number): number {
  return Math.max(0, Math.min(CONFIDENCE_BINS - 1, Math.floor(confidence * CONFIDENCE_BINS)));
}

/** How many confidences fall into each bin. */
export function countBins(confidences: Iterable<number>): number[] {
  const counts = new Array<number>(CONFIDENCE_BINS).fill(0);
  for (const confidence of confidences) {
    const bin = binOf(confidence);
    counts[bin] = (counts[bin] as number) + 1;
  }
  return counts;
}

export class DriftWatch {
  readonly #counts: number[];
  readonly #game = new BettingGame(2 * SLOPES.length);
  readonly #random: () => number;
  #total: number;

  /** @param counts of the calibration's confidences, by bin @param seed of the lots that break ties */
  constructor(counts: readonly number[], seed: number) {
    this.#counts = Array.from({ length: CONFIDENCE_BINS }, (_, bin) => counts[bin] ?? 0);
    this.#total = this.#counts.reduce((sum, count) => sum + count, 0);
    this.#random = seededRandom(seed);
  }

  observe(confidence: number): void {
    const rank = this.#rank(binOf(confidence));
    const outward = Math.abs(2 * rank - 1);
    this.#game.play([rank, outward].flatMap((place) => SLOPES.map((slope) => 1 + slope * (place - 0.5))));
  }

  /** At or above 1/d: a change, with a chance of a false alarm of at most d. */
  get wealth(): number {
    return this.#game.wealth;
  }

  /** The share of all so far that is below the newest, itself counted, ties by lot: uniform while nothing changes. */
  #rank(bin: number): number {
    this.#counts[bin] = (this.#counts[bin] as number) + 1;
    this.#total += 1;
    let below = 0;
    for (let i = 0; i < bin; i += 1) below += this.#counts[i] as number;
    return (below + this.#random() * (this.#counts[bin] as number)) / this.#total;
  }
}

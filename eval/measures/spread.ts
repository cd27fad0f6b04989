/** How far a figure can be trusted. */
import { seeded } from '../reading/random.ts';

export interface Estimate {
  readonly mean: number;
  /** What it would vary by with other draws of examples and other test messages; NaN where that is not known. */
  readonly standardError: number;
}

/**
 * The mean of a share (an accuracy, a recall) over several draws of the examples, each tested on the same `tested`
 * messages: the draws' own spread, and that of a sample of so many messages.
 */
export function shareOverDraws(shares: readonly number[], tested: number): Estimate {
  const mean = meanOf(shares);
  return { mean, standardError: Math.sqrt(drawVariance(shares) + (mean * (1 - mean)) / tested) };
}

/** The same for a figure whose own standard error is known for each draw (an AUROC). */
export function overDraws(values: readonly number[], standardErrors: readonly number[]): Estimate {
  return {
    mean: meanOf(values),
    standardError: Math.sqrt(drawVariance(values) + meanOf(standardErrors.map((each) => each * each))),
  };
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The variance of the mean of the draws; 0 where there is one. */
function drawVariance(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return squares / (values.length - 1) / values.length;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The middle 95 % of a figure over bootstrap samples (Efron 1979; percentile intervals). Rows are drawn with
 * replacement; `figuresOf` gets how often each was drawn and gives as many figures as there are intervals wanted.
 */
export function bootstrap(
  rows: number,
  rounds: number,
  seed: string,
  figuresOf: (counts: readonly number[]) => readonly number[],
): Interval[] {
  const random = seeded(seed);
  const drawn: number[][] = [];
  for (let round = 0; round < rounds; round += 1) {
    const counts = new Array<number>(rows).fill(0);
    for (let i = 0; i < rows; i += 1) {
      const row = Math.floor(random() * rows);
      counts[row] = (counts[row] as number) + 1;
    }
    figuresOf(counts).forEach((figure, at) => {
      drawn[at] ??= [];
      drawn[at].push(figure);
    });
  }
  return drawn.map((figures) => {
    const sorted = figures.filter((figure) => !Number.isNaN(figure)).sort((a, b) => a - b);
    const at = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
    return { low: at(0.025), high: at(0.975) };
  });
}

/** Wilson's interval, 95 %, of a share seen `hits` times in `trials` (Wilson 1927). */
export function wilson(hits: number, trials: number): Interval {
  if (trials === 0) return { low: 0, high: 1 };
  const z = 1.959964;
  const share = hits / trials;
  const centre = share + (z * z) / (2 * trials);
  const reach = z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  const whole = 1 + (z * z) / trials;
  return { low: Math.max(0, (centre - reach) / whole), high: Math.min(1, (centre + reach) / whole) };
}

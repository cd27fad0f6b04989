/**
 * Whether confidences keep their word, and what can be answered when only the surest messages are. Outcomes carry
 * weights, so that a sample can stand for traffic of another mix.
 */

export interface WeightedOutcome {
  readonly confidence: number;
  readonly right: boolean;
  readonly weight: number;
}

/** One dot of a reliability diagram. */
export interface ReliabilityBin {
  /** Mean confidence, and share of right ones. */
  readonly confidence: number;
  readonly right: number;
  /** Its share of all weight. */
  readonly share: number;
}

const BINS = 10;

/** Ten bins of equal weight, from the least confident up. */
export function reliabilityBins(outcomes: readonly WeightedOutcome[]): ReliabilityBin[] {
  const sorted = outcomes.toSorted((a, b) => a.confidence - b.confidence);
  const total = weightOf(sorted);
  const bins = Array.from({ length: BINS }, () => [] as WeightedOutcome[]);
  let seen = 0;
  for (const outcome of sorted) {
    // By the middle of its weight: the last one ends where the last bin does.
    bins[Math.floor(((seen + outcome.weight / 2) / total) * BINS)]?.push(outcome);
    seen += outcome.weight;
  }
  return bins.flatMap((bin) => {
    const weight = weightOf(bin);
    if (weight === 0) return [];
    const mean = (value: (outcome: WeightedOutcome) => number): number =>
      bin.reduce((sum, outcome) => sum + outcome.weight * value(outcome), 0) / weight;
    return [
      {
        confidence: mean(({ confidence }) => confidence),
        right: mean(({ right }) => (right ? 1 : 0)),
        share: weight / total,
      },
    ];
  });
}

/** Expected calibration error (Naeini et al. 2015, "Obtaining Well Calibrated Probabilities Using Bayesian Binning"). */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number {
  return bins.reduce((sum, { share, confidence, right }) => sum + share * Math.abs(confidence - right), 0);
}

/** What comes of answering all messages from a confidence on. */
export interface CoveragePoint {
  readonly confidence: number;
  /** Share that is answered, and share of wrong answers among those. */
  readonly coverage: number;
  readonly error: number;
}

/**
 * A point for each confidence there is, from the highest down (the risk–coverage curve; El-Yaniv and Wiener 2010, "On
 * the Foundations of Noise-free Selective Classification").
 */
export function coverageCurve(outcomes: readonly WeightedOutcome[]): CoveragePoint[] {
  const sorted = outcomes.toSorted((a, b) => b.confidence - a.confidence);
  const total = weightOf(sorted);
  const points: CoveragePoint[] = [];
  let [answered, wrong] = [0, 0];
  for (const [at, { confidence, right, weight }] of sorted.entries()) {
    answered += weight;
    if (!right) wrong += weight;
    // Equal confidences are answered together or not at all.
    if (sorted[at + 1]?.confidence === confidence) continue;
    points.push({ confidence, coverage: answered / total, error: wrong / answered });
  }
  return points;
}

/** The point that answers most with a share of wrong answers of `errorMax` at most; null if none does. */
export function coverageAt(errorMax: number, curve: readonly CoveragePoint[]): CoveragePoint | null {
  return curve.findLast(({ error }) => error <= errorMax) ?? null;
}

/** The chance that one of `high` is above one of `low`, equal ones counting half; null where either is empty. */
export function chanceAbove(high: readonly number[], low: readonly number[]): number | null {
  if (high.length === 0 || low.length === 0) return null;
  const lows = Float64Array.from(low).sort();
  let sum = 0;
  for (const value of high) sum += (countBelow(lows, value, false) + countBelow(lows, value, true)) / 2;
  return sum / (high.length * low.length);
}

/** How many of the rising `values` are below `limit`, or up to it. */
function countBelow(values: Float64Array, limit: number, orEqual: boolean): number {
  let [from, to] = [0, values.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const value = values[middle] as number;
    if (value < limit || (orEqual && value === limit)) from = middle + 1;
    else to = middle;
  }
  return from;
}

function weightOf(outcomes: readonly WeightedOutcome[]): number {
  return outcomes.reduce((sum, { weight }) => sum + weight, 0);
}

/**
 * Exact tails of the binomial distribution, and the exact bounds of a share that follow from them. No normal
 * approximation: at an error of one in a hundred, it promises too much.
 */

/** Steps of the bisection: each halves the interval, and a double has 53 bits. */
const BISECTIONS = 60;
/** A term this much smaller than the sum so far, and all after it, change nothing. */
const NEGLIGIBLE = 1e-17;

/** The chance of `successes` or fewer in `trials`, each with the chance `share`. */
export function binomialAtMost(successes: number, trials: number, share: number): number {
  if (successes >= trials || share <= 0) return 1;
  if (successes < 0 || share >= 1) return 0;
  // The smaller tail is summed: what is left of one by the larger would be lost in rounding.
  if (successes < trials * share) return sumDownwards(successes, trials, share);
  return Math.max(0, 1 - sumDownwards(trials - successes - 1, trials, 1 - share));
}

/** Σ of the terms from `successes` down to 0, below the mode: each is smaller than the one before. */
function sumDownwards(successes: number, trials: number, share: number): number {
  const odds = (1 - share) / share;
  let term = 1;
  let sum = 1;
  for (let i = successes; i > 0 && term > NEGLIGIBLE * sum; i -= 1) {
    term *= (i * odds) / (trials - i + 1);
    sum += term;
  }
  return Math.min(1, Math.exp(logTerm(successes, trials, share)) * sum);
}

function logTerm(successes: number, trials: number, share: number): number {
  const failures = trials - successes;
  const ways = logFactorial(trials) - logFactorial(successes) - logFactorial(failures);
  return ways + successes * Math.log(share) + failures * Math.log1p(-share);
}

const EXACT_BELOW = 128;
const SMALL = (() => {
  const logs = [0];
  for (let n = 1; n < EXACT_BELOW; n += 1) logs.push((logs[n - 1] as number) + Math.log(n));
  return logs;
})();

/** log n!: added up where n is small, by Stirling's series (three terms: exact to a double's digits) above. */
export function logFactorial(n: number): number {
  if (n < EXACT_BELOW) return SMALL[n] as number;
  const inverse = 1 / n;
  const series = inverse * (1 / 12 - inverse ** 2 * (1 / 360 - inverse ** 2 / 1260));
  return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + series;
}

/**
 * The least share that is ruled out from above: whatever the true share is, it is at most this with a chance of at
 * least 1 − `doubt` (Clopper and Pearson 1934, "The Use of Confidence or Fiducial Limits Illustrated in the Case of
 * the Binomial"). 1 where there are no trials.
 */
export function shareAtMost(successes: number, trials: number, doubt: number): number {
  if (trials === 0 || successes >= trials) return 1;
  return bisect(successes / trials, 1, (share) => binomialAtMost(successes, trials, share) > doubt).high;
}

/** The same from below: the true share is at least this. 0 where there are no trials. */
export function shareAtLeast(successes: number, trials: number, doubt: number): number {
  return 1 - shareAtMost(trials - successes, trials, doubt);
}

/** Narrows down where `holds` turns from true (at `low`) to false (at `high`). */
export function bisect(
  low: number,
  high: number,
  holds: (value: number) => boolean,
): { readonly low: number; readonly high: number } {
  let [from, to] = [low, high];
  for (let step = 0; step < BISECTIONS; step += 1) {
    const middle = (from + to) / 2;
    if (holds(middle)) from = middle;
    else to = middle;
  }
  return { low: from, high: to };
}

/** Held against sums of whole numbers of any size, which cannot round. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { binomialAtMost, logFactorial, shareAtLeast, shareAtMost } from '../../src/statistics/binomial.ts';

/** The same chance for a share of `parts` in `whole`, to 18 digits. */
function exactly(successes: number, trials: number, parts: number, whole: number): number {
  let ways = 1n;
  let sum = 0n;
  for (let i = 0; i <= successes; i += 1) {
    sum += ways * BigInt(parts) ** BigInt(i) * BigInt(whole - parts) ** BigInt(trials - i);
    ways = (ways * BigInt(trials - i)) / BigInt(i + 1);
  }
  const scale = 10n ** 30n;
  return Number((sum * scale) / BigInt(whole) ** BigInt(trials)) / 1e30;
}

describe('the tail', () => {
  test('is that of whole numbers', () => {
    const cases = fc.record({
      trials: fc.integer({ min: 1, max: 300 }),
      parts: fc.integer({ min: 1, max: 999 }),
    });
    fc.assert(
      fc.property(cases, fc.nat(), ({ trials, parts }, any) => {
        const successes = any % trials;
        const expected = exactly(successes, trials, parts, 1000);
        const error = Math.abs(binomialAtMost(successes, trials, parts / 1000) - expected);
        expect(error).toBeLessThan(1e-12 + 1e-10 * expected);
      }),
    );
  });

  test.each([
    [0, 299, 0.01, 0.99 ** 299],
    [5, 5, 0.3, 1],
    [-1, 5, 0.3, 0],
    [3, 5, 0, 1],
    [3, 5, 1, 0],
    // scipy.stats.binom.cdf
    [9_800, 1_000_000, 0.01, 0.022_212_510_364_735_48],
    [100_500, 1_000_000, 0.1, 0.952_296_753_767_806_4],
  ])('of %i in %i at %d is %d', (successes, trials, share, expected) => {
    expect(binomialAtMost(successes, trials, share)).toBeCloseTo(expected, 9);
  });

  test('log n! goes over from sum to series without a step', () => {
    for (const n of [126, 127, 128, 129, 500]) {
      expect(logFactorial(n) - logFactorial(n - 1)).toBeCloseTo(Math.log(n), 11);
    }
  });
});

describe('the bounds', () => {
  test('are those of Clopper and Pearson', () => {
    // The rule of three, exact: none wrong in n leaves 1 − doubt^(1/n).
    expect(shareAtMost(0, 300, 0.05)).toBeCloseTo(1 - 0.05 ** (1 / 300), 12);
    // scipy.stats.beta.ppf(0.95, 4, 97) and (0.05, 3, 98)
    expect(shareAtMost(3, 100, 0.05)).toBeCloseTo(0.075_710_8, 6);
    expect(shareAtLeast(3, 100, 0.05)).toBeCloseTo(0.008_225_8, 6);
    expect([shareAtMost(0, 0, 0.05), shareAtLeast(0, 0, 0.05)]).toEqual([1, 0]);
    expect([shareAtMost(7, 7, 0.05), shareAtLeast(0, 7, 0.05)]).toEqual([1, 0]);
  });

  test.each([0.003, 0.01, 0.05, 0.3, 0.7])(
    'miss a true share of %d as seldom as they say, whatever comes',
    (share) => {
      for (const trials of [10, 100, 300]) {
        let missed = 0;
        for (let wrong = 0; wrong <= trials; wrong += 1) {
          const chance = binomialAtMost(wrong, trials, share) - binomialAtMost(wrong - 1, trials, share);
          if (shareAtMost(wrong, trials, 0.1) < share) missed += chance;
        }
        expect(missed).toBeLessThanOrEqual(0.1);
      }
    },
  );
});

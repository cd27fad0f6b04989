/** Ville's bound and what is found, by simulation with fixed seeds: looked at after every observation. */
import { describe, expect, test } from '@jest/globals';
import { BettingGame, boundsAtAnyTime, ErrorWatch } from '../../src/statistics/betting.ts';
import { shareAtMost } from '../../src/statistics/binomial.ts';
import { seededRandom } from '../../src/statistics/random.ts';

/** In how many of `runs` the alarm comes within `steps`, and after how many in the mean. */
function alarms(runs: number, steps: number, errorAt: (step: number) => number, seed: number) {
  const random = seededRandom(seed);
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const watch = new ErrorWatch(0.05);
    for (let step = 0; step < steps; step += 1) {
      watch.observe(random() < errorAt(step));
      if (watch.wealth >= 20) {
        times.push(step);
        break;
      }
    }
  }
  return { share: times.length / runs, mean: times.reduce((sum, time) => sum + time, 0) / times.length };
}

describe('the watch over the error', () => {
  test('gives a false alarm no more often than it says, looked at 2,000 times', () => {
    // At 20 times the stake: 5 %. Beyond 8 %, 400 runs of a true 5 % come less than once in a hundred times.
    expect(alarms(400, 2000, () => 0.05, 1).share).toBeLessThanOrEqual(0.08);
  });

  test('also where the error comes and goes, as long as it stays within the bound', () => {
    expect(alarms(400, 1000, (step) => (Math.floor(step / 50) % 2 === 0 ? 0.05 : 0), 2).share).toBeLessThan(
      0.05,
    );
  });

  test.each([
    [0.1, 0, 900],
    [0.2, 0, 200],
    [0.2, 2000, 200],
  ])('finds an error of %d that begins after %i, within about %i', (error, from, within) => {
    const { share, mean } = alarms(60, from + 4000, (step) => (step < from ? 0.02 : error), 3);
    expect(share).toBe(1);
    expect(mean - from).toBeLessThan(within);
  });

  test('knows no bound that nothing could break', () => {
    const watch = new ErrorWatch(0.95);
    for (let i = 0; i < 100; i += 1) watch.observe(true);
    expect(watch.wealth).toBe(1);
  });
});

describe('the bounds that hold at all times', () => {
  test.each([0.01, 0.05, 0.4])(
    'miss a true share of %d at any of 1,000 times no more often than they say',
    (share) => {
      const random = seededRandom(8);
      const runs = 100;
      let missed = 0;
      for (let run = 0; run < runs; run += 1) {
        let wrong = 0;
        for (let total = 1; total <= 1000; total += 1) {
          wrong += random() < share ? 1 : 0;
          // Every time would be slow: a miss lasts, so looking now and then sees nearly all.
          if (total % 20 !== 0 && total > 20) continue;
          const { low, high } = boundsAtAnyTime(wrong, total, 0.1);
          if (share < low || share > high) {
            missed += 1;
            break;
          }
        }
      }
      expect(missed / runs).toBeLessThanOrEqual(0.19);
    },
  );

  test('close in, and are wider than bounds for one look only', () => {
    const widths = [10, 100, 1000, 10_000].map((total) => boundsAtAnyTime(total / 10, total, 0.05));
    widths.forEach(({ low, high }, i) => {
      expect(low).toBeLessThan(0.1);
      expect(high).toBeGreaterThan(shareAtMost(10 ** i, 10 ** (i + 1), 0.05));
    });
    expect(widths.at(-1)?.high).toBeLessThan(0.115);
    expect(boundsAtAnyTime(0, 0, 0.05)).toEqual({ low: 0, high: 1 });
    expect(boundsAtAnyTime(5, 5, 0.05).high).toBe(1);
    expect(boundsAtAnyTime(0, 5, 0.05).low).toBe(0);
  });
});

test('a game that pays nothing leaves the stake as it was; one that always pays grows without end, but to a number', () => {
  const fair = new BettingGame(2);
  const won = new BettingGame(1);
  for (let i = 0; i < 3000; i += 1) {
    fair.play([1, 1]);
    won.play([2]);
  }
  expect(fair.wealth).toBeCloseTo(1, 10);
  expect(Number.isFinite(won.wealth)).toBe(true);
  expect(won.wealth).toBeGreaterThan(1e100);
});

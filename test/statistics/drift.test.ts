/** False alarms and what is found, by simulation with fixed seeds. */
import { describe, expect, test } from '@jest/globals';
import { binOf, CONFIDENCE_BINS, countBins, DriftWatch } from '../../src/statistics/drift.ts';
import { seededRandom } from '../../src/statistics/random.ts';

/** A confidence of traffic that is mostly understood. */
const ordinary = (random: () => number): number => (random() < 0.7 ? 1 - random() ** 2 * 0.3 : random());
/** The same when more of it is about something new. */
const stranger = (random: () => number): number => (random() < 0.5 ? 1 - random() ** 2 * 0.3 : random());
/** Mostly the same value: ties must not look like a change. */
const lumpy = (random: () => number): number => (random() < 0.9 ? 0.999 : random());

type Draw = (random: () => number) => number;

function alarms(runs: number, calibration: number, steps: number, before: Draw, after: Draw, seed: number) {
  const random = seededRandom(seed);
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const watch = new DriftWatch(countBins(Array.from({ length: calibration }, () => before(random))), run);
    for (let step = 0; step < steps; step += 1) {
      watch.observe(after(random));
      if (watch.wealth >= 100) {
        times.push(step);
        break;
      }
    }
  }
  return { share: times.length / runs, mean: times.reduce((sum, time) => sum + time, 0) / times.length };
}

describe('the watch over the confidences', () => {
  test.each<[string, Draw]>([
    ['ordinary traffic', ordinary],
    ['traffic with nearly one confidence only', lumpy],
  ])('gives a false alarm no more often than it says: %s, few to compare with', (_, draw) => {
    // At 100 times the stake: 1 %. More than 9 of 300 come less than once in a thousand times.
    expect(alarms(300, 100, 1500, draw, draw, 1).share).toBeLessThanOrEqual(0.03);
  });

  test('finds that more is about something new', () => {
    const { share, mean } = alarms(30, 1000, 3000, ordinary, stranger, 2);
    expect(share).toBe(1);
    expect(mean).toBeLessThan(800);
  });

  test('finds that confidences move to both ends, their middle staying where it was', () => {
    const before: Draw = (random) => 0.25 + random() / 2;
    const after: Draw = (random) => random();
    expect(alarms(20, 1000, 2000, before, after, 3)).toMatchObject({ share: 1 });
  });
});

test('every confidence has a bin', () => {
  expect([0, 1, 0.5, -1, 2].map(binOf)).toEqual([
    0,
    CONFIDENCE_BINS - 1,
    CONFIDENCE_BINS / 2,
    0,
    CONFIDENCE_BINS - 1,
  ]);
  const counts = countBins([0, 0.001, 1]);
  expect([counts[0], counts.at(-1), counts.length]).toEqual([2, 1, CONFIDENCE_BINS]);
});

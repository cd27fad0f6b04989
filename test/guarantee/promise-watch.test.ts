import { describe, expect, test } from '@jest/globals';
import type { Guarantee } from '../../src/guarantee/calibration.ts';
import { BROKEN_DOUBT, PromiseWatch } from '../../src/guarantee/promise-watch.ts';
import { countBins } from '../../src/statistics/drift.ts';
import { seededRandom } from '../../src/statistics/random.ts';

function guarantee(random: () => number, count = 500): Guarantee {
  const confidences = countBins(Array.from({ length: count }, () => random()));
  return { rule: 'orders', scope: '', errorMax: 0.05, threshold: 0.8, stricter: 0.9, confidences };
}

describe('what arrives as before, and is as right as promised', () => {
  test('raises an alarm no more often than it says', () => {
    const random = seededRandom(1);
    const runs = 200;
    const levels = Array.from({ length: runs }, () => {
      const watch = new PromiseWatch(guarantee(random), 'kept');
      for (let i = 0; i < 600; i += 1) {
        watch.arrived(random());
        watch.said(random() < 0.05);
      }
      return watch.level;
    });
    expect(levels.filter((level) => level === 'broken').length / runs).toBeLessThanOrEqual(
      BROKEN_DOUBT + 0.03,
    );
    expect(levels.filter((level) => level !== 'kept').length / runs).toBeLessThanOrEqual(0.16);
  });
});

describe('the alarm is raised', () => {
  test('as danger where requests look otherwise, and no higher by that alone', () => {
    const random = seededRandom(2);
    const watch = new PromiseWatch(guarantee(random), 'kept');
    for (let i = 0; i < 2000; i += 1) watch.arrived(random() ** 2);
    expect([watch.level, watch.cause]).toEqual(['endangered', 'drift']);
  });

  test('through danger to broken where too many are wrong', () => {
    const random = seededRandom(3);
    const watch = new PromiseWatch(guarantee(random), 'kept');
    const seen = new Set<string>();
    for (let i = 0; i < 400; i += 1) {
      watch.said(random() < 0.25);
      seen.add(watch.level);
    }
    expect([...seen]).toEqual(['kept', 'endangered', 'broken']);
    expect(watch.cause).toBe('error');
    expect(watch.errorBounds().low).toBeGreaterThan(0.05);
    expect(watch.outcomes).toBe(400);
  });

  test('and stays, however well it goes from there', () => {
    const watch = new PromiseWatch(guarantee(seededRandom(4)), 'broken');
    for (let i = 0; i < 2000; i += 1) watch.said(false);
    expect([watch.level, watch.cause]).toEqual(['broken', null]);
  });
});

test('with next to nothing to compare with, nothing is compared', () => {
  const watch = new PromiseWatch(guarantee(seededRandom(5), 10), 'kept');
  for (let i = 0; i < 2000; i += 1) watch.arrived(0);
  expect(watch.level).toBe('kept');
});

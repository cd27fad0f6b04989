import { expect, test } from '@jest/globals';
import { bootstrap, meanOf, overDraws, shareOverDraws, wilson } from '../../../eval/measures/spread.ts';
import { seeded } from '../../../eval/reading/random.ts';

test('a share over draws has their spread and that of the test messages', () => {
  expect(shareOverDraws([0.9], 100)).toEqual({ mean: 0.9, standardError: Math.sqrt(0.09 / 100) });
  const { mean, standardError } = shareOverDraws([0.8, 0.9, 1], 100);
  expect(mean).toBeCloseTo(0.9, 9);
  expect(standardError).toBeCloseTo(Math.sqrt(0.01 / 3 + 0.09 / 100), 9);
});

test('a figure with errors of its own has both', () => {
  expect(overDraws([0.8, 0.9], [0.01, 0.02]).standardError).toBeCloseTo(
    Math.sqrt(0.0025 + (0.0001 + 0.0004) / 2),
    9,
  );
});

test('bootstrap intervals of a mean hold it about as often as they say', () => {
  let held = 0;
  const trials = 100;
  for (let trial = 0; trial < trials; trial += 1) {
    const random = seeded(`trial ${trial}`);
    const values = Array.from({ length: 80 }, () => random());
    const [interval] = bootstrap(values.length, 200, `bootstrap ${trial}`, (counts) => [
      meanOf(values.map((value, at) => value * (counts[at] ?? 0))),
    ]);
    if (interval!.low <= 0.5 && 0.5 <= interval!.high) held += 1;
  }
  expect(held).toBeGreaterThanOrEqual(88);
  expect(held).toBeLessThanOrEqual(99);
});

test('a bootstrap of one seed is the same twice', () => {
  const draw = () => bootstrap(20, 50, 'same', (counts) => [counts[0] ?? 0]);
  expect(draw()).toEqual(draw());
});

test('the interval of a share keeps within 0 and 1 and about its share', () => {
  expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  const none = wilson(0, 50);
  expect(none.low).toBe(0);
  expect(none.high).toBeCloseTo(0.0713, 3);
  const half = wilson(25, 50);
  expect(half.low).toBeCloseTo(0.3664, 3);
  expect(half.high).toBeCloseTo(0.6336, 3);
});

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fitLogistic } from '../../src/answer/logistic.ts';

test('learns the chance that the rows have', () => {
  // Three in four of the rows at 1 are positive, one in four of those at 0.
  const rows = [0, 1].flatMap((x) =>
    [0, 1, 2, 3].map((i) => ({ features: [x], label: x === 1 ? i > 0 : i === 0, weight: 1 })),
  );
  const chance = fitLogistic(rows);
  expect(chance([1])).toBeCloseTo(0.75, 1);
  expect(chance([0])).toBeCloseTo(0.25, 1);
});

test('counts rows by their weight', () => {
  const chance = fitLogistic([
    { features: [0], label: true, weight: 3 },
    { features: [0], label: false, weight: 1 },
  ]);
  expect(chance([0])).toBeCloseTo(0.75, 2);
});

test('knows nothing where the rows have one label only', () => {
  expect(fitLogistic([])([1])).toBe(0);
  expect(fitLogistic([{ features: [1], label: true, weight: 1 }])([1])).toBe(0);
  expect(fitLogistic([{ features: [1], label: false, weight: 1 }])([1])).toBe(0);
});

test('gives a chance for any rows', () => {
  const row = fc.record({
    features: fc.tuple(
      fc.double({ min: -15, max: 15, noNaN: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
    ),
    label: fc.boolean(),
    weight: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 20 }), row, (rows, { features }) => {
      const chance = fitLogistic(rows)(features);
      expect(chance >= 0 && chance <= 1).toBe(true);
    }),
    { numRuns: 30 },
  );
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  chanceAbove,
  coverageAt,
  coverageCurve,
  expectedCalibrationError,
  reliabilityBins,
} from '../../src/statistics/selective.ts';

const of = (confidence: number, right: boolean, weight = 1) => ({ confidence, right, weight });

describe('reliability', () => {
  test('a model that is right as often as it says has no error, one that boasts has all of it', () => {
    const honest = Array.from({ length: 100 }, (_, i) => of(0.75, i % 4 !== 0));
    expect(expectedCalibrationError(reliabilityBins(honest))).toBeLessThan(0.06);
    const boasting = Array.from({ length: 100 }, () => of(1, false));
    expect(expectedCalibrationError(reliabilityBins(boasting))).toBeCloseTo(1);
  });
  test('bins have equal weight, and weights count as repeats do', () => {
    const repeated = Array.from({ length: 40 }, (_, i) => of(i / 40, i % 3 === 0));
    expect(reliabilityBins(repeated).map(({ share }) => share)).toEqual(new Array(10).fill(0.1));
    const heavy = reliabilityBins([of(0.2, true, 3), of(0.9, false, 1)]);
    expect(heavy.map(({ share }) => share)).toEqual([0.75, 0.25]);
  });
  test('nothing has no bins', () => expect(reliabilityBins([])).toEqual([]));
});

describe('coverage', () => {
  const curve = coverageCurve([of(0.9, true), of(0.8, true), of(0.8, false), of(0.1, false)]);
  test('has a point for each confidence', () => {
    expect(curve).toEqual([
      { confidence: 0.9, coverage: 0.25, error: 0 },
      { confidence: 0.8, coverage: 0.75, error: 1 / 3 },
      { confidence: 0.1, coverage: 1, error: 0.5 },
    ]);
  });
  test('at an error is the most that keeps it', () => {
    expect(coverageAt(0.4, curve)?.coverage).toBe(0.75);
    expect(coverageAt(0.1, curve)?.confidence).toBe(0.9);
    expect(coverageAt(0.1, coverageCurve([of(1, false)]))).toBeNull();
  });
  test('never shrinks as more error is allowed', () => {
    const outcomes = fc.array(
      fc.record({
        confidence: fc.double({ min: 0, max: 1, noNaN: true }),
        right: fc.boolean(),
        weight: fc.integer({ min: 1, max: 5 }),
      }),
    );
    fc.assert(
      fc.property(outcomes, fc.double({ min: 0, max: 1, noNaN: true }), (all, error) => {
        const points = coverageCurve(all);
        const [less, more] = [coverageAt(error / 2, points), coverageAt(error, points)];
        expect(more?.coverage ?? 0).toBeGreaterThanOrEqual(less?.coverage ?? 0);
        expect(more?.error ?? 0).toBeLessThanOrEqual(error);
      }),
    );
  });
});

test('the chance to be above counts every pair, ties half', () => {
  const numbers = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1 });
  fc.assert(
    fc.property(numbers, numbers, (high, low) => {
      const pairs = high.flatMap((a) => low.map((b) => (a > b ? 1 : a === b ? 0.5 : 0) as number));
      expect(chanceAbove(high, low)).toBeCloseTo(pairs.reduce((a, b) => a + b, 0) / pairs.length, 9);
    }),
  );
  expect(chanceAbove([], [1])).toBeNull();
});

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  calibrationError,
  calibrationErrorFloor,
  mixed,
  reliability,
} from '../../../eval/measures/calibration.ts';
import { seeded } from '../../../eval/reading/random.ts';

test('calibrationError is the gap between confidence and truth', () => {
  const outcomes = Array.from({ length: 100 }, (_, i) => ({ confidence: 0.9, right: i % 10 < 6, weight: 1 }));
  expect(calibrationError(outcomes)).toBeCloseTo(0.3, 9);
  expect(calibrationError(outcomes.map((each) => ({ ...each, confidence: 0.6 })))).toBeCloseTo(0, 9);
});

test('bins have equal mass and together all of it', () => {
  const outcome = fc.record({
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
    right: fc.boolean(),
    weight: fc.constant(1),
  });
  fc.assert(
    fc.property(fc.array(outcome, { minLength: 10, maxLength: 200 }), (outcomes) => {
      const bins = reliability(outcomes);
      expect(bins).toHaveLength(10);
      expect(bins.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
      for (const { share } of bins) expect(Math.abs(share - 0.1)).toBeLessThanOrEqual(1 / outcomes.length);
      const confidences = bins.map(({ confidence }) => confidence);
      expect(confidences).toEqual(confidences.toSorted((a, b) => a - b));
    }),
  );
});

test('the floor is what a calibrated head shows on so many messages', () => {
  const random = seeded('calibrated');
  const outcomes = Array.from({ length: 500 }, () => {
    const confidence = random();
    return { confidence, right: random() < confidence, weight: 1 };
  });
  const floor = calibrationErrorFloor(outcomes);
  expect(floor).toBeGreaterThan(0.01);
  expect(Math.abs(calibrationError(outcomes) - floor)).toBeLessThan(0.02);
  expect(calibrationErrorFloor(outcomes.slice(0, 100))).toBeGreaterThan(floor);
});

test('strangers get the share of the weight that they are given, unless there are none', () => {
  const known = Array.from({ length: 30 }, () => ({ confidence: 1, right: true }));
  const strange = [{ confidence: 1, right: false }];
  expect(calibrationError(mixed(known, strange, 0.2))).toBeCloseTo(0.2, 9);
  expect(calibrationError(mixed(known, [], 0.2))).toBeCloseTo(0, 9);
  expect(calibrationError(mixed([], strange, 0.2))).toBeCloseTo(1, 9);
});

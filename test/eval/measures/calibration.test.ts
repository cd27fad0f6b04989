import { expect, test } from '@jest/globals';
import { calibrationError, calibrationErrorFloor, mixed } from '../../../eval/measures/calibration.ts';
import { seeded } from '../../../eval/reading/random.ts';

test('calibrationError is the gap between confidence and truth', () => {
  const outcomes = Array.from({ length: 100 }, (_, i) => ({ confidence: 0.9, right: i % 10 < 6, weight: 1 }));
  expect(calibrationError(outcomes)).toBeCloseTo(0.3, 9);
  expect(calibrationError(outcomes.map((each) => ({ ...each, confidence: 0.6 })))).toBeCloseTo(0, 9);
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
  expect(calibrationError(mixed(known, [strange], 0.2))).toBeCloseTo(0.2, 9);
  expect(calibrationError(mixed(known, [[]], 0.2))).toBeCloseTo(0, 9);
  expect(calibrationError(mixed([], [strange], 0.2))).toBeCloseTo(1, 9);
  // Two kinds share it, however many there are of each.
  const harmless = Array.from({ length: 7 }, () => ({ confidence: 0, right: false }));
  expect(calibrationError(mixed(known, [strange, harmless], 0.2))).toBeCloseTo(0.1, 9);
});

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { auroc, calibrationError, recallAt } from './measures.ts';

test('auroc counts the pairs in order', () => {
  const scores = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(scores, scores, (positives, negatives) => {
      let won = 0;
      for (const p of positives) for (const n of negatives) won += p > n ? 1 : p === n ? 0.5 : 0;
      expect(auroc(positives, negatives)).toBeCloseTo(won / positives.length / negatives.length, 9);
    }),
  );
});

test('recallAt counts the negatives below the score that the share of positives reaches', () => {
  expect(recallAt(0.75, [1, 2, 3, 4], [0, 1, 1.5, 5])).toBe(0.75);
});

test('calibrationError is the gap between confidence and truth', () => {
  const outcomes = Array.from({ length: 100 }, (_, i) => ({ confidence: 0.9, right: i % 10 < 6, weight: 1 }));
  expect(calibrationError(outcomes)).toBeCloseTo(0.3, 9);
  expect(calibrationError(outcomes.map((each) => ({ ...each, confidence: 0.6 })))).toBeCloseTo(0, 9);
});

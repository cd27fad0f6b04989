import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { auroc, aurocStandardError, recallAt, thresholdAt } from '../../../eval/measures/ranking.ts';

const scores = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 20 });

test('auroc counts the pairs in order', () => {
  fc.assert(
    fc.property(scores, scores, (positives, negatives) => {
      let won = 0;
      for (const p of positives) for (const n of negatives) won += p > n ? 1 : p === n ? 0.5 : 0;
      expect(auroc(positives, negatives)).toBeCloseTo(won / positives.length / negatives.length, 9);
    }),
  );
});

test('auroc of no negatives is unknown', () => {
  expect(auroc([1, 2], [])).toBeNaN();
});

test('the standard error of an auroc is as Hanley and McNeil give it', () => {
  // By hand, for an area of .8 with 50 of each: Q1 = .8/1.2, Q2 = 1.28/1.8.
  const [one, two] = [0.8 / 1.2 - 0.64, 1.28 / 1.8 - 0.64];
  const variance = (0.16 + 49 * one + 49 * two) / 2500;
  expect(aurocStandardError(0.8, 50, 50)).toBeCloseTo(Math.sqrt(variance), 12);
  expect(aurocStandardError(1, 50, 50)).toBe(0);
});

test('recallAt counts the negatives below the score that the share of positives reaches', () => {
  expect(recallAt(0.75, [1, 2, 3, 4], [0, 1, 1.5, 5])).toBe(0.75);
});

test('no more than the allowed share of benign scores reaches the threshold, ties or not', () => {
  const shares = fc.double({ min: 0, max: 0.5, noNaN: true });
  fc.assert(
    fc.property(scores, shares, (benign, share) => {
      const threshold = thresholdAt(share, benign);
      const reached = benign.filter((score) => score >= threshold).length;
      expect(reached).toBeLessThanOrEqual(share * benign.length);
      // And it is the lowest such: any score below it would let too many through.
      const highestBelow = Math.max(...benign.filter((score) => score < threshold));
      const then = benign.filter((score) => score >= highestBelow).length;
      expect(then).toBeGreaterThan(Math.floor(share * benign.length));
    }),
  );
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { learnProbability, learnSharpness, meanLoss } from '../../src/statistics/calibrate.ts';

/** Scores of `count` three-way decisions, and labels drawn from softmax(truth · scores) without chance. */
function decisions(count: number, truth: number): { scores: Float64Array<ArrayBuffer>[]; labels: number[] } {
  const scores: Float64Array<ArrayBuffer>[] = [];
  const labels: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const row = Float64Array.from([Math.sin(n), Math.sin(2.3 * n + 1), Math.sin(3.7 * n + 2)]);
    const chances = row.map((score) => Math.exp(truth * score));
    const total = chances.reduce((sum, chance) => sum + chance, 0);
    // A low-discrepancy sequence stands in for chance.
    const draw = ((n * 0.618033988749895) % 1) * total;
    let label = 0;
    for (let sum = chances[0]!; label < 2 && sum < draw; sum += chances[label]!) label += 1;
    scores.push(row);
    labels.push(label);
  }
  return { scores, labels };
}

describe('learnSharpness', () => {
  test('finds the sharpness that the labels were drawn with', () => {
    for (const truth of [0.2, 1, 3]) {
      const { scores, labels } = decisions(6000, truth);
      expect(Math.abs(learnSharpness(scores, labels, 1) / truth - 1)).toBeLessThan(0.2);
    }
  });

  test('is never worse than leaving the scores as they are', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 3, maxLength: 3 }),
            fc.nat(2),
          ),
          {
            minLength: 1,
            maxLength: 40,
          },
        ),
        (rows) => {
          const scores = rows.map(([row]) => Float64Array.from(row));
          const labels = rows.map(([, label]) => label);
          const sharpness = learnSharpness(scores, labels, 1);
          expect(meanLoss(scores, labels, sharpness)).toBeLessThanOrEqual(meanLoss(scores, labels, 1) + 1e-6);
        },
      ),
    );
  });
});

test('a few decisions that happen to be right, and one that is wrong, make no sharpness extreme', () => {
  const scores = Array.from({ length: 9 }, () => Float64Array.of(200, 0, -200));
  const right = scores.map(() => 0);
  expect(learnSharpness(scores, right, 0.04)).toBeLessThan(1);
  const wrong = right.with(0, 1);
  const sharpness = learnSharpness(scores, wrong, 0.04);
  expect(sharpness).toBeGreaterThan(0.005);
  expect(sharpness).toBeLessThan(0.04);
});

describe('learnProbability', () => {
  test('recovers a logistic law', () => {
    const observations = Array.from({ length: 4000 }, (_, n) => {
      const x = Math.sin(n) * 3;
      return { features: [x], holds: (n * 0.618033988749895) % 1 < 1 / (1 + Math.exp(1 - 2 * x)), weight: 1 };
    });
    const chanceOf = learnProbability(observations);
    for (const x of [-2, -0.5, 0.5, 1, 2.5]) {
      expect(Math.abs(chanceOf([x]) - 1 / (1 + Math.exp(1 - 2 * x)))).toBeLessThan(0.06);
    }
  });

  test('gives the weighted share of what holds where the features tell nothing', () => {
    const chanceOf = learnProbability([
      { features: [5], holds: true, weight: 3 },
      { features: [5], holds: false, weight: 1 },
    ]);
    expect(chanceOf([5])).toBeCloseTo(0.75, 3);
  });

  test('stays within 0 and 1 and finite whatever the features', () => {
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    const row = fc.record({
      features: fc.tuple(value, value),
      holds: fc.boolean(),
      weight: fc.double({ min: 0.01, max: 9, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), fc.tuple(value, value), (rows, unseen) => {
        const chance = learnProbability(rows)(unseen);
        expect(chance).toBeGreaterThanOrEqual(0);
        expect(chance).toBeLessThanOrEqual(1);
      }),
    );
  });
});

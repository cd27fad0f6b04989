import { describe, expect, test } from '@jest/globals';
import { fitLogistic, type LinearScores, scoresOf } from '../../src/statistics/logistic.ts';

const nothing: LinearScores = { weight: new Float64Array(2), bias: new Float64Array(2) };
// One dimension; the odds of label 1 are 1 : 3 at -1 and 3 : 1 at 1.
const points = [-1, -1, -1, -1, 1, 1, 1, 1].map((x) => Float64Array.of(x));
const labels = [0, 0, 0, 1, 0, 1, 1, 1];

function oddsAt(x: number, { weight, bias }: LinearScores): number {
  const scores = new Float64Array(2);
  scoresOf(weight, bias, Float64Array.of(x), scores);
  return Math.exp(scores[1]! - scores[0]!);
}

describe('fitLogistic', () => {
  test('gives the odds of the examples when nothing pulls', () => {
    const fitted = fitLogistic(points, labels, nothing, { pull: 0, stepsMax: 100 });
    expect(oddsAt(1, fitted)).toBeCloseTo(3, 2);
    expect(oddsAt(-1, fitted)).toBeCloseTo(1 / 3, 2);
  });

  test('measures points in their own length: inches fit as centimetres do', () => {
    const inches = fitLogistic(points, labels, nothing, { pull: 0.5, stepsMax: 100 });
    const centimetres = points.map((point) => point.map((x) => 2.54 * x));
    const metric = fitLogistic(centimetres, labels, nothing, { pull: 0.5, stepsMax: 100 });
    expect(oddsAt(2.54, metric)).toBeCloseTo(oddsAt(1, inches), 3);
  });

  test('stays nearer to its start the stronger the pull', () => {
    const start: LinearScores = { weight: Float64Array.of(1, -1), bias: new Float64Array(2) };
    const odds = [0, 1, 10, 1e6].map((pull) =>
      oddsAt(1, fitLogistic(points, labels, start, { pull, stepsMax: 100 })),
    );
    expect(odds).toEqual(odds.toSorted((a, b) => b - a));
    expect(odds.at(-1)).toBeCloseTo(Math.exp(-2), 3);
  });
});

test('scoresOf is a matrix times a vector, for any number of classes', () => {
  for (const classes of [1, 2, 3, 4, 5, 8, 11]) {
    const weight = Float64Array.from({ length: classes * 3 }, (_, i) => i * i - 7);
    const bias = Float64Array.from({ length: classes }, (_, c) => c / 2);
    const out = new Float64Array(classes);
    scoresOf(weight, bias, [2, -1, 3], out);
    for (let c = 0; c < classes; c += 1) {
      const [a = 0, b = 0, d = 0] = weight.subarray(c * 3);
      expect(out[c]).toBe(2 * a - b + 3 * d + c / 2);
    }
  }
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { features, layOut, similarities, supports } from '../../src/answer/evidence.ts';

const DIMENSIONS = 8;
const vector = fc
  .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: DIMENSIONS, maxLength: DIMENSIONS })
  .map((values) => Float32Array.from(values));

test('similarities are dot products', () => {
  fc.assert(
    fc.property(fc.array(vector, { minLength: 1, maxLength: 9 }), vector, (rows, query) => {
      const found = similarities(layOut(rows, null, DIMENSIONS), query);
      rows.forEach((row, at) => {
        expect(found[at]).toBeCloseTo(
          row.reduce((sum, value, i) => sum + value * query[i]!, 0),
          5,
        );
      });
    }),
  );
});

describe('supports', () => {
  const table = layOut(
    [0.2, 0.9, 0.5, 0.7, 0.6].map((first) => Float32Array.of(first, 0, 0, 0)),
    [0, 0, 0, 0, 1],
    4,
  );
  const similarity = similarities(table, Float32Array.of(1, 0, 0, 0));

  test('weigh the best three, the best twice', () => {
    const [first, second] = supports(table, similarity, 2);
    expect(first).toBeCloseTo((2 * 0.9 + 0.7 + 0.5) / 4, 5);
    expect(second).toBeCloseTo(0.6, 5);
  });

  test('leave rows out', () => {
    const [first, second] = supports(table, similarity, 2, (row) => row === 1 || row === 4);
    expect(first).toBeCloseTo((2 * 0.7 + 0.5 + 0.2) / 4, 5);
    expect(second).toBe(-1);
  });
});

test('the odds of an article fall with every competitor, and stay finite', () => {
  const alone = features(0, Float64Array.of(0.9, 0.8), new Float32Array(0));
  const contested = features(0, Float64Array.of(0.9, 0.8), Float32Array.of(0.95));
  expect(alone[0]).toBe(0.9);
  expect(contested[1]).toBeLessThan(alone[1]);
  expect(Number.isFinite(features(0, Float64Array.of(0.9), new Float32Array(0))[1])).toBe(true);
});

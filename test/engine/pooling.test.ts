import { describe, expect, test } from '@jest/globals';
import { meanPool, normalize, weightedMean } from '../../src/engine/pooling.ts';

const close = (actual: Float32Array, expected: number[]): void => {
  expect(actual).toHaveLength(expected.length);
  for (const [at, value] of expected.entries()) expect(actual[at]).toBeCloseTo(value, 6);
};

describe('pooling', () => {
  test('mean of the rows, then length 1', () => {
    close(meanPool(Float32Array.of(1, 0, 5, 8), 2), [0.6, 0.8]);
  });

  test('a weighted mean leans to the heavier vector', () => {
    close(weightedMean([Float32Array.of(1, 0), Float32Array.of(0, 1)], [4, 3]), [0.8, 0.6]);
  });

  test('the mean of one vector is that vector', () => {
    close(weightedMean([Float32Array.of(0.6, 0.8)], [0]), [0.6, 0.8]);
  });

  test.each([[[0, 0]], [[Number.NaN, 1]], [[Number.POSITIVE_INFINITY, 1]]])(
    '%p has no direction',
    (values) => {
      expect(() => normalize(Float32Array.from(values))).toThrow(RangeError);
    },
  );
});

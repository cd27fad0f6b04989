import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cholesky, dot, logSumExp, scatter, solveLower, solveUpper } from '../../src/statistics/vectors.ts';

const WIDTH = 5;
const numbers = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), {
  minLength: WIDTH,
  maxLength: WIDTH,
});
const vector = numbers.map((values) => Float64Array.from(values));

describe('cholesky', () => {
  test('with both substitutions solves a system', () => {
    fc.assert(
      fc.property(fc.array(vector, { maxLength: 8 }), vector, (rows, b) => {
        const matrix = scatter(rows, WIDTH);
        for (let i = 0; i < WIDTH; i += 1) matrix[i * WIDTH + i]! += 1;
        const lower = cholesky(matrix, WIDTH);
        const x = solveUpper(lower, solveLower(lower, b));
        for (let i = 0; i < WIDTH; i += 1) {
          expect(dot(matrix.subarray(i * WIDTH, (i + 1) * WIDTH), x)).toBeCloseTo(b[i]!, 5);
        }
      }),
    );
  });

  test('refuses a matrix that is not positive definite', () => {
    expect(() => cholesky(Float64Array.from([1, 2, 2, 1]), 2)).toThrow(RangeError);
  });
});

test('dot is the plain sum of products', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -99, max: 99 }))),
      (pairs) => {
        const plain = pairs.reduce((sum, [a, b]) => sum + a * b, 0);
        expect(
          dot(
            pairs.map(([a]) => a),
            pairs.map(([, b]) => b),
          ),
        ).toBe(plain);
      },
    ),
  );
});

test('logSumExp neither overflows nor underflows', () => {
  expect(logSumExp([1000, 1000])).toBeCloseTo(1000 + Math.log(2), 9);
  expect(logSumExp([-1000, -1000])).toBeCloseTo(-1000 + Math.log(2), 9);
  expect(logSumExp([])).toBe(Number.NEGATIVE_INFINITY);
});

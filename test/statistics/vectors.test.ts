import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  cholesky,
  dot,
  invertLower,
  logSumExp,
  scatter,
  solveLower,
  solveUpper,
} from '../../src/statistics/vectors.ts';

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

test('invertLower gives what multiplied with the triangle is the unit matrix', () => {
  const width = 5;
  const lower = Float64Array.from({ length: width * width }, (_, at) => {
    const [row, column] = [Math.floor(at / width), at % width];
    return column > row ? 0 : column === row ? row + 2 : row - 3 * column;
  });
  const inverse = invertLower(lower, width);
  for (let row = 0; row < width; row += 1) {
    for (let column = 0; column < width; column += 1) {
      let sum = 0;
      for (let k = 0; k < width; k += 1) sum += lower[row * width + k]! * inverse[k * width + column]!;
      expect(sum).toBeCloseTo(row === column ? 1 : 0, 12);
    }
  }
});

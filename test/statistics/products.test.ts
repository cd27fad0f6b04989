import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { addTransposedTimes, timesTransposed } from '../../src/statistics/products.ts';

const size = fc.integer({ min: 1, max: 9 });
const filled = (length: number, seed: number): Float64Array<ArrayBuffer> =>
  Float64Array.from({ length }, (_, i) => ((i * 31 + seed * 17) % 23) - 11);

test('timesTransposed multiplies rows by rows, for any number of them', () => {
  fc.assert(
    fc.property(size, size, size, (rows, columns, width) => {
      const [a, b] = [filled(rows * width, 1), filled(columns * width, 2)];
      const out = new Float64Array(rows * columns);
      timesTransposed(a, rows, b, width, out);
      for (let i = 0; i < rows; i += 1) {
        for (let k = 0; k < columns; k += 1) {
          let sum = 0;
          for (let d = 0; d < width; d += 1) sum += a[i * width + d]! * b[k * width + d]!;
          expect(out[i * columns + k]).toBe(sum);
        }
      }
    }),
  );
});

test('addTransposedTimes adds up outer products, for any number of rows', () => {
  fc.assert(
    fc.property(size, size, size, (rows, columns, width) => {
      const [a, b] = [filled(rows * columns, 3), filled(rows * width, 4)];
      const out = new Float64Array(columns * width).fill(5);
      addTransposedTimes(a, rows, b, width, out, 0);
      for (let k = 0; k < columns; k += 1) {
        for (let d = 0; d < width; d += 1) {
          let sum = 5;
          for (let i = 0; i < rows; i += 1) sum += a[i * columns + k]! * b[i * width + d]!;
          expect(out[k * width + d]).toBe(sum);
        }
      }
    }),
  );
});

test('addTransposedTimes leaves out rows that are nearly zero', () => {
  const out = new Float64Array(2);
  addTransposedTimes(Float64Array.of(1e-9, 1), 1, Float64Array.of(7), 1, out, 1e-6);
  expect([...out]).toEqual([0, 7]);
});

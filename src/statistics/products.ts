/**
 * Products of matrices, row by row in one array each. Four rows by four rows at a time: each number that is loaded is
 * used four times, and no addition waits for the one before.
 */
import type { Vector } from './vectors.ts';

const BLOCK = 4;

/** out[i][k] = Σ_d a[i][d] · b[k][d], for `rows` rows of a and all of b. */
export function timesTransposed(a: Vector, rows: number, b: Vector, width: number, out: Vector): void {
  const columns = b.length / width;
  for (let i = 0; i < rows; i += BLOCK) {
    for (let k = 0; k < columns; k += BLOCK) {
      if (i + BLOCK <= rows && k + BLOCK <= columns) blockOf(a, i, b, k, width, out, columns);
      else edgeOf(a, i, Math.min(rows, i + BLOCK), b, k, Math.min(columns, k + BLOCK), width, out, columns);
    }
  }
}

/** out[k][d] += Σ_i a[i][k] · b[i][d], for `rows` rows of both. Rows of four that are nearly zero add nothing. */
export function addTransposedTimes(
  a: Vector,
  rows: number,
  b: Vector,
  width: number,
  out: Vector,
  least: number,
): void {
  const columns = out.length / width;
  for (let i = 0; i < rows; i += BLOCK) {
    const [i1, i2, i3] = [i + 1, i + 2, i + 3].map((row) => Math.min(row, rows - 1)) as [
      number,
      number,
      number,
    ];
    for (let k = 0; k < columns; k += 1) {
      const a0 = a[i * columns + k] as number;
      const a1 = i + 1 < rows ? (a[i1 * columns + k] as number) : 0;
      const a2 = i + 2 < rows ? (a[i2 * columns + k] as number) : 0;
      const a3 = i + 3 < rows ? (a[i3 * columns + k] as number) : 0;
      if (Math.abs(a0) + Math.abs(a1) + Math.abs(a2) + Math.abs(a3) < least) continue;
      const from = k * width;
      for (let d = 0; d < width; d += 1) {
        out[from + d] =
          (out[from + d] as number) +
          a0 * (b[i * width + d] as number) +
          a1 * (b[i1 * width + d] as number) +
          a2 * (b[i2 * width + d] as number) +
          a3 * (b[i3 * width + d] as number);
      }
    }
  }
}

function blockOf(
  a: Vector,
  i: number,
  b: Vector,
  k: number,
  width: number,
  out: Vector,
  columns: number,
): void {
  let [s00, s01, s02, s03, s10, s11, s12, s13] = [0, 0, 0, 0, 0, 0, 0, 0];
  let [s20, s21, s22, s23, s30, s31, s32, s33] = [0, 0, 0, 0, 0, 0, 0, 0];
  const [a0, b0] = [i * width, k * width];
  for (let d = 0; d < width; d += 1) {
    const x0 = a[a0 + d] as number;
    const x1 = a[a0 + width + d] as number;
    const x2 = a[a0 + 2 * width + d] as number;
    const x3 = a[a0 + 3 * width + d] as number;
    const y0 = b[b0 + d] as number;
    const y1 = b[b0 + width + d] as number;
    const y2 = b[b0 + 2 * width + d] as number;
    const y3 = b[b0 + 3 * width + d] as number;
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
    s20 += x2 * y0;
    s21 += x2 * y1;
    s22 += x2 * y2;
    s23 += x2 * y3;
    s30 += x3 * y0;
    s31 += x3 * y1;
    s32 += x3 * y2;
    s33 += x3 * y3;
  }
  out.set([s00, s01, s02, s03], i * columns + k);
  out.set([s10, s11, s12, s13], (i + 1) * columns + k);
  out.set([s20, s21, s22, s23], (i + 2) * columns + k);
  out.set([s30, s31, s32, s33], (i + 3) * columns + k);
}

function edgeOf(
  a: Vector,
  i0: number,
  i1: number,
  b: Vector,
  k0: number,
  k1: number,
  width: number,
  out: Vector,
  columns: number,
): void {
  for (let i = i0; i < i1; i += 1) {
    for (let k = k0; k < k1; k += 1) {
      let sum = 0;
      for (let d = 0; d < width; d += 1) sum += (a[i * width + d] as number) * (b[k * width + d] as number);
      out[i * columns + k] = sum;
    }
  }
}

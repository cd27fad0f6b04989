/** The few operations on vectors and symmetric matrices that learning needs, in double precision. */

export type Vector = Float64Array<ArrayBuffer>;

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  // Four sums: the additions of one would each wait for the one before.
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const width = a.length;
  let i = 0;
  for (; i + 3 < width; i += 4) {
    s0 += (a[i] as number) * (b[i] as number);
    s1 += (a[i + 1] as number) * (b[i + 1] as number);
    s2 += (a[i + 2] as number) * (b[i + 2] as number);
    s3 += (a[i + 3] as number) * (b[i + 3] as number);
  }
  for (; i < width; i += 1) s0 += (a[i] as number) * (b[i] as number);
  return s0 + s1 + s2 + s3;
}

/** Adds `factor · b` to `a`. */
export function addScaled(a: Vector, factor: number, b: ArrayLike<number>): void {
  for (let i = 0; i < a.length; i += 1) a[i] = (a[i] as number) + factor * (b[i] as number);
}

export function subtract(a: ArrayLike<number>, b: ArrayLike<number>): Vector {
  const difference = new Float64Array(a.length);
  for (let i = 0; i < difference.length; i += 1) difference[i] = (a[i] as number) - (b[i] as number);
  return difference;
}

export function squaredDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  // Four sums, as in `dot`.
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const width = a.length;
  let i = 0;
  for (; i + 3 < width; i += 4) {
    s0 += ((a[i] as number) - (b[i] as number)) ** 2;
    s1 += ((a[i + 1] as number) - (b[i + 1] as number)) ** 2;
    s2 += ((a[i + 2] as number) - (b[i + 2] as number)) ** 2;
    s3 += ((a[i + 3] as number) - (b[i + 3] as number)) ** 2;
  }
  for (; i < width; i += 1) s0 += ((a[i] as number) - (b[i] as number)) ** 2;
  return s0 + s1 + s2 + s3;
}

/** @throws RangeError when there is nothing to average. */
export function mean(vectors: readonly ArrayLike<number>[]): Vector {
  const first = vectors[0];
  if (first === undefined) throw new RangeError('The mean of no vectors.');
  const sum = new Float64Array(first.length);
  for (const vector of vectors) addScaled(sum, 1 / vectors.length, vector);
  return sum;
}

/** Σ x·xᵀ as a full symmetric matrix, row by row. */
export function scatter(vectors: readonly Vector[], width: number): Vector {
  const sum = new Float64Array(width * width);
  for (const x of vectors) {
    for (let i = 0; i < width; i += 1) {
      const xi = x[i] as number;
      const row = i * width;
      for (let j = 0; j <= i; j += 1) sum[row + j] = (sum[row + j] as number) + xi * (x[j] as number);
    }
  }
  for (let i = 0; i < width; i += 1) {
    for (let j = 0; j < i; j += 1) sum[j * width + i] = sum[i * width + j] as number;
  }
  return sum;
}

/**
 * The lower triangle L with L·Lᵀ = `matrix` (Cholesky).
 * @throws RangeError when the matrix is not positive definite.
 */
export function cholesky(matrix: Vector, width: number): Vector {
  const lower = new Float64Array(width * width);
  for (let i = 0; i < width; i += 1) {
    const rowI = lower.subarray(i * width, i * width + width);
    for (let j = 0; j <= i; j += 1) {
      const rowJ = lower.subarray(j * width, j * width + j);
      const rest = (matrix[i * width + j] as number) - dot(rowJ, rowI);
      if (i !== j) rowI[j] = rest / (lower[j * width + j] as number);
      else if (rest > 0) rowI[j] = Math.sqrt(rest);
      else throw new RangeError('The matrix is not positive definite.');
    }
  }
  return lower;
}

/** Solves L·y = b by forward substitution. */
export function solveLower(lower: Vector, b: Vector): Vector {
  const width = b.length;
  const y = new Float64Array(width);
  for (let i = 0; i < width; i += 1) {
    const row = i * width;
    const rest = (b[i] as number) - dot(lower.subarray(row, row + i), y);
    y[i] = rest / (lower[row + i] as number);
  }
  return y;
}

/** Solves Lᵀ·x = y by back substitution. */
export function solveUpper(lower: Vector, y: Vector): Vector {
  const width = y.length;
  const x = y.slice();
  for (let i = width - 1; i >= 0; i -= 1) {
    const row = i * width;
    const solved = (x[i] as number) / (lower[row + i] as number);
    addScaled(x.subarray(0, i), -solved, lower.subarray(row, row + i));
    x[i] = solved;
  }
  return x;
}

/** The inverse of a lower triangle, which is one too. */
export function invertLower(lower: Vector, width: number): Vector {
  // Its transpose, so that what is multiplied lies side by side.
  const columns = new Float64Array(width * width);
  const inverse = new Float64Array(width * width);
  for (let column = 0; column < width; column += 1) {
    const solved = columns.subarray(column * width, (column + 1) * width);
    for (let row = column; row < width; row += 1) {
      const known = lower.subarray(row * width + column, row * width + row);
      const rest = (row === column ? 1 : 0) - dot(known, solved.subarray(column, row));
      solved[row] = rest / (lower[row * width + row] as number);
      inverse[row * width + column] = solved[row] as number;
    }
  }
  return inverse;
}

/** log Σ exp(x), without overflow. */
export function logSumExp(values: ArrayLike<number>): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i += 1) top = Math.max(top, values[i] as number);
  if (top === Number.NEGATIVE_INFINITY) return top;
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += Math.exp((values[i] as number) - top);
  return top + Math.log(sum);
}

export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

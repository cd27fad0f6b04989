/** From token vectors to one unit vector. */

/** Mean of the rows of `hidden` (row-major, `dimensions` wide), L2-normalised. */
export function meanPool(hidden: Float32Array, dimensions: number): Float32Array {
  const sum = new Float32Array(dimensions);
  for (let row = 0; row < hidden.length; row += dimensions) {
    for (let column = 0; column < dimensions; column += 1) {
      sum[column] = (sum[column] ?? 0) + (hidden[row + column] ?? 0);
    }
  }
  return normalize(sum);
}

/** The first row of `hidden`, L2-normalised. */
export function clsPool(hidden: Float32Array, dimensions: number): Float32Array {
  return normalize(hidden.slice(0, dimensions));
}

/** Mean of unit vectors, each counted by its weight, L2-normalised. */
export function weightedMean(vectors: readonly Float32Array[], weights: readonly number[]): Float32Array {
  const [first] = vectors;
  if (first === undefined) throw new RangeError('A mean needs at least one vector.');
  if (vectors.length === 1) return first;
  const sum = new Float32Array(first.length);
  vectors.forEach((vector, index) => {
    const weight = weights[index] ?? 0;
    for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] ?? 0) + weight * (vector[at] ?? 0);
  });
  return normalize(sum);
}

/** Scales to length 1, in place. @throws RangeError for a vector without direction: all zero, or not finite. */
export function normalize(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  if (!(length > 0 && Number.isFinite(length)))
    throw new RangeError('The model gave a vector without direction.');
  for (let at = 0; at < vector.length; at += 1) vector[at] = (vector[at] ?? 0) / length;
  return vector;
}

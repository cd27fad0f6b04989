/** Matrices of float32, row by row, and memory for them that is used again in every step. */

/** Rows and columns that are turned at once: both sides of a block stay in the nearest cache. */
const BLOCK = 16;

/** out[k][i] = a[i][k] */
export function transpose(a: Float32Array, rows: number, columns: number, out: Float32Array): void {
  for (let i0 = 0; i0 < rows; i0 += BLOCK) {
    const i1 = Math.min(rows, i0 + BLOCK);
    for (let k0 = 0; k0 < columns; k0 += BLOCK) {
      const k1 = Math.min(columns, k0 + BLOCK);
      for (let k = k0; k < k1; k += 1) {
        for (let i = i0; i < i1; i += 1) out[k * rows + i] = a[i * columns + k] as number;
      }
    }
  }
}

/** Memory by name: what a step writes, the next one writes over. New memory for every step costs more than some steps. */
export class Workspace {
  readonly #kept = new Map<string, Float32Array>();

  /** `size` numbers, whatever they are. */
  take(name: string, size: number): Float32Array {
    let found = this.#kept.get(name);
    if (found === undefined || found.length < size) {
      found = new Float32Array(size);
      this.#kept.set(name, found);
    }
    return found.subarray(0, size);
  }
}

/** a += b */
export function add(a: Float32Array, b: Float32Array): void {
  for (let i = 0; i < a.length; i += 1) a[i] = (a[i] as number) + (b[i] as number);
}

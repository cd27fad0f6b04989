/** Made-up embeddings for tests: clouds of unit vectors around fixed centres, the same on every run. */

export const WIDTH = 12;

export interface Clouds {
  readonly vectors: readonly Float64Array<ArrayBuffer>[];
  readonly labels: readonly number[];
}

/** `perCloud` vectors around each of `centres` centres; `spread` says how far. `seed` gives other vectors. */
export function clouds(centres: number, perCloud: number, spread: number, seed = 1): Clouds {
  const vectors: Float64Array<ArrayBuffer>[] = [];
  const labels: number[] = [];
  for (let n = 0; n < centres * perCloud; n += 1) {
    const label = n % centres;
    vectors.push(unit((d) => wave(label * 31 + d) + spread * wave(seed * 1009 + n * 17 + d)));
    labels.push(label);
  }
  return { vectors, labels };
}

/** Unit vectors with no centre among those of `clouds`. */
export function strangers(count: number, seed = 7): Float64Array<ArrayBuffer>[] {
  return Array.from({ length: count }, (_, n) => unit((d) => wave(50_000 * seed + n * 29 + d)));
}

function unit(value: (d: number) => number): Float64Array<ArrayBuffer> {
  const vector = Float64Array.from({ length: WIDTH }, (_, d) => value(d));
  const length = Math.hypot(...vector);
  return vector.map((each) => each / length);
}

/** A number from -1 to 1 that looks random (the usual shader hash). */
function wave(n: number): number {
  const hashed = Math.sin(n * 12.9898 + 78.233) * 43_758.5453;
  return 2 * (hashed - Math.floor(hashed)) - 1;
}

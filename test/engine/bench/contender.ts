/** One engine in the benchmark, seen as all of them are: token ids in, a unit vector out. */

export interface Contender {
  /** Special tokens are among the ids. As many calls may be under way as `lanes` said. */
  encode(ids: Int32Array): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Threads that work on one text. */
  readonly threads: number;
  /** Texts that are read at once. */
  readonly lanes: number;
}

export interface Engine {
  readonly name: string;
  /** Version, weights and kernel, for the reader. */
  readonly detail: string;
  open(options: OpenOptions): Promise<Contender>;
}

/** @returns the same direction with length 1 */
export function normalised(vector: ArrayLike<number>): Float32Array {
  const values = Float32Array.from(vector);
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return values.map((value) => value / length);
}

/** Calls of the addon as promises. */
import type { NativeEngine, NativeProblem } from './addon.ts';

const CLOSED = 'The encoder is closed.';

export type Callback<Result> = (problem: NativeProblem | null, result: Result | null) => void;

export class Calls {
  isOpen = true;
  readonly #engine: NativeEngine;

  constructor(engine: NativeEngine) {
    this.#engine = engine;
  }

  /** @param begin gets ids, lengths and the callback, and gives the job */
  async run<Result>(
    texts: readonly (readonly number[])[],
    begin: (ids: Int32Array, lengths: Int32Array, callback: Callback<Result>) => number,
    signal?: AbortSignal,
  ): Promise<Result> {
    if (!this.isOpen) throw new Error(CLOSED);
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const lengths = Int32Array.from(texts, ({ length }) => length);
    const job = begin(Int32Array.from(texts.flat()), lengths, (problem, result) => {
      if (result !== null) resolve(result);
      else reject(new Error(this.isOpen ? `Inference failed: ${problem}.` : CLOSED));
    });
    const cancel = (): void => this.#engine.cancel(job);
    signal?.addEventListener('abort', cancel, { once: true });
    return promise.finally(() => signal?.removeEventListener('abort', cancel));
  }

  close(): void {
    this.isOpen = false;
    this.#engine.close();
  }
}

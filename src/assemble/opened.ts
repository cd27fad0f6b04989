/**
 * What was opened on the way up, to be closed on the way down: the last first, each whatever became of the others.
 * ECMAScript's AsyncDisposableStack does this, too, but Node 22 has none.
 */
export class Opened {
  readonly #closers: (() => unknown)[] = [];

  defer(close: () => unknown): void {
    this.#closers.push(close);
  }

  /** @throws what the first failing one threw, once all have been closed */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) {
      try {
        await close();
      } catch (failure) {
        failures.push(failure);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}

/** Builds something of parts that have to be closed. If a later part fails, the earlier ones are. */
export async function opening<T>(build: (opened: Opened) => Promise<T>): Promise<T> {
  const opened = new Opened();
  try {
    return await build(opened);
  } catch (error) {
    // Why it could not be built is what its caller has to know.
    await opened.close().catch(() => undefined);
    throw error;
  }
}

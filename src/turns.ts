/** Work that comes in pieces of milliseconds, so that other requests can have their turn between. */
import { setImmediate } from 'node:timers/promises';

/** Gives up the process between its pieces, if it is to. */
export type InPieces<T> = Generator<void, T>;

/** Work in one go; then the other requests have their turn. */
const TURN_MS = 8;

/** @throws what the work throws; the signal's reason, if it is aborted */
export async function inTurns<T>(work: InPieces<T>, signal?: AbortSignal): Promise<T> {
  signal?.throwIfAborted();
  let beganMs = performance.now();
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
    if (performance.now() - beganMs < TURN_MS) continue;
    await setImmediate();
    signal?.throwIfAborted();
    beganMs = performance.now();
  }
}

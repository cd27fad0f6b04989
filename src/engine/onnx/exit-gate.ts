/**
 * Keeps the process from ending while a worker thread is inside native code: Node would stop the thread there, and
 * onnxruntime's binding then aborts the whole process, so that an exit with code 0 would look like a crash.
 */

/** Shared between the threads; pass it on as `workerData`. */
export type ExitGate = Int32Array<SharedArrayBuffer>;

const OPEN = 0;
const INSIDE = 1;
const SHUT = 2;
/** Longest time that an exit waits for the thread to come out: a window of a text, on a machine with far too much to do. */
const EXIT_WAIT_MS_MAX = 10_000;

export function createExitGate(): ExitGate {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

/** On the worker: runs native code. @throws Error when the process is ending */
export async function insideGate<Result>(gate: ExitGate, native: () => Promise<Result>): Promise<Result> {
  if (Atomics.compareExchange(gate, 0, OPEN, INSIDE) === SHUT) throw new Error('The process is ending.');
  try {
    return await native();
  } finally {
    Atomics.store(gate, 0, OPEN);
    Atomics.notify(gate, 0);
  }
}

/** On the main thread: shuts the gate, waiting for whoever is inside. Blocks; for the process's `exit` event only. */
export function shutGate(gate: ExitGate): void {
  const untilMs = performance.now() + EXIT_WAIT_MS_MAX;
  while (Atomics.compareExchange(gate, 0, OPEN, SHUT) === INSIDE && performance.now() < untilMs) {
    Atomics.wait(gate, 0, INSIDE, EXIT_WAIT_MS_MAX);
  }
}

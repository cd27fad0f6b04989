/** Learns several adapters at once, each in a thread of its own. */
import { Worker } from 'node:worker_threads';
import type { AdapterTensors } from '../../engine/encoder.ts';
import { type FitOptions, stepsOf } from './fit-adapter.ts';
import type { FitThreadData, FitThreadReply } from './fit-thread.ts';

const PROGRAM = new URL('./fit-thread.ts', import.meta.url);

export interface FitManyOptions extends Omit<FitOptions, 'times' | 'onStep' | 'learned'> {
  /** The messages that each adapter learns from, by number. */
  readonly learnedBy: readonly (readonly number[])[];
  /** The native engine's binary. */
  readonly addonFile: string;
  /** Its kernel that was found good. */
  readonly kernel: string;
  /** Adapters that are learned at once. */
  readonly threads: number;
  /** Told of the steps of all adapters together. */
  readonly onStep?: (done: number, total: number) => void;
}

/** @throws Error when a thread fails; the others are ended */
export async function fitAdapters(options: FitManyOptions): Promise<AdapterTensors[]> {
  const { learnedBy, threads, onStep, states, ...rest } = options;
  // One copy for all threads.
  const shared = { values: share(states.values), lengths: states.lengths };
  const total = learnedBy.reduce((sum, { length }) => sum + stepsOf(length), 0);
  const done = learnedBy.map(() => 0);
  const found: AdapterTensors[] = [];
  const waiting = [...learnedBy.entries()];
  const running = new Set<Worker>();
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [number, learned] = next;
      const data: FitThreadData = { ...rest, states: shared, learned };
      found[number] = await fitInThread(data, running, (steps) => {
        done[number] = steps;
        onStep?.(
          done.reduce((sum, each) => sum + each, 0),
          total,
        );
      });
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(threads, learnedBy.length) }, work));
    return found;
  } finally {
    waiting.length = 0;
    await Promise.all([...running].map((worker) => worker.terminate()));
  }
}

function fitInThread(
  data: FitThreadData,
  running: Set<Worker>,
  onStep: (done: number) => void,
): Promise<AdapterTensors> {
  const worker = new Worker(PROGRAM, { workerData: data, name: 'tiergate-adapter' });
  running.add(worker);
  return new Promise((resolve, reject) => {
    worker.on('message', (reply: FitThreadReply) => {
      if (reply.kind === 'step') onStep(reply.done);
      else resolve(reply.adapter);
    });
    worker.on('error', (cause: Error) =>
      reject(new Error(`The learning of an adapter failed: ${cause.message}`)),
    );
    worker.on('exit', (code) => {
      running.delete(worker);
      reject(new Error(`The thread that learned an adapter ended (exit code ${code}).`));
    });
  });
}

function share(values: Float32Array): Float32Array {
  const shared = new Float32Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}

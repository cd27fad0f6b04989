/**
 * Runs any ONNX model, on a thread of its own, for tools that make and check models. Serving requests is
 * `onnx-encoder.ts`'s.
 */
import { Worker } from 'node:worker_threads';
import { createExitGate, shutGate } from './exit-gate.ts';
import type { OnnxValue, OnnxValues, RunsQuestion, RunsReply, RunsTask } from './onnx-runs-worker.ts';

export type { OnnxValue, OnnxValues };

/** The values of one output. @throws Error when there is none of that name, or not of floats */
export function floatsIn(outputs: OnnxValues, name: string): Float32Array {
  const data = outputs[name]?.data;
  // Not by `instanceof`: in a test runner's sandbox, what comes from another thread is of another realm.
  if (data?.BYTES_PER_ELEMENT === Float32Array.BYTES_PER_ELEMENT) return data as Float32Array;
  throw new Error(`The model gave no floats as ${name}.`);
}

export interface OnnxModel {
  /** @throws Error when the inputs do not fit the model */
  run(inputs: OnnxValues): Promise<OnnxValues>;
  release(): Promise<void>;
}

export interface OnnxRuns {
  /** @param model its bytes, or the path of a file whose external data lie beside it @throws Error when it is no model */
  load(model: Uint8Array | string): Promise<OnnxModel>;
  close(): Promise<void>;
}

/** @param threads that work on one operator */
export function startOnnxRuns(threads: number): OnnxRuns {
  const exitGate = createExitGate();
  const onExit = (): void => shutGate(exitGate);
  process.on('exit', onExit);
  const worker = new Worker(new URL('./onnx-runs-worker.ts', import.meta.url), {
    workerData: { exitGate, threads },
    name: 'tiergate-onnx-runs',
  });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const waiting = new Map<number, PromiseWithResolvers<OnnxValues | number>>();
  worker.on('message', (reply: RunsReply) => {
    const promise = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('problem' in reply) promise?.reject(new Error(reply.problem));
    else promise?.resolve(reply.result);
  });
  const fail = (cause: unknown): void => {
    for (const promise of waiting.values()) promise.reject(cause);
    waiting.clear();
  };
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('The thread that runs models has ended.')));
  let asked = 0;
  const ask = (task: RunsTask): Promise<OnnxValues | number> => {
    const id = asked;
    asked += 1;
    const answer = Promise.withResolvers<OnnxValues | number>();
    waiting.set(id, answer);
    worker.postMessage({ id, task } satisfies RunsQuestion);
    return answer.promise;
  };
  return {
    async load(model) {
      const session = (await ask({ kind: 'load', model })) as number;
      return {
        run: async (inputs) => (await ask({ kind: 'run', session, inputs })) as OnnxValues,
        release: async () => void (await ask({ kind: 'release', session })),
      };
    },
    async close() {
      worker.postMessage(null);
      await ended;
      process.off('exit', onExit);
    },
  };
}

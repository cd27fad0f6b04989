/** The thread behind `onnx-runs.ts`: one question after another, each answered with a result or a problem. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type ExitGate, insideGate } from './exit-gate.ts';

/** A tensor on its way into or out of a model. */
export interface OnnxValue {
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}
export type OnnxValues = Readonly<Record<string, OnnxValue>>;

export type RunsTask =
  | { readonly kind: 'load'; readonly model: Uint8Array | string }
  | { readonly kind: 'run'; readonly session: number; readonly inputs: OnnxValues }
  | { readonly kind: 'release'; readonly session: number };
export interface RunsQuestion {
  readonly id: number;
  readonly task: RunsTask;
}
export type RunsReply = { readonly id: number } & (
  | { readonly result: OnnxValues | number }
  | { readonly problem: string }
);

/** onnxruntime's number for: log errors only. */
const SEVERITY_ERROR = 3;

function serve(port: MessagePort, { exitGate, threads }: { exitGate: ExitGate; threads: number }): void {
  const sessions: (InferenceSession | undefined)[] = [];

  const load = async (model: Uint8Array | string): Promise<number> => {
    const options: InferenceSession.SessionOptions = {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: SEVERITY_ERROR,
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    };
    // One name, but two overloads.
    const session = await (typeof model === 'string'
      ? InferenceSession.create(model, options)
      : InferenceSession.create(model, options));
    return sessions.push(session) - 1;
  };
  const answer = async (task: RunsTask): Promise<OnnxValues | number> => {
    if (task.kind === 'load') return load(task.model);
    const session = sessions[task.session];
    if (session === undefined) throw new Error('The model was released.');
    if (task.kind === 'run') return run(session, task.inputs);
    sessions[task.session] = undefined;
    await session.release();
    return 0;
  };

  let last: Promise<unknown> = Promise.resolve();
  port.on('message', (question: RunsQuestion | null) => {
    if (question === null) {
      void last.then(() => port.close());
      return;
    }
    const { id, task } = question;
    last = last
      .then(() => insideGate(exitGate, () => answer(task)))
      .then(
        (result) => port.postMessage({ id, result } satisfies RunsReply, buffersOf(result)),
        (cause: unknown) => port.postMessage({ id, problem: String(cause) } satisfies RunsReply),
      );
  });
}

async function run(session: InferenceSession, inputs: OnnxValues): Promise<OnnxValues> {
  const feeds = Object.entries(inputs).map(([name, { data, shape }]) => {
    const type = data instanceof BigInt64Array ? 'int64' : 'float32';
    return [name, new Tensor(type, data, shape)] as const;
  });
  const outputs = await session.run(Object.fromEntries(feeds));
  const values = Object.entries(outputs).map(([name, { data, dims }]): [string, OnnxValue] => {
    if (data instanceof Float32Array || data instanceof BigInt64Array) return [name, { shape: dims, data }];
    throw new Error(`The output ${name} is neither float32 nor int64.`);
  });
  return Object.fromEntries(values);
}

/** Handed over instead of copied: matrices of a calibration are large. */
function buffersOf(result: OnnxValues | number): ArrayBuffer[] {
  if (typeof result === 'number') return [];
  return Object.values(result)
    .map(({ data }) => data.buffer as ArrayBuffer)
    .filter((buffer, at, all) => all.indexOf(buffer) === at);
}

if (parentPort !== null) serve(parentPort, workerData);

/** onnxruntime on the thread that calls it: token ids in, a unit vector out. */
import { createRequire } from 'node:module';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { meanPool } from '../../../src/engine/pooling.ts';
import type { Contender } from './contender.ts';

export interface SessionSettings {
  readonly modelFile: string;
  readonly threads: number;
  /** The folder of the onnxruntime-node to run; by default the project's own. */
  readonly runtime?: string;
  /** An addon to load first. */
  readonly preload?: string;
}

const SEVERITY_ERROR = 3;

export async function openSession({
  modelFile,
  threads,
  runtime,
  preload,
}: SessionSettings): Promise<Contender> {
  const require = createRequire(import.meta.url);
  if (preload !== undefined) require(preload);
  const ort: {
    InferenceSession: { create(path: string, options: object): Promise<InferenceSession> };
    Tensor: typeof Tensor;
  } = require(runtime ?? 'onnxruntime-node');
  const session = await ort.InferenceSession.create(modelFile, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: SEVERITY_ERROR,
  });
  return {
    async encode(ids) {
      const shape = [1, ids.length];
      const filled = (value: bigint) =>
        new ort.Tensor('int64', new BigInt64Array(ids.length).fill(value), shape);
      const inputs = {
        input_ids: () => new ort.Tensor('int64', BigInt64Array.from(ids, BigInt), shape),
        attention_mask: () => filled(1n),
        token_type_ids: () => filled(0n),
      };
      const wanted = Object.entries(inputs).filter(([name]) => session.inputNames.includes(name));
      const output = await session.run(Object.fromEntries(wanted.map(([name, make]) => [name, make()])));
      const hidden = output.last_hidden_state?.data;
      if (!(hidden instanceof Float32Array)) throw new Error('The model gave no last_hidden_state.');
      return meanPool(hidden, hidden.length / ids.length);
    },
    close: () => session.release(),
  };
}

/**
 * The thread that runs onnxruntime: `session.run` blocks the thread it is called on, so it must not be the one that
 * serves requests. One text in, one vector out; `encoder-thread.ts` is the other side.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Embedding } from '../encoder.ts';
import { loadModelPack, type ModelPack } from '../pack/manifest.ts';
import { clsPool, meanPool } from '../pooling.ts';
import { embeddingOf, readTokens } from '../token-windows.ts';
import { createTokenizer } from '../tokenizer/tokenizer.ts';
import type { Clip } from '../windows.ts';
import type { ThreadData, ThreadQuestion, ThreadReply } from './encoder-thread.ts';
import { insideGate } from './exit-gate.ts';

/** What the thread is started with. */
export interface OnnxWorkerData extends ThreadData {
  readonly modelFolder: string;
  /** Threads that work on one text. */
  readonly threads: number;
}

/** onnxruntime's number for: log errors only. */
const SEVERITY_ERROR = 3;

async function serve(port: MessagePort, data: OnnxWorkerData): Promise<void> {
  const pack = await loadModelPack(data.modelFolder);
  const { dimensions, tokens_max: tokensMax, pooling } = pack.manifest;
  const pool = pooling === 'mean' ? meanPool : clsPool;
  const tokenizer = createTokenizer(pack.tokenizer);
  const session = await insideGate(data.exitGate, () => createSession(pack, data.threads));

  const readWindow = async (ids: readonly number[]): Promise<Float32Array> => {
    const shape = [1, ids.length];
    const same = (value: bigint) => new Tensor('int64', new BigInt64Array(ids.length).fill(value), shape);
    const known = {
      input_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), shape),
      attention_mask: same(1n),
      token_type_ids: same(0n),
    };
    // A graph names what it reads, and takes nothing else.
    const feeds = Object.fromEntries(
      Object.entries(known).filter(([name]) => session.inputNames.includes(name)),
    );
    const output = await insideGate(data.exitGate, () => session.run(feeds));
    const hidden = output.last_hidden_state?.data;
    if (!(hidden instanceof Float32Array) || hidden.length !== ids.length * dimensions) {
      throw new Error('The model gave no `last_hidden_state` of the dimensions that its manifest names.');
    }
    return pool(hidden, dimensions);
  };

  /** Set while nobody wants the text under way any more. */
  let cancelled = false;
  const embed = async (clip: Clip): Promise<Embedding> => {
    cancelled = false;
    const reading = readTokens(tokenizer, clip, tokensMax);
    const vectors: Float32Array[] = [];
    for (const ids of reading.windows) {
      if (cancelled) throw new Error('Cancelled.');
      vectors.push(await readWindow(ids));
    }
    return embeddingOf(reading, vectors);
  };

  let running: Promise<void> = Promise.resolve();
  port.on('message', (question: ThreadQuestion) => {
    if (question.kind === 'embed') {
      running = embed(question.clip).then(
        (embedding) => send(port, { kind: 'embedding', embedding }, [embedding.vector.buffer as ArrayBuffer]),
        (cause: unknown) => send(port, { kind: 'failed', problem: String(cause) }),
      );
      return;
    }
    cancelled = true;
    if (question.kind === 'close') {
      void running.then(() => insideGate(data.exitGate, () => session.release())).finally(() => port.close());
    }
  });
  send(port, { kind: 'ready', dimensions, revision: pack.revision });
}

function createSession({ graph, weights, manifest }: ModelPack, threads: number): Promise<InferenceSession> {
  return InferenceSession.create(graph, {
    // The bytes that were verified, not the file once more.
    externalData: [{ path: manifest.files.weights.path, data: weights }],
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: SEVERITY_ERROR,
    // Idle threads of the pool must sleep: a spinning one takes the processor from the thread that serves requests.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
}

/** `moved` buffers change hands instead of being copied. */
function send(port: MessagePort, reply: ThreadReply, moved: ArrayBuffer[] = []): void {
  port.postMessage(reply, moved);
}

if (parentPort !== null) await serve(parentPort, workerData as OnnxWorkerData);

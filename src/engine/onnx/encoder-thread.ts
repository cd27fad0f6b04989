/** The main thread's side of a worker thread that embeds texts, one at a time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Embedding } from '../encoder.ts';
import { type Clip, clipText } from '../windows.ts';
import { createExitGate, type ExitGate, shutGate } from './exit-gate.ts';

/** Longest start: reading, verifying and optimising the model. */
const START_MS_MAX = 60_000;
/** Longest time for one text; a thread that needs longer hangs, and is ended. */
const EMBED_MS_MAX = 30_000;
/** Longest wait for the thread to end after what it is doing; after that it no longer holds the process. */
const CLOSE_MS_MAX = 5_000;
const HEAP_MB_MAX = 512;

/** `cancel`: the answer to the text under way is no longer wanted, and may be `failed`. */
export type ThreadQuestion =
  | { readonly kind: 'embed'; readonly clip: Clip }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'close' };
/** What every thread is given, beside what its program needs. */
export interface ThreadData {
  /** The thread runs native code through `insideGate` only. */
  readonly exitGate: ExitGate;
}
export type ThreadReply =
  | { readonly kind: 'ready'; readonly dimensions: number; readonly revision: string }
  | { readonly kind: 'embedding'; readonly embedding: Embedding }
  | { readonly kind: 'failed'; readonly problem: string };

/** A running engine that takes one text after another. */
export interface EncoderThread {
  readonly dimensions: number;
  readonly revision: string;
  /** False once it has ended, of itself or by `close`. */
  readonly alive: boolean;
  /** Call again only after the last call has settled. @throws Error when inference fails or the thread ends. */
  embed(text: string): Promise<Embedding>;
  /** Ends the text under way as soon as can be (between two windows); its `embed` still settles, either way. */
  cancel(): void;
  close(): Promise<void>;
}

/**
 * Starts the thread and waits until it is ready. The thread is never ended by force (`terminate`): inside onnxruntime
 * that takes the whole process down. It is asked to close, and ends when it is done.
 *
 * @param program the file the thread runs; it says `ready`, then answers every `embed` with one ThreadReply
 * @throws Error when it cannot start, such as for a damaged model pack
 */
export async function startEncoderThread(program: URL, data: object): Promise<EncoderThread> {
  const exitGate = createExitGate();
  const onExit = (): void => shutGate(exitGate);
  process.on('exit', onExit);
  const worker = new Worker(program, {
    workerData: { ...data, exitGate } satisfies ThreadData,
    name: 'tiergate-encoder',
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
  });
  const exited = new Promise((resolve) => worker.once('exit', resolve));
  void exited.then(() => process.off('exit', onExit));
  let alive = true;
  let waiting: PromiseWithResolvers<ThreadReply> | null = null;
  const end = (cause: Error): void => {
    alive = false;
    waiting?.reject(cause);
    waiting = null;
  };
  worker.on('message', (reply: ThreadReply) => {
    waiting?.resolve(reply);
    waiting = null;
  });
  worker.on('error', (cause) => end(new Error('The encoder thread failed.', { cause })));
  worker.on('exit', (code) => end(new Error(`The encoder thread ended (exit code ${code}).`)));

  const ask = (question: ThreadQuestion): void => worker.postMessage(question);

  const reply = async (waitMsMax: number): Promise<ThreadReply> => {
    if (!alive) throw new Error('The encoder thread has ended.');
    waiting = Promise.withResolvers<ThreadReply>();
    const { promise } = waiting;
    const timer = setTimeout(() => {
      end(new Error(`The encoder thread did not answer in ${waitMsMax} ms.`));
      ask({ kind: 'close' });
      worker.unref();
    }, waitMsMax);
    return promise.finally(() => clearTimeout(timer));
  };

  const ready = await reply(START_MS_MAX).catch((error: Error) => {
    // Nobody's text has reached the thread yet, so its own words can be shown.
    const { message } = (error.cause ?? error) as Error;
    throw new Error(`The encoder could not start. ${message}`, { cause: error });
  });
  if (ready.kind !== 'ready') throw new Error('The encoder thread did not say that it is ready.');
  return {
    dimensions: ready.dimensions,
    revision: ready.revision,
    get alive() {
      return alive;
    },
    async embed(text) {
      const answer = reply(EMBED_MS_MAX);
      ask({ kind: 'embed', clip: clipText(text) });
      const settled = await answer;
      if (settled.kind === 'embedding') return settled.embedding;
      throw new Error('Inference failed.', { cause: settled });
    },
    cancel: () => ask({ kind: 'cancel' }),
    async close() {
      end(new Error('The encoder is closed.'));
      ask({ kind: 'close' });
      await Promise.race([exited, sleep(CLOSE_MS_MAX, undefined, { ref: false })]);
      worker.unref();
    },
  };
}

/**
 * An Encoder over an engine that takes one text at a time: a bounded queue, requests before learning, and a new
 * thread when one has died.
 */
import { type Embedding, type Encoder, EncoderBusy } from './encoder.ts';
import type { EncoderThread } from './encoder-thread.ts';

/** A thread that keeps dying is not started again and again: texts fail at once until the minute is over. */
const STARTS_PER_MINUTE_MAX = 4;
const MINUTE_MS = 60_000;

interface Job {
  readonly text: string;
  readonly outcome: PromiseWithResolvers<Embedding>;
  /** Set when its caller went away: nobody wants the result. */
  dropped: boolean;
}

/**
 * @param start starts the engine; called again when its thread has died
 * @param queueMax most `embed` calls waiting; `embedAll` adds one text at a time, behind them all
 * @throws whatever the first `start` throws
 */
export async function createQueuedEncoder(
  start: () => Promise<EncoderThread>,
  queueMax: number,
): Promise<Encoder> {
  return new QueuedEncoder(start, queueMax, await start());
}

class QueuedEncoder implements Encoder {
  readonly dimensions: number;
  readonly revision: string;
  readonly #start: () => Promise<EncoderThread>;
  readonly #queueMax: number;
  /** Texts of requests, and texts to learn from: the first queue goes first. */
  #waiting: Job[] = [];
  #learning: Job[] = [];
  #thread: EncoderThread;
  #startsAtMs: number[] = [];
  #working = false;
  #underWay: Job | null = null;
  #closed = false;

  constructor(start: () => Promise<EncoderThread>, queueMax: number, thread: EncoderThread) {
    this.#start = start;
    this.#queueMax = queueMax;
    this.#thread = thread;
    this.dimensions = thread.dimensions;
    this.revision = thread.revision;
  }

  async embed(text: string, signal?: AbortSignal): Promise<Embedding> {
    signal?.throwIfAborted();
    if (this.#waiting.length >= this.#queueMax) throw new EncoderBusy();
    const job = newJob(text);
    const abort = (): void => {
      job.dropped = true;
      if (job === this.#underWay) this.#thread.cancel();
      this.#waiting = this.#waiting.filter((other) => other !== job);
      job.outcome.reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await this.#enqueue(this.#waiting, job);
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  async embedAll(texts: readonly string[], onProgress?: (done: number) => void): Promise<Embedding[]> {
    const embeddings: Embedding[] = [];
    for (const text of texts) {
      embeddings.push(await this.#enqueue(this.#learning, newJob(text)));
      onProgress?.(embeddings.length);
    }
    return embeddings;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const job of [...this.#waiting, ...this.#learning]) job.outcome.reject(closedError());
    this.#waiting = [];
    this.#learning = [];
    await this.#thread.close();
  }

  #enqueue(queue: Job[], job: Job): Promise<Embedding> {
    if (this.#closed) return Promise.reject(closedError());
    queue.push(job);
    if (!this.#working) void this.#work();
    return job.outcome.promise;
  }

  /** Serves the queues until they are empty. Never throws: every failure belongs to the job it met. */
  async #work(): Promise<void> {
    this.#working = true;
    for (let job = this.#next(); job !== undefined; job = this.#next()) {
      try {
        const thread = await this.#liveThread();
        if (job.dropped) continue;
        this.#underWay = job;
        job.outcome.resolve(await thread.embed(job.text));
      } catch (error) {
        job.outcome.reject(error);
      } finally {
        this.#underWay = null;
      }
    }
    this.#working = false;
  }

  #next(): Job | undefined {
    return this.#waiting.shift() ?? this.#learning.shift();
  }

  async #liveThread(): Promise<EncoderThread> {
    if (this.#closed) throw closedError();
    if (this.#thread.alive) return this.#thread;
    const nowMs = performance.now();
    this.#startsAtMs = this.#startsAtMs.filter((atMs) => nowMs - atMs < MINUTE_MS);
    if (this.#startsAtMs.length >= STARTS_PER_MINUTE_MAX) {
      throw new Error(`The encoder thread died ${STARTS_PER_MINUTE_MAX} times within a minute.`);
    }
    this.#startsAtMs.push(nowMs);
    const thread = await this.#start();
    if (thread.revision !== this.revision) {
      await thread.close();
      throw new Error('The model pack has changed since the start: vectors of two models do not compare.');
    }
    this.#thread = thread;
    if (this.#closed) await thread.close();
    return thread;
  }
}

function newJob(text: string): Job {
  return { text, outcome: Promise.withResolvers<Embedding>(), dropped: false };
}

function closedError(): Error {
  return new Error('The encoder is closed.');
}

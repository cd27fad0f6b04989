/**
 * An Encoder over an engine that takes a few texts at a time: a bounded queue, requests before learning, and a new
 * engine when one has died.
 */
import { type AdapterTensors, type Embedding, type Encoder, EncoderBusy } from './encoder.ts';

/** An engine that keeps dying is not started again and again: texts fail at once until the minute is over. */
const STARTS_PER_MINUTE_MAX = 4;
const MINUTE_MS = 60_000;

/** Makes vectors of texts. */
export interface TextReader {
  readonly revision: string;
  /** @param signal aborted when nobody wants the result any more; it still settles, either way */
  embed(texts: readonly string[], signal?: AbortSignal): Promise<Embedding[]>;
}

/** A running engine. */
export interface TextEngine extends TextReader {
  /** What it is, for people: `onnxruntime`, `native avx2`. */
  readonly engine: string;
  readonly dimensions: number;
  /** False once it has ended, of itself or by `close`. */
  readonly alive: boolean;
  /** Calls of `embed` that may be under way at once. */
  readonly lanes: number;
  /** UTF-16 code units of texts to learn from that one call takes best; 0: one text a call. A request is a call. */
  readonly batchCharsMax: number;
  /** This engine with an adapter; its calls count among the engine's. @throws Error naming the tensor that does not fit */
  readonly withAdapter?: (adapter: AdapterTensors) => TextReader;
  close(): Promise<void>;
}

interface Job {
  readonly text: string;
  /** Null: the engine, whichever is alive. */
  readonly reader: TextReader | null;
  readonly signal: AbortSignal | undefined;
  readonly done: (embedding: Embedding) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * @param start starts the engine; called again when it has died
 * @param queueMax most `embed` calls waiting; texts of `embedAll` wait behind them all, however many
 * @throws whatever the first `start` throws
 */
export async function createQueuedEncoder(
  start: () => Promise<TextEngine>,
  queueMax: number,
): Promise<Encoder> {
  return new QueuedEncoder(start, queueMax, await start());
}

class QueuedEncoder implements Encoder {
  readonly dimensions: number;
  readonly revision: string;
  readonly engine: string;
  readonly withAdapter?: (adapter: AdapterTensors) => Encoder;
  readonly #start: () => Promise<TextEngine>;
  readonly #queueMax: number;
  /** Texts of requests, and texts to learn from: the first queue goes first. */
  #waiting: Job[] = [];
  #learning: Job[] = [];
  #engine: TextEngine;
  #restarting: Promise<TextEngine> | null = null;
  #startsAtMs: number[] = [];
  #lanesInUse = 0;
  #closed = false;

  constructor(start: () => Promise<TextEngine>, queueMax: number, engine: TextEngine) {
    this.#start = start;
    this.#queueMax = queueMax;
    this.#engine = engine;
    this.dimensions = engine.dimensions;
    this.revision = engine.revision;
    this.engine = engine.engine;
    if (engine.withAdapter !== undefined) this.withAdapter = (adapter) => this.#adapted(adapter);
  }

  embed(text: string, signal?: AbortSignal): Promise<Embedding> {
    return this.#embed(text, null, signal);
  }

  embedAll(texts: readonly string[], onProgress?: (done: number) => void): Promise<Embedding[]> {
    return this.#embedAll(texts, null, onProgress);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#dropAll(() => true);
    await this.#engine.close();
  }

  #adapted(adapter: AdapterTensors): Encoder {
    const loaded = this.#closed ? undefined : this.#engine.withAdapter?.(adapter);
    if (loaded === undefined) throw closedError();
    // Let go of when closed, so that its memory can be freed.
    let reader: TextReader | null = loaded;
    const open = (): TextReader => {
      if (reader === null) throw closedError();
      return reader;
    };
    return {
      dimensions: this.dimensions,
      revision: loaded.revision,
      engine: this.engine,
      embed: async (text, signal) => this.#embed(text, open(), signal),
      embedAll: async (texts, onProgress) => this.#embedAll(texts, open(), onProgress),
      close: async () => {
        this.#dropAll((job) => job.reader !== null && job.reader === reader);
        reader = null;
      },
    };
  }

  async #embed(text: string, reader: TextReader | null, signal?: AbortSignal): Promise<Embedding> {
    signal?.throwIfAborted();
    if (this.#closed) throw closedError();
    if (this.#waiting.length >= this.#queueMax) throw new EncoderBusy();
    const { promise, resolve, reject } = Promise.withResolvers<Embedding>();
    const job: Job = { text, reader, signal, done: resolve, fail: reject };
    const abort = (): void => {
      this.#waiting = this.#waiting.filter((other) => other !== job);
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    this.#waiting.push(job);
    this.#work();
    try {
      return await promise;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  async #embedAll(
    texts: readonly string[],
    reader: TextReader | null,
    onProgress?: (done: number) => void,
  ): Promise<Embedding[]> {
    if (texts.length === 0) return [];
    if (this.#closed) throw closedError();
    const { promise, resolve, reject } = Promise.withResolvers<Embedding[]>();
    const embeddings: Embedding[] = [];
    let count = 0;
    // One that fails makes the others useless.
    const failed = new AbortController();
    const fail = (error: unknown): void => {
      failed.abort();
      this.#learning = this.#learning.filter(({ signal }) => signal !== failed.signal);
      reject(error);
    };
    for (const [at, text] of texts.entries()) {
      const done = (embedding: Embedding): void => {
        embeddings[at] = embedding;
        count += 1;
        onProgress?.(count);
        if (count === texts.length) resolve(embeddings);
      };
      this.#learning.push({ text, reader, signal: failed.signal, done, fail });
    }
    this.#work();
    return promise;
  }

  /** Fails the jobs that wait. */
  #dropAll(isDropped: (job: Job) => boolean): void {
    const dropped = [...this.#waiting, ...this.#learning].filter(isDropped);
    this.#waiting = this.#waiting.filter((job) => !isDropped(job));
    this.#learning = this.#learning.filter((job) => !isDropped(job));
    for (const { fail } of dropped) fail(closedError());
  }

  /** Fills the lanes that are free. */
  #work(): void {
    while (this.#lanesInUse < this.#engine.lanes) {
      const jobs = this.#next();
      if (jobs.length === 0) return;
      this.#lanesInUse += 1;
      void this.#run(jobs).finally(() => {
        this.#lanesInUse -= 1;
        this.#work();
      });
    }
  }

  /** Never throws: a failure belongs to the jobs that it met. */
  async #run(jobs: readonly Job[]): Promise<void> {
    try {
      const reader = jobs[0]?.reader ?? (await this.#liveEngine());
      const wanted = jobs.filter(({ signal }) => !signal?.aborted);
      const [first] = wanted;
      if (first === undefined) return;
      // Texts to learn from share a signal with those that are lost with them; two lots of them share none.
      const isOneLot = wanted.every(({ signal }) => signal === first.signal);
      const texts = wanted.map(({ text }) => text);
      const embeddings = await reader.embed(texts, isOneLot ? first.signal : undefined);
      for (const [at, job] of wanted.entries()) {
        const embedding = embeddings[at];
        if (embedding === undefined) throw new Error('The engine returned too few vectors.');
        job.done(embedding);
      }
    } catch (error) {
      for (const { fail } of jobs) fail(error);
    }
  }

  /** What goes into the next call: a request, or texts to learn from, all for one reader. */
  #next(): Job[] {
    if (this.#waiting.length > 0) return this.#waiting.splice(0, 1);
    let count = 0;
    let chars = 0;
    const [first] = this.#learning;
    for (const { text, reader } of this.#learning) {
      chars += text.length;
      if (count > 0 && (chars > this.#engine.batchCharsMax || reader !== first?.reader)) break;
      count += 1;
    }
    return this.#learning.splice(0, count);
  }

  async #liveEngine(): Promise<TextEngine> {
    if (this.#closed) throw closedError();
    if (this.#engine.alive) return this.#engine;
    this.#restarting ??= this.#restart().finally(() => {
      this.#restarting = null;
    });
    return this.#restarting;
  }

  async #restart(): Promise<TextEngine> {
    const nowMs = performance.now();
    this.#startsAtMs = this.#startsAtMs.filter((atMs) => nowMs - atMs < MINUTE_MS);
    if (this.#startsAtMs.length >= STARTS_PER_MINUTE_MAX) {
      throw new Error(`The encoder thread died ${STARTS_PER_MINUTE_MAX} times within a minute.`);
    }
    this.#startsAtMs.push(nowMs);
    const engine = await this.#start();
    if (engine.revision !== this.revision) {
      await engine.close();
      throw new Error('The model pack has changed since the start: vectors of two models do not compare.');
    }
    this.#engine = engine;
    if (this.#closed) await engine.close();
    return engine;
  }
}

function closedError(): Error {
  return new Error('The encoder is closed.');
}

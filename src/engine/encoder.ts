/**
 * What an encoder is to the rest of tiergate: text in, unit vectors out. Engines (native kernels,
 * onnxruntime) implement this one interface, and one conformance suite runs over all of them.
 */

export interface Embedding {
  /** L2-normalised, `dimensions` long. */
  readonly vector: Float32Array;
  /** Tokens of the text, special tokens not counted. */
  readonly tokens: number;
  /** Windows the text was read in; the vector is their mean, weighted by tokens. */
  readonly windows: number;
  /** True if the text was longer than all windows together: its middle was not read. */
  readonly truncated: boolean;
}

export interface Encoder {
  readonly dimensions: number;
  /** Names what makes the vectors (weights, tokenizer): the first 12 hex digits of a SHA-256. */
  readonly revision: string;
  /** What makes them, for people and metrics: `onnxruntime`, or `native` and the kernel, such as `native avx2`. */
  readonly engine: string;
  /**
   * Embeds one text, off the event loop. Requests of one caller wait in a bounded queue.
   * @throws EncoderBusy when the queue is full; the signal's reason when it aborts first; Error when inference fails.
   */
  embed(text: string, signal?: AbortSignal): Promise<Embedding>;
  /** Embeds many texts behind whatever `embed` calls wait, so that learning never delays a request. */
  embedAll(texts: readonly string[], onProgress?: (done: number) => void): Promise<Embedding[]>;
  close(): Promise<void>;
}

/** The encoder's queue is full. */
export class EncoderBusy extends Error {
  constructor() {
    super('The queue of the encoder is full.');
    this.name = 'EncoderBusy';
  }
}

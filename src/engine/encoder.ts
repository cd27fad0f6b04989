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

/**
 * A part of an adapter, which adds a product of two narrow matrices to what some of an encoder's make of their input x:
 * y = W x + b + B (A x) (LoRA, Hu et al. 2021, arXiv 2106.09685). A is named `layers.{i}.{matrix}.lora_a`, [rank][inputs], B
 * `layers.{i}.{matrix}.lora_b`, [outputs][rank], any scale included; layers count from 0, a matrix is `qkv`, `out`, `up` or
 * `down`, and its rank is from 1 to 64.
 */
export interface AdapterTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Rows one behind the other. */
  readonly values: Float32Array;
}
/** Of any matrices of any layers; both parts of each. */
export type AdapterTensors = readonly AdapterTensor[];

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
  /**
   * This encoder with an adapter: on the same weights, threads and queue, with a revision of its own. Its `close` lets go of
   * the adapter only; it ends with this one. Takes milliseconds, so adapters may come and go while requests are under way.
   * An engine that runs no adapters has no such method.
   * @throws Error naming the tensor that does not fit; the tensors are not needed afterwards
   */
  readonly withAdapter?: (adapter: AdapterTensors) => Encoder;
  close(): Promise<void>;
}

/** The encoder's queue is full. */
export class EncoderBusy extends Error {
  constructor() {
    super('The queue of the encoder is full.');
    this.name = 'EncoderBusy';
  }
}

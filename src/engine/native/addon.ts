/**
 * The whole surface of the native engine, `native/addon/`. JavaScript checks what things mean; the addon checks types,
 * lengths and bounds again, so that a wrong argument is an exception and never a crash.
 */
import type { EncoderConfig } from '../pack/manifest.ts';
import type { PackTensor } from '../pack/safetensors.ts';

export interface NativeAddon {
  /** All kernels of this binary, the fastest first. */
  kernels(): { readonly name: string; readonly supported: boolean }[];
  /**
   * Checks the weights and packs them for a kernel; the buffers they came in are not needed afterwards. Takes tens of
   * milliseconds. @throws Error naming the tensor or the field that does not fit; TypeError for a wrong argument
   */
  createEngine(options: NativeEngineOptions): NativeEngine;
  /** Products of float matrices, on a kernel that is supported. @throws TypeError */
  timesTransposedOn(options: { readonly kernel: string }): TimesTransposed;
}

/**
 * out[rows][columns] = a[rows][width] · b[columns][width]ᵀ, rows one behind the other; added to what stands in `out` if
 * `adds`. On the calling thread; arrays may be longer than needed, `out` must be none of the others.
 * @throws TypeError for a wrong argument, RangeError for an array that is too short
 */
export type TimesTransposed = (
  a: Float32Array,
  rows: number,
  b: Float32Array,
  columns: number,
  width: number,
  out: Float32Array,
  adds: boolean,
) => void;

export interface NativeEngineOptions {
  readonly config: EncoderConfig & { readonly pooling: 'mean' | 'cls' };
  readonly tensors: readonly PackTensor[];
  readonly heads: readonly {
    readonly name: string;
    readonly kind: 'sentence' | 'token';
    readonly labels: number;
  }[];
  /** One of `kernels()` that is supported. */
  readonly kernel: string;
  /** Threads of the engine: as many calls run at once. */
  readonly threads: number;
}

export interface NativeResult {
  /** Of each text, `hidden` long and of length 1. */
  readonly vectors: Float32Array;
  /** Of each text, the logits of all sentence heads. */
  readonly sentence: Float32Array;
  /** Of each token, the logits of all token heads. */
  readonly tokens: Float32Array;
}

/** Why a call has no result. */
export type NativeProblem = 'cancelled' | 'late' | 'no memory' | 'not finite';

/** An adapter in the engine's memory. */
export interface NativeAdapter {
  readonly [tag]: never;
}
/** Only the addon makes them. */
declare const tag: unique symbol;

export interface NativeEngine {
  /**
   * Reads texts on a thread of the engine. A text gives the same numbers whatever others are in the call, and however
   * many threads work on it.
   *
   * @param ids of all texts, one behind the other, special tokens included
   * @param lengths tokens of each text
   * @param threads most that may work on this call, if they have nothing else to do
   * @param deadlineMs from now; 0: none
   * @param adapter of this engine's own, or null
   * @param callback called once, later
   * @returns the job, for `cancel`
   * @throws TypeError, RangeError for ids or lengths that the model cannot read
   */
  encode(
    ids: Int32Array,
    lengths: Int32Array,
    threads: number,
    deadlineMs: number,
    adapter: NativeAdapter | null,
    callback: (problem: NativeProblem | null, result: NativeResult | null) => void,
  ): number;
  /**
   * Runs texts to the layer of that number and no further: calls back with the states that it reads, `hidden` floats for each
   * token, all texts one behind the other. 0: the embeddings after their norm; the number of layers: what the last one makes.
   * All else is as with `encode`.
   */
  readStates(
    ids: Int32Array,
    lengths: Int32Array,
    threads: number,
    layer: number,
    callback: (problem: NativeProblem | null, states: Float32Array | null) => void,
  ): number;
  /**
   * Checks an adapter for this engine (`AdapterTensor` says what one is) and lays it out for the kernels; the buffers are not
   * needed afterwards. Freed when the object is gone and no call uses it. Disturbs nothing that is under way.
   * @throws Error naming the tensor that does not fit; TypeError for a wrong argument
   */
  loadAdapter(options: { readonly tensors: readonly PackTensor[] }): NativeAdapter;
  /** Ends a job at the next layer: its callback gets `cancelled`. A job that has ended is not an error. */
  cancel(job: number): void;
  /** Cancels what is under way and waits for the threads: a layer's time at most. Answers still arrive. */
  close(): void;
}

/** @throws Error when the file is no addon that this process can load */
export function loadAddon(file: string): NativeAddon {
  const module = { exports: {} };
  process.dlopen(module, file);
  return module.exports as NativeAddon;
}

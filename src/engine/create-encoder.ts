/** Which engine makes the vectors: the native one, else onnxruntime. */
import type { Encoder } from './encoder.ts';
import { findNative, NativeUnavailable } from './native/binary.ts';
import { createNativeEncoder, type NativeEncoderOptions } from './native/native-encoder.ts';
import { createOnnxEncoder, ONNXRUNTIME } from './onnx/onnx-encoder.ts';

export interface EncoderOptions extends NativeEncoderOptions {
  /** A kernel of the native engine, or `onnxruntime`; '' for the fastest that works here. */
  readonly kernel: string;
  /** Where it is remembered which kernel works here; null: nowhere. */
  readonly trialsFile: string | null;
  /** Told once, if the fastest choice could not be had. */
  readonly warn: (sentence: string) => void;
}

/**
 * @throws ModelPackError naming what is wrong with the pack
 * @throws Error when a kernel was asked for and cannot be had: then there is no fallback
 */
export async function createEncoder(options: EncoderOptions): Promise<Encoder> {
  const { kernel, warn } = options;
  if (kernel === ONNXRUNTIME) return createOnnxEncoder(options);
  try {
    const binary = await findNative(options);
    if (binary.problems.length > 0) {
      warn(`The encoder runs on the kernel ${binary.kernel}. ${binary.problems.join(' ')}`);
    }
    return await createNativeEncoder({ ...options, binary });
  } catch (error) {
    if (!(error instanceof NativeUnavailable)) throw error;
    if (kernel !== '') throw new Error(`The kernel ${kernel} cannot be had. ${error.message}`);
    warn(`The encoder runs on onnxruntime, which is slower: there is no native engine. ${error.message}`);
    return createOnnxEncoder(options);
  }
}

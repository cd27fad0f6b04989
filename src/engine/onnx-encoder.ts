/** The encoder that runs anywhere: onnxruntime on a worker thread. */
import type { Encoder } from './encoder.ts';
import { startEncoderThread, type ThreadData } from './encoder-thread.ts';
import type { OnnxWorkerData } from './onnx-worker.ts';
import { createQueuedEncoder } from './queued-encoder.ts';

const PROGRAM = new URL('./onnx-worker.ts', import.meta.url);

export interface OnnxEncoderOptions {
  /** Folder of a model pack: `manifest.json`, weights, tokenizer. */
  readonly modelFolder: string;
  /** Most `embed` calls waiting. */
  readonly queueMax: number;
  /** Threads that work on one text. */
  readonly threads: number;
}

/** Loads and verifies the model pack and starts the engine. @throws Error naming what is wrong with the pack. */
export function createOnnxEncoder(options: OnnxEncoderOptions): Promise<Encoder> {
  const data: Omit<OnnxWorkerData, keyof ThreadData> = {
    modelFolder: options.modelFolder,
    threads: options.threads,
  };
  return createQueuedEncoder(() => startEncoderThread(PROGRAM, data), options.queueMax);
}

/** The encoder that runs anywhere: onnxruntime on a worker thread. */
import type { Encoder } from '../encoder.ts';
import { createQueuedEncoder, type TextEngine } from '../queued-encoder.ts';
import { type EncoderThread, startEncoderThread, type ThreadData } from './encoder-thread.ts';
import type { OnnxWorkerData } from './onnx-worker.ts';

export const ONNXRUNTIME = 'onnxruntime';
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
  return createQueuedEncoder(async () => engineOn(await startEncoderThread(PROGRAM, data)), options.queueMax);
}

/** Batching gains nothing in onnxruntime: one text after another. */
function engineOn(thread: EncoderThread): TextEngine {
  const { dimensions, revision, cancel, close } = thread;
  return {
    engine: ONNXRUNTIME,
    dimensions,
    revision,
    get alive() {
      return thread.alive;
    },
    lanes: 1,
    batchCharsMax: 0,
    async embed([text = ''], signal) {
      signal?.addEventListener('abort', cancel, { once: true });
      try {
        return [await thread.embed(text)];
      } finally {
        signal?.removeEventListener('abort', cancel);
      }
    },
    close,
  };
}

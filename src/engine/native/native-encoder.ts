/** The encoder that runs on this project's own kernels. */
import type { Encoder } from '../encoder.ts';
import { loadModelPack, ModelPackError } from '../pack/manifest.ts';
import { createQueuedEncoder } from '../queued-encoder.ts';
import { findNative, type NativeBinary, type NativeOptions } from './binary.ts';
import { startNativeEngine } from './native-engine.ts';

export interface NativeEncoderOptions extends Partial<NativeOptions> {
  /** Folder of a model pack. */
  readonly modelFolder: string;
  /** Most `embed` calls waiting. */
  readonly queueMax: number;
  /** Texts under way at once; a long text that is alone uses them all. */
  readonly threads: number;
  /** One that was found already; none: it is looked for. */
  readonly binary?: NativeBinary;
}

/**
 * Loads and verifies the model pack, finds a binary and starts the engine.
 * @throws NativeUnavailable when there is no binary for this machine, ModelPackError, Error for an unknown kernel
 */
export async function createNativeEncoder(options: NativeEncoderOptions): Promise<Encoder> {
  const { modelFolder, queueMax, threads, kernel = '', trialsFile = null } = options;
  const [binary, pack] = await Promise.all([
    options.binary ?? findNative({ ...options, kernel, trialsFile }),
    loadModelPack(modelFolder),
  ]);
  try {
    const engine = startNativeEngine(binary, pack, threads);
    freeNow(pack.weights);
    return await createQueuedEncoder(async () => engine, queueMax);
  } catch (cause) {
    throw new ModelPackError(modelFolder, (cause as Error).message, cause);
  }
}

/** The engine has its own copy, and the garbage collector may take long to see what hangs on so small an object. */
function freeNow({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

/** The encoder, as the tools use it: all processors, for nobody else waits. */
import { availableParallelism } from 'node:os';
import { createEncoder } from '../engine/create-encoder.ts';
import type { Encoder } from '../engine/encoder.ts';
import { trialsFileOf } from '../engine/server-engine.ts';
import type { Settings } from '../settings.ts';

/** Nothing is asked for one by one. */
const QUEUE_MAX = 64;

/** @param modelFolder a model pack; none: the one that the server uses. @throws ModelPackError, Error */
export function openEncoder(settings: Settings, modelFolder = settings.TIERGATE_MODEL): Promise<Encoder> {
  return createEncoder({
    modelFolder,
    queueMax: QUEUE_MAX,
    threads: settings.TIERGATE_ENGINE_THREADS || availableParallelism(),
    kernel: settings.TIERGATE_KERNEL,
    trialsFile: trialsFileOf(settings),
    warn: (sentence) => void process.stderr.write(`${sentence}\n`),
  });
}

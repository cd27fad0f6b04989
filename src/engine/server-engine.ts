/** How the server runs a pack's models: what the settings say, the same for the encoder and for the tagger. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '../settings.ts';

/** A processor's memory feeds no more of them well, and a server has other things to do. */
const THREADS_MAX = 4;

export function serverEngine(settings: Settings) {
  return {
    modelFolder: settings.TIERGATE_MODEL,
    threads: settings.TIERGATE_ENGINE_THREADS || Math.min(THREADS_MAX, availableParallelism()),
    kernel: settings.TIERGATE_KERNEL,
    trialsFile: trialsFileOf(settings),
  };
}

/** Where it is remembered which kernel works here. */
export const trialsFileOf = (settings: Settings): string => join(settings.TIERGATE_DATA, 'kernels.json');

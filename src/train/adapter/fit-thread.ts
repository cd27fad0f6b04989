/** The program of a thread that learns one adapter: its work is long, and two processors learn two folds at once. */
import { parentPort, workerData } from 'node:worker_threads';
import type { AdapterTensors } from '../../engine/encoder.ts';
import { loadAddon } from '../../engine/native/addon.ts';
import { type FitOptions, fitAdapter } from './fit-adapter.ts';

export interface FitThreadData extends Omit<FitOptions, 'times' | 'onStep'> {
  /** The native engine's binary. */
  readonly addonFile: string;
  /** Its kernel that was found good. */
  readonly kernel: string;
}

export type FitThreadReply =
  | { readonly kind: 'step'; readonly done: number }
  | { readonly kind: 'adapter'; readonly adapter: AdapterTensors };

const { addonFile, kernel, ...options } = workerData as FitThreadData;
const tell = (reply: FitThreadReply): void => parentPort?.postMessage(reply);
const adapter = fitAdapter({
  ...options,
  times: loadAddon(addonFile).timesTransposedOn({ kernel }),
  onStep: (done) => tell({ kind: 'step', done }),
});
tell({ kind: 'adapter', adapter });

/**
 * Tries a native binary: `node trial.ts BINARY [KERNEL [WITHOUT ...]]`. A process of its own, as a binary that is
 * wrong for this machine may take down whoever loads it. Prints one JSON line for each thing it learns, so that whoever
 * waits knows how far it came (`binary.ts`).
 *
 * A kernel is good if it gives the vectors that the plain one, `reference`, gives.
 */
import { loadAddon, type NativeAddon, type NativeResult } from './addon.ts';
import { createRandom, TRIAL_CONFIG, trialTensors } from './trial-model.ts';

/** What is printed. */
export type TrialLine =
  | { readonly said: 'kernels'; readonly all: readonly string[]; readonly supported: readonly string[] }
  | { readonly said: 'trying' | 'good' | 'wrong'; readonly kernel: string };

export const REFERENCE = 'reference';
/** Around every edge of a kernel's blocks. */
const LENGTHS = [1, 2, 7, 16, 33, 64, 100];
/**
 * Kernels round now and then to another neighbour, when sums differ in their last bit: a few thousandths in a vector of
 * this tiny model. A kernel that is wrong gives vectors that have nothing to do with these.
 */
const DIFFERENCE_MAX = 0.02;

function vectorsOf(addon: NativeAddon, kernel: string): Promise<Float32Array> {
  const engine = addon.createEngine({
    config: { ...TRIAL_CONFIG, pooling: 'mean' },
    tensors: trialTensors(),
    heads: [],
    kernel,
    threads: 1,
  });
  const random = createRandom(2);
  const rows = LENGTHS.reduce((sum, length) => sum + length, 0);
  const ids = Int32Array.from({ length: rows }, () => Math.floor(random() * TRIAL_CONFIG.vocabulary));
  return new Promise((resolve, reject) => {
    const settle = (problem: string | null, result: NativeResult | null): void => {
      engine.close();
      if (result === null) reject(new Error(String(problem)));
      else resolve(result.vectors);
    };
    engine.encode(ids, Int32Array.from(LENGTHS), 1, 0, null, settle);
  });
}

function isLike(vectors: Float32Array, expected: Float32Array): boolean {
  // NaN is not at most anything.
  return vectors.every((value, at) => Math.abs(value - (expected[at] ?? Number.NaN)) <= DIFFERENCE_MAX);
}

async function tryKernels(file: string, wanted: string, without: readonly string[]): Promise<void> {
  const say = (line: TrialLine): void => {
    process.stdout.write(`${JSON.stringify(line)}\n`);
  };
  const addon = loadAddon(file);
  const kernels = addon.kernels();
  const supported = kernels.filter((kernel) => kernel.supported).map(({ name }) => name);
  say({ said: 'kernels', all: kernels.map(({ name }) => name), supported });
  for (const kernel of supported) {
    if ((wanted !== '' && kernel !== wanted) || without.includes(kernel)) continue;
    say({ said: 'trying', kernel });
    const isGood = isLike(await vectorsOf(addon, kernel), await vectorsOf(addon, REFERENCE));
    say({ said: isGood ? 'good' : 'wrong', kernel });
    if (isGood) return;
  }
}

if (process.argv[1] === import.meta.filename) {
  const [file = '', wanted = '', ...without] = process.argv.slice(2);
  await tryKernels(file, wanted, without);
}

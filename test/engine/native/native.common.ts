/** What tests of the native engine share: a binary for this machine, and engines with random weights. */

import type { AdapterTensor } from '../../../src/engine/encoder.ts';
import type {
  NativeAdapter,
  NativeAddon,
  NativeEngine,
  NativeEngineOptions,
  NativeResult,
} from '../../../src/engine/native/addon.ts';
import { findNative, type NativeBinary } from '../../../src/engine/native/binary.ts';
import { createRandom, TRIAL_CONFIG, trialTensors } from '../../../src/engine/native/trial-model.ts';
import type { EncoderConfig } from '../../../src/engine/pack/manifest.ts';

/** Found as the server finds it, once a file: the prebuilt binary, or one that is compiled now. */
let found: Promise<NativeBinary> | undefined;
export function nativeBinary(): Promise<NativeBinary> {
  found ??= findNative({ kernel: '', trialsFile: null });
  return found;
}
export async function nativeAddon(): Promise<NativeAddon> {
  return (await nativeBinary()).addon;
}

/** Options for `createEngine`, of a tiny model. The kernel `reference` is slow, which some tests need. */
export function engineOptions(
  over: Partial<Omit<NativeEngineOptions, 'config'>> & { config?: Partial<EncoderConfig> } = {},
): NativeEngineOptions {
  const config = { ...TRIAL_CONFIG, ...over.config, pooling: 'mean' as const };
  return { tensors: trialTensors(config), heads: [], kernel: 'reference', threads: 1, ...over, config };
}

export interface Encoded {
  readonly job: number;
  readonly outcome: Promise<{ problem: string | null; result: NativeResult | null }>;
}

/** Texts of these lengths; the same ids each time. */
export function encodeLengths(
  engine: NativeEngine,
  lengths: readonly number[],
  {
    threads = 1,
    deadlineMs = 0,
    adapter = null,
  }: { threads?: number; deadlineMs?: number; adapter?: NativeAdapter | null } = {},
): Encoded {
  const rows = lengths.reduce((sum, length) => sum + length, 0);
  const ids = Int32Array.from({ length: rows }, (_, at) => (at * 7919) % TRIAL_CONFIG.vocabulary);
  const { promise, resolve } = Promise.withResolvers<{
    problem: string | null;
    result: NativeResult | null;
  }>();
  const job = engine.encode(ids, Int32Array.from(lengths), threads, deadlineMs, adapter, (problem, result) =>
    resolve({ problem, result }),
  );
  return { job, outcome: promise };
}

/** With `engineOptions({ config: SLOW_CONFIG })` these take a good part of a second, in steps of some milliseconds. */
export const SLOW_CONFIG = { layers: 32 };
export const SLOW_LENGTHS: readonly number[] = new Array(4).fill(128);

/** An adapter of all matrices of all layers. `strength` 0: B is zeros, as where learning begins. */
export function adapterOf({
  seed = 1,
  rank = 8,
  strength = 1,
  config: { layers, hidden, intermediate } = TRIAL_CONFIG,
} = {}): AdapterTensor[] {
  const shapes = {
    qkv: [3 * hidden, hidden],
    out: [hidden, hidden],
    up: [intermediate, hidden],
    down: [hidden, intermediate],
  };
  const random = createRandom(seed);
  const tensor = (name: string, rows: number, columns: number, scale: number): AdapterTensor => ({
    name,
    shape: [rows, columns],
    values: Float32Array.from({ length: rows * columns }, () => scale * (2 * random() - 1)),
  });
  return Array.from({ length: layers }, (_, layer) =>
    Object.entries(shapes).flatMap(([part, [outputs = 0, inputs = 0]]) => [
      tensor(`layers.${layer}.${part}.lora_a`, rank, inputs, 2 / Math.sqrt(inputs)),
      tensor(`layers.${layer}.${part}.lora_b`, outputs, rank, strength / Math.sqrt(rank)),
    ]),
  ).flat();
}

/** As the addon takes it. */
export const loadedBy = (engine: NativeEngine, adapter: readonly AdapterTensor[]): NativeAdapter =>
  engine.loadAdapter({
    tensors: adapter.map(({ name, shape, values }) => ({
      name,
      dtype: 'F32' as const,
      shape,
      data: new Uint8Array(values.buffer),
    })),
  });

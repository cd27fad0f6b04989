/** The tagger on the native engine. */
import type { TaggerPack } from '../pack/tagger-pack.ts';
import type { TaggerRuns } from '../tagger.ts';
import type { NativeResult } from './addon.ts';
import type { NativeBinary } from './binary.ts';
import { type Callback, Calls } from './calls.ts';

/** Longest time for one call. */
const TAG_MS_MAX = 30_000;
/** Tokens of one call: a request that comes now waits for those under way, and more make none faster. */
const CALL_TOKENS_MAX = 1_024;
const HEAD = 'names';

/** @throws Error when the addon cannot use the weights */
export function startNativeTagger(
  { addon, kernel }: Pick<NativeBinary, 'addon' | 'kernel'>,
  { config, tensors, labels }: TaggerPack,
  threads: number,
): TaggerRuns {
  const engine = addon.createEngine({
    config: { ...config, pooling: 'mean' },
    tensors,
    heads: [{ name: HEAD, kind: 'token', labels: labels.length }],
    kernel,
    threads,
  });
  const calls = new Calls(engine);
  return {
    engine: `native ${kernel}`,
    tag: async (windows, signal) => {
      const results: Float32Array[] = [];
      for (const call of callsOf(windows)) {
        signal?.throwIfAborted();
        const begin = (ids: Int32Array, lengths: Int32Array, callback: Callback<NativeResult>): number =>
          engine.encode(ids, lengths, threads, TAG_MS_MAX, null, callback);
        const { tokens } = await calls.run(call, begin, signal).catch((cause: unknown) => {
          signal?.throwIfAborted();
          throw cause;
        });
        results.push(tokens);
      }
      return joined(results);
    },
    close: async () => calls.close(),
  };
}

function callsOf(windows: readonly (readonly number[])[]): (readonly number[])[][] {
  const calls: (readonly number[])[][] = [];
  let tokens = CALL_TOKENS_MAX;
  for (const window of windows) {
    if (tokens + window.length > CALL_TOKENS_MAX) {
      calls.push([]);
      tokens = 0;
    }
    calls.at(-1)?.push(window);
    tokens += window.length;
  }
  return calls;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

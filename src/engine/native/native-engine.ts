/** The native engine behind the queue: texts to tokens here, tokens to vectors on the addon's own threads. */
import type { Embedding } from '../encoder.ts';
import type { ModelPack } from '../pack/manifest.ts';
import { readSafetensors } from '../pack/safetensors.ts';
import type { TextEngine } from '../queued-encoder.ts';
import { embeddingOf, readTokens } from '../token-windows.ts';
import { createTokenizer } from '../tokenizer/tokenizer.ts';
import { clipText } from '../windows.ts';
import type { NativeBinary } from './binary.ts';

/** Longest time for one call. */
const EMBED_MS_MAX = 30_000;
/** Tokens from which a call is worth the threads that have nothing else to do; below, waking them costs more. */
const SHARED_TOKENS_MIN = 128;
/** About 256 tokens: more rows at once make a call no faster, and a request that comes now waits for all of them. */
const BATCH_CHARS_MAX = 1_024;

/** @throws Error when the addon cannot use the weights */
export function startNativeEngine(
  { addon, kernel }: Pick<NativeBinary, 'addon' | 'kernel'>,
  pack: ModelPack,
  threads: number,
): TextEngine {
  const { dimensions, tokens_max: tokensMax, pooling, encoder, heads } = pack.manifest;
  const tokenizer = createTokenizer(pack.tokenizer);
  const engine = addon.createEngine({
    config: { ...encoder, pooling },
    tensors: readSafetensors(pack.weights),
    heads: heads.map(({ name, kind, labels }) => ({ name, kind, labels: labels.length })),
    kernel,
    threads,
  });
  let isOpen = true;

  const vectorsOf = (
    windows: readonly (readonly number[])[],
    signal?: AbortSignal,
  ): Promise<Float32Array> => {
    const ids = Int32Array.from(windows.flat());
    const lengths = Int32Array.from(windows, ({ length }) => length);
    const helpers = ids.length >= SHARED_TOKENS_MIN ? threads : 1;
    const { promise, resolve, reject } = Promise.withResolvers<Float32Array>();
    const job = engine.encode(ids, lengths, helpers, EMBED_MS_MAX, (problem, result) => {
      if (result !== null) resolve(result.vectors);
      else reject(new Error(isOpen ? `Inference failed: ${problem}.` : 'The encoder is closed.'));
    });
    const cancel = (): void => engine.cancel(job);
    signal?.addEventListener('abort', cancel, { once: true });
    return promise.finally(() => signal?.removeEventListener('abort', cancel));
  };

  return {
    engine: `native ${kernel}`,
    dimensions,
    revision: pack.revision,
    get alive() {
      return isOpen;
    },
    lanes: threads,
    batchCharsMax: BATCH_CHARS_MAX,
    async embed(texts, signal): Promise<Embedding[]> {
      if (!isOpen) throw new Error('The encoder is closed.');
      const readings = texts.map((text) => readTokens(tokenizer, clipText(text), tokensMax));
      const windows = readings.flatMap((reading) => reading.windows);
      const vectors = await vectorsOf(windows, signal);
      let end = 0;
      const next = (): Float32Array => {
        end += dimensions;
        return vectors.slice(end - dimensions, end);
      };
      return readings.map((reading) => embeddingOf(reading, reading.windows.map(next)));
    },
    async close() {
      isOpen = false;
      engine.close();
    },
  };
}

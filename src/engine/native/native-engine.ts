/** The native engine behind the queue: texts to tokens here, tokens to vectors on the addon's own threads. */
import { adaptedRevision } from '../adapted-revision.ts';
import type { AdapterTensor, Embedding } from '../encoder.ts';
import type { ModelPack } from '../pack/manifest.ts';
import { type PackTensor, readSafetensors } from '../pack/safetensors.ts';
import type { TextEngine } from '../queued-encoder.ts';
import { embeddingOf, readTokens } from '../token-windows.ts';
import { createTokenizer } from '../tokenizer/tokenizer.ts';
import { clipText } from '../windows.ts';
import type { NativeAdapter, NativeResult } from './addon.ts';
import type { NativeBinary } from './binary.ts';
import { type Callback, Calls } from './calls.ts';
import { type StatesBefore, statesReader } from './layer-states.ts';

/** Longest time for one call. */
const EMBED_MS_MAX = 30_000;
/** Tokens from which a call is worth the threads that have nothing else to do; below, waking them costs more. */
const SHARED_TOKENS_MIN = 128;
/** About 256 tokens: more rows at once make a call no faster, and a request that comes now waits for all of them. */
const BATCH_CHARS_MAX = 1_024;

export interface NativeTextEngine extends TextEngine {
  readonly withAdapter: NonNullable<TextEngine['withAdapter']>;
  readonly statesBefore: StatesBefore;
}

/** @throws Error when the addon cannot use the weights */
export function startNativeEngine(
  { addon, kernel }: Pick<NativeBinary, 'addon' | 'kernel'>,
  pack: ModelPack,
  threads: number,
): NativeTextEngine {
  const { dimensions, tokens_max: tokensMax, pooling, encoder, heads } = pack.manifest;
  const tokenizer = createTokenizer(pack.tokenizer);
  const engine = addon.createEngine({
    config: { ...encoder, pooling },
    tensors: readSafetensors(pack.weights),
    heads: heads.map(({ name, kind, labels }) => ({ name, kind, labels: labels.length })),
    kernel,
    threads,
  });
  const calls = new Calls(engine);

  const embedWith =
    (adapter: NativeAdapter | null) =>
    async (texts: readonly string[], signal?: AbortSignal): Promise<Embedding[]> => {
      const readings = texts.map((text) => readTokens(tokenizer, clipText(text), tokensMax));
      const windows = readings.flatMap((reading) => reading.windows);
      const encode = (ids: Int32Array, lengths: Int32Array, callback: Callback<NativeResult>): number => {
        const helpers = ids.length >= SHARED_TOKENS_MIN ? threads : 1;
        return engine.encode(ids, lengths, helpers, EMBED_MS_MAX, adapter, callback);
      };
      const { vectors } = await calls.run(windows, encode, signal);
      let end = 0;
      const next = (): Float32Array => {
        end += dimensions;
        return vectors.slice(end - dimensions, end);
      };
      return readings.map((reading) => embeddingOf(reading, reading.windows.map(next)));
    };

  return {
    engine: `native ${kernel}`,
    dimensions,
    revision: pack.revision,
    get alive() {
      return calls.isOpen;
    },
    lanes: threads,
    batchCharsMax: BATCH_CHARS_MAX,
    embed: embedWith(null),
    withAdapter: (adapter) => ({
      revision: adaptedRevision(pack.revision, adapter),
      embed: embedWith(engine.loadAdapter({ tensors: adapter.map(asBytes) })),
    }),
    statesBefore: statesReader({
      tokenizer,
      layers: encoder.layers,
      tokensMax,
      read: (layer, texts) =>
        calls.run(texts, (ids, lengths, callback) =>
          engine.readStates(ids, lengths, threads, layer, callback),
        ),
    }),
    close: async () => calls.close(),
  };
}

function asBytes({ name, shape, values }: AdapterTensor): PackTensor {
  const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { name, dtype: 'F32', shape, data };
}

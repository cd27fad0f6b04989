/**
 * What names words in a text: a few layers of its own on the encoder's word table, and a head that labels each token. The
 * native engine runs it, or onnxruntime where there is none.
 */
import { findNative, NativeUnavailable } from './native/binary.ts';
import { startNativeTagger } from './native/native-tagger.ts';
import { ONNXRUNTIME } from './onnx/onnx-encoder.ts';
import { startOnnxTagger } from './onnx/onnx-tagger.ts';
import { readTaggerPack, type TaggerPack } from './pack/tagger-pack.ts';
import { createTokenizer } from './tokenizer/tokenizer.ts';

export interface Tagger {
  readonly engine: string;
  /** Names what makes the logits: the first 12 hex digits of a SHA-256. */
  readonly revision: string;
  /** `O`, then `B-` and `I-` of each kind. */
  readonly labels: readonly string[];
  /** Words that speak for a kind, by the name of the list, in lower case. */
  readonly lists: TaggerPack['lists'];
  /** Ids that stand before and after every window. */
  readonly before: number;
  readonly after: number;
  /** Most tokens of a window, the two around it counted. */
  readonly tokensMax: number;
  /** Ids of a word's pieces. */
  readonly pieces: (word: string) => readonly number[];
  /** A token's id and its feature as one number: what `tag` reads. */
  readonly token: (id: number, feature: number) => number;
  /**
   * @returns the logits of all tokens of all windows, one behind the other, `labels.length` each
   * @throws the signal's reason; Error when inference fails
   */
  readonly tag: (windows: readonly (readonly number[])[], signal?: AbortSignal) => Promise<Float32Array>;
  readonly close: () => Promise<void>;
}

export interface TaggerOptions {
  /** Folder of a model pack. */
  readonly modelFolder: string;
  /** Windows under way at once. */
  readonly threads: number;
  /** A kernel of the native engine, or `onnxruntime`; '' for the fastest that works here. */
  readonly kernel: string;
  readonly trialsFile: string | null;
}

/** Runs windows; what is around it is the same for every engine. */
export interface TaggerRuns {
  readonly engine: string;
  readonly tag: Tagger['tag'];
  readonly close: Tagger['close'];
}

/**
 * The tagger of a pack, or null if the pack has none.
 * @throws ModelPackError naming what is wrong with the pack
 */
export async function createTagger(options: TaggerOptions): Promise<Tagger | null> {
  const pack = await readTaggerPack(options.modelFolder);
  if (pack === null) return null;
  const { labels, lists, config, tokenizer: file, tokensMax, revision } = pack;
  const runs = await startRuns(pack, options);
  const tokenizer = createTokenizer(file);
  return {
    ...runs,
    revision,
    labels,
    lists,
    tokensMax,
    before: tokenizer.before,
    after: tokenizer.after,
    pieces: (word) => tokenizer.encode(word),
    token: (id, feature) => id + config.vocabulary * feature,
  };
}

async function startRuns(pack: TaggerPack, options: TaggerOptions): Promise<TaggerRuns> {
  if (options.kernel === ONNXRUNTIME) return startOnnxTagger(pack, options.threads);
  try {
    return startNativeTagger(await findNative(options), pack, options.threads);
  } catch (error) {
    if (!(error instanceof NativeUnavailable) || options.kernel !== '') throw error;
    return startOnnxTagger(pack, options.threads);
  }
}

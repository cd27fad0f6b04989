/** Which engine runs the tagger of a pack: the native one, else onnxruntime. */
import { findNative, NativeUnavailable } from './native/binary.ts';
import { startNativeTagger } from './native/native-tagger.ts';
import { ONNXRUNTIME } from './onnx/onnx-encoder.ts';
import { startOnnxTagger } from './onnx/onnx-tagger.ts';
import { readTaggerPack, type TaggerPack } from './pack/tagger-pack.ts';
import type { Tagger, TaggerRuns } from './tagger.ts';
import { createTokenizer } from './tokenizer/tokenizer.ts';

export interface TaggerOptions {
  /** Folder of a model pack. */
  readonly modelFolder: string;
  /** Windows under way at once. */
  readonly threads: number;
  /** A kernel of the native engine, or `onnxruntime`; '' for the fastest that works here. */
  readonly kernel: string;
  readonly trialsFile: string | null;
}

/**
 * The tagger of a pack, or null if the pack has none.
 * @throws ModelPackError naming what is wrong with the pack
 */
export async function createTagger(options: TaggerOptions): Promise<Tagger | null> {
  const pack = await readTaggerPack(options.modelFolder);
  if (pack === null) return null;
  const { labels, features, lists, config, tokenizer: file, tokensMax, revision } = pack;
  const runs = await startRuns(pack, options);
  const tokenizer = createTokenizer(file);
  return {
    ...runs,
    revision,
    labels,
    features,
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

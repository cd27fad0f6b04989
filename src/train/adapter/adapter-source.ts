/** What an adapter is learned on: the encoder below it, read once, and the weights of the layers that it adapts. */
import { findNative, type NativeOptions, NativeUnavailable } from '../../engine/native/binary.ts';
import type { LayerStates } from '../../engine/native/layer-states.ts';
import { startNativeEngine } from '../../engine/native/native-engine.ts';
import { readLayerWeights } from '../../engine/pack/layer-weights.ts';
import { loadModelPack, type Manifest } from '../../engine/pack/manifest.ts';
import type { FrozenTop } from './fit-adapter.ts';

/** Layers that are adapted, from the top. Chosen on HWU64 with ten examples an intent (train against validation). */
const LAYERS_ADAPTED = 4;
/** Of a message, special tokens counted; the rest of a longer one is not learned from. */
const TOKENS_MAX = 64;
/** What lies below them of so many is a gigabyte at most (hidden 384). With more, the head alone knows enough. */
const MESSAGES_MAX = 10_000;

export interface AdapterSource {
  readonly top: FrozenTop;
  readonly states: LayerStates;
  /** The native engine's binary, and its kernel that was found good. */
  readonly addonFile: string;
  readonly kernel: string;
}

/** Why no adapter can be learned, in a sentence. */
export class NoAdapter extends Error {}

export interface AdapterSourceOptions {
  readonly modelFolder: string;
  /** Where the native engine's binary is found. */
  readonly native: NativeOptions;
  readonly threads: number;
}

/** @throws NoAdapter when the machine, the encoder or the messages are not made for it; ModelPackError */
export async function readAdapterSource(
  texts: readonly string[],
  { modelFolder, native, threads }: AdapterSourceOptions,
): Promise<AdapterSource> {
  const binary = await findNative(native).catch((error: unknown) => {
    if (!(error instanceof NativeUnavailable)) throw error;
    throw new NoAdapter(`An adapter needs the native engine. ${error.message}`);
  });
  const pack = await loadModelPack(modelFolder);
  const { encoder, name, tokens_max: tokensMax } = pack.manifest;
  if (!isLearnable(pack.manifest)) {
    throw new NoAdapter(
      `An adapter can be learned for encoders like BERT with mean pooling; ${name} is none.`,
    );
  }
  const firstLayer = Math.max(0, encoder.layers - LAYERS_ADAPTED);
  if (texts.length > MESSAGES_MAX) {
    throw new NoAdapter(
      `An adapter learns from ${MESSAGES_MAX} messages at most; these are ${texts.length}.`,
    );
  }
  const layers = Array.from({ length: encoder.layers - firstLayer }, (_, i) =>
    readLayerWeights(pack, firstLayer + i),
  );
  const shape = { heads: encoder.heads, hidden: encoder.hidden, normEpsilon: encoder.norm_epsilon };
  const engine = startNativeEngine(binary, pack, threads);
  try {
    const states = await engine.statesBefore(firstLayer, texts, Math.min(TOKENS_MAX, tokensMax));
    const { file: addonFile, kernel } = binary;
    return { top: { firstLayer, layers, shape }, states, addonFile, kernel };
  } finally {
    await engine.close();
  }
}

function isLearnable({ encoder, pooling }: Manifest): boolean {
  const { norm, activation, positions } = encoder;
  return norm === 'post' && activation === 'gelu' && positions === 'learned' && pooling === 'mean';
}

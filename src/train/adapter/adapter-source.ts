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

export interface AdapterSource {
  readonly top: FrozenTop;
  readonly states: LayerStates;
  /** The native engine's binary. */
  readonly addonFile: string;
}

/** Why no adapter can be learned here, in a sentence. */
export class NoAdapter extends Error {}

/**
 * @param options where the native engine's binary is found
 * @throws NoAdapter when this machine or this encoder has none; ModelPackError
 */
export async function readAdapterSource(
  modelFolder: string,
  texts: readonly string[],
  options: NativeOptions & { readonly threads: number },
): Promise<AdapterSource> {
  const binary = await findNative(options).catch((error: unknown) => {
    if (!(error instanceof NativeUnavailable)) throw error;
    throw new NoAdapter(`An adapter needs the native engine. ${error.message}`);
  });
  const pack = await loadModelPack(modelFolder);
  const { encoder, name } = pack.manifest;
  if (!isLearnable(pack.manifest)) {
    throw new NoAdapter(
      `An adapter can be learned for encoders like BERT with mean pooling; ${name} is none.`,
    );
  }
  const firstLayer = Math.max(0, encoder.layers - LAYERS_ADAPTED);
  const engine = startNativeEngine(binary, pack, options.threads);
  try {
    const states = await engine.statesBefore(firstLayer, texts, Math.min(TOKENS_MAX, encoder.positions_max));
    return {
      top: {
        firstLayer,
        layers: Array.from({ length: encoder.layers - firstLayer }, (_, i) =>
          readLayerWeights(pack, firstLayer + i),
        ),
        shape: { heads: encoder.heads, hidden: encoder.hidden, normEpsilon: encoder.norm_epsilon },
      },
      states,
      addonFile: binary.file,
    };
  } finally {
    await engine.close();
  }
}

function isLearnable({ encoder, pooling }: Manifest): boolean {
  const { norm, activation, positions } = encoder;
  return norm === 'post' && activation === 'gelu' && positions === 'learned' && pooling === 'mean';
}

/** ModernBERT (Warner et al. 2024, arXiv:2412.13663): rotary positions, local attention, gated activation, no biases. */
import {
  type HuggingFaceConfig,
  type Lookup,
  lookUp,
  numberIn,
  prefixBefore,
} from './architecture-reading.ts';
import type { EncoderConfig, EncoderModel, FloatTensor } from './encoder-model.ts';
import type { NamedWeights } from './named-weights.ts';

/** @throws Error naming what is missing or not supported */
export function readModernBert(config: HuggingFaceConfig, weights: NamedWeights): EncoderModel {
  const activation = config.hidden_activation ?? 'gelu';
  if (activation !== 'gelu') {
    throw new Error(`\`hidden_activation\` is ${String(activation)}; only gelu is supported.`);
  }
  const hidden = numberIn(config, 'hidden_size');
  const theta = numberIn(
    { theta: ropeTheta(config, 'full_attention') ?? config.global_rope_theta },
    'theta',
    160_000,
  );
  const localTheta = ropeTheta(config, 'sliding_attention') ?? config.local_rope_theta;
  const shape: EncoderConfig = {
    layers: numberIn(config, 'num_hidden_layers'),
    hidden,
    heads: numberIn(config, 'num_attention_heads'),
    intermediate: numberIn(config, 'intermediate_size'),
    vocabulary: numberIn(config, 'vocab_size'),
    positions_max: numberIn(config, 'max_position_embeddings'),
    norm: 'pre',
    activation: 'geglu',
    positions: 'rotary',
    norm_epsilon: numberIn(config, 'norm_eps', 1e-5),
    rope_theta_global: theta,
    rope_theta_local: numberIn({ theta: localTheta }, 'theta', theta),
    local_window: Math.floor(numberIn(config, 'local_attention', 128) / 2),
    global_every: globalEvery(config),
  };
  const from = lookUp(weights, prefixBefore(weights, 'embeddings.tok_embeddings.weight'));
  const tensors = new Map<string, FloatTensor>();
  /** Biases are off in the published models, but the architecture has the switches. */
  const read = (source: string, name: string, ...size: number[]): void => {
    tensors.set(`${name}.weight`, from.read(`${source}.weight`, ...size));
    if (from.has(`${source}.bias`)) tensors.set(`${name}.bias`, from.read(`${source}.bias`, size[0] ?? 0));
  };
  read('embeddings.tok_embeddings', 'embeddings.word', shape.vocabulary, hidden);
  read('embeddings.norm', 'embeddings.norm', hidden);
  for (let layer = 0; layer < shape.layers; layer += 1) readLayer(from, read, shape, layer);
  read('final_norm', 'final_norm', hidden);
  return { config: shape, tensors };
}

function readLayer(
  from: Lookup,
  read: (source: string, name: string, ...size: number[]) => void,
  { hidden, intermediate }: EncoderConfig,
  layer: number,
): void {
  const name = `layers.${layer}`;
  // The embeddings are normalised already, so the first layer does without.
  if (layer > 0 || from.has(`${name}.attn_norm.weight`)) {
    read(`${name}.attn_norm`, `${name}.attention_norm`, hidden);
  }
  read(`${name}.attn.Wqkv`, `${name}.qkv`, 3 * hidden, hidden);
  read(`${name}.attn.Wo`, `${name}.out`, hidden, hidden);
  read(`${name}.mlp_norm`, `${name}.ffn_norm`, hidden);
  read(`${name}.mlp.Wi`, `${name}.up`, 2 * intermediate, hidden);
  read(`${name}.mlp.Wo`, `${name}.down`, hidden, intermediate);
}

/** Newer files say `rope_parameters` for each kind of layer. */
function ropeTheta(config: HuggingFaceConfig, kind: string): unknown {
  const all = config.rope_parameters as Record<string, Record<string, unknown> | undefined> | undefined;
  return all?.[kind]?.rope_theta;
}

/** Newer files list the kind of every layer instead of a rhythm. */
function globalEvery(config: HuggingFaceConfig): number {
  const kinds = config.layer_types;
  if (!Array.isArray(kinds)) return Math.max(1, numberIn(config, 'global_attn_every_n_layers', 3));
  const second = kinds.indexOf('full_attention', 1);
  const every = second > 0 ? second : Math.max(1, kinds.length);
  const isRegular = kinds.every((kind, layer) => (kind === 'full_attention') === (layer % every === 0));
  if (!isRegular) throw new Error('`layer_types` follows no rhythm that begins with full attention.');
  return every;
}

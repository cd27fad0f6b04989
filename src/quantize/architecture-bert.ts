/** BERT (Devlin et al. 2019, arXiv:1810.04805), RoBERTa (arXiv:1907.11692) and XLM-R (arXiv:1911.02116). */
import {
  type HuggingFaceConfig,
  type Lookup,
  lookUp,
  numberIn,
  prefixBefore,
  stack,
} from './architecture-reading.ts';
import type { EncoderConfig, EncoderModel, FloatTensor } from './encoder-model.ts';
import type { NamedWeights } from './named-weights.ts';

/** @throws Error naming what is missing or not supported */
export function readBert(config: HuggingFaceConfig, weights: NamedWeights): EncoderModel {
  const activation = config.hidden_act ?? 'gelu';
  if (activation !== 'gelu')
    throw new Error(`\`hidden_act\` is ${String(activation)}; only gelu is supported.`);
  const kind = config.position_embedding_type ?? 'absolute';
  if (kind !== 'absolute')
    throw new Error(`\`position_embedding_type\` is ${String(kind)}; only absolute is.`);
  const hidden = numberIn(config, 'hidden_size');
  const isBert = config.model_type === 'bert';
  // RoBERTa numbers positions from the padding's id on; the rows before the first token's are never read.
  const unread = isBert ? 0 : numberIn(config, 'pad_token_id', 1) + 1;
  const shape: EncoderConfig = {
    layers: numberIn(config, 'num_hidden_layers'),
    hidden,
    heads: numberIn(config, 'num_attention_heads'),
    intermediate: numberIn(config, 'intermediate_size'),
    vocabulary: numberIn(config, 'vocab_size'),
    positions_max: numberIn(config, 'max_position_embeddings') - unread,
    norm: 'post',
    activation: 'gelu',
    positions: 'learned',
    norm_epsilon: numberIn(config, 'layer_norm_eps', 1e-12),
    rope_theta_global: 0,
    rope_theta_local: 0,
    local_window: 0,
    global_every: 1,
  };
  const from = lookUp(weights, prefixBefore(weights, 'embeddings.word_embeddings.weight'));
  const types = numberIn(config, 'type_vocab_size', isBert ? 2 : 1);
  const tensors = new Map<string, FloatTensor>();
  tensors.set(
    'embeddings.word.weight',
    from.read('embeddings.word_embeddings.weight', shape.vocabulary, hidden),
  );
  tensors.set('embeddings.position', positions(from, shape, unread, types));
  readNorm(from, 'embeddings.LayerNorm', 'embeddings.norm', hidden, tensors);
  for (let layer = 0; layer < shape.layers; layer += 1) readLayer(from, shape, layer, tensors);
  return { config: shape, tensors };
}

/** Positions of the first token on. Every text is of token type 0, so that row is added here, once. */
function positions(from: Lookup, shape: EncoderConfig, unread: number, types: number): FloatTensor {
  const { hidden, positions_max } = shape;
  const table = from.read('embeddings.position_embeddings.weight', positions_max + unread, hidden);
  const data = table.data.slice(unread * hidden);
  if (types > 0) {
    const type = from.read('embeddings.token_type_embeddings.weight', types, hidden).data;
    for (let at = 0; at < data.length; at += 1) {
      data[at] = (data[at] as number) + (type[at % hidden] as number);
    }
  }
  return { shape: [positions_max, hidden], data };
}

function readLayer(
  from: Lookup,
  shape: EncoderConfig,
  layer: number,
  tensors: Map<string, FloatTensor>,
): void {
  const { hidden, intermediate } = shape;
  const source = `encoder.layer.${layer}`;
  const name = `layers.${layer}`;
  const parts = ['query', 'key', 'value'].map((part) => `${source}.attention.self.${part}`);
  const matrices = parts.map((part) => from.read(`${part}.weight`, hidden, hidden));
  tensors.set(`${name}.qkv.weight`, stack(matrices));
  tensors.set(`${name}.qkv.bias`, stack(parts.map((part) => from.read(`${part}.bias`, hidden))));
  for (const [kind, place, rows, columns] of [
    ['out', 'attention.output.dense', hidden, hidden],
    ['up', 'intermediate.dense', intermediate, hidden],
    ['down', 'output.dense', hidden, intermediate],
  ] as const) {
    tensors.set(`${name}.${kind}.weight`, from.read(`${source}.${place}.weight`, rows, columns));
    tensors.set(`${name}.${kind}.bias`, from.read(`${source}.${place}.bias`, rows));
  }
  readNorm(from, `${source}.attention.output.LayerNorm`, `${name}.attention_norm`, hidden, tensors);
  readNorm(from, `${source}.output.LayerNorm`, `${name}.ffn_norm`, hidden, tensors);
}

function readNorm(
  from: Lookup,
  source: string,
  name: string,
  hidden: number,
  tensors: Map<string, FloatTensor>,
): void {
  tensors.set(`${name}.weight`, from.read(`${source}.weight`, hidden));
  tensors.set(`${name}.bias`, from.read(`${source}.bias`, hidden));
}

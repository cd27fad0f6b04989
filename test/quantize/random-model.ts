/** Small models with random weights, laid out as Hugging Face lays models out: for tests. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeSafetensors } from '../../src/engine/pack/write-safetensors.ts';

export interface Source {
  readonly config: Readonly<Record<string, unknown>>;
  readonly weights: ReadonlyMap<string, { shape: number[]; data: Float32Array }>;
  /** What stands before the encoder's names in the file. */
  readonly prefix: string;
}

export const ARCHITECTURES = ['bert', 'roberta', 'modernbert'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

export const VOCABULARY = 96;
const HIDDEN = 64;
const HEADS = 2;
const INTERMEDIATE = 96;
const LAYERS = 3;
const POSITIONS = 64;

/** Numbers that look normally distributed and never change. */
export function noise(count: number, seed: number, spread = 1): Float32Array {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 4_294_967_296;
  };
  return Float32Array.from(
    { length: count },
    () => spread * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
}

/** The same kind and seed always give the same model. */
export function randomModel(architecture: Architecture, seed = 1): Source {
  const weights = new Map<string, { shape: number[]; data: Float32Array }>();
  const prefix = { bert: 'bert.', roberta: '', modernbert: 'model.' }[architecture];
  let next = seed * 1000;
  const put = (name: string, shape: number[], spread: number, centre = 0): void => {
    next += 1;
    const count = shape.reduce((product, size) => product * size, 1);
    weights.set(prefix + name, { shape, data: noise(count, next, spread).map((value) => value + centre) });
  };
  const dense = (name: string, out: number, into: number, hasBias: boolean): void => {
    put(`${name}.weight`, [out, into], 1 / Math.sqrt(into));
    if (hasBias) put(`${name}.bias`, [out], 0.1);
  };
  const norm = (name: string, hasBias: boolean): void => {
    put(`${name}.weight`, [HIDDEN], 0.2, 1);
    if (hasBias) put(`${name}.bias`, [HIDDEN], 0.1);
  };
  if (architecture === 'modernbert') {
    put('embeddings.tok_embeddings.weight', [VOCABULARY, HIDDEN], 1);
    norm('embeddings.norm', false);
    for (let layer = 0; layer < LAYERS; layer += 1) {
      const at = `layers.${layer}`;
      if (layer > 0) norm(`${at}.attn_norm`, false);
      dense(`${at}.attn.Wqkv`, 3 * HIDDEN, HIDDEN, false);
      dense(`${at}.attn.Wo`, HIDDEN, HIDDEN, false);
      norm(`${at}.mlp_norm`, false);
      dense(`${at}.mlp.Wi`, 2 * INTERMEDIATE, HIDDEN, false);
      dense(`${at}.mlp.Wo`, HIDDEN, INTERMEDIATE, false);
    }
    norm('final_norm', false);
    return { config: MODERNBERT, weights, prefix };
  }
  const isBert = architecture === 'bert';
  put('embeddings.word_embeddings.weight', [VOCABULARY, HIDDEN], 1);
  put('embeddings.position_embeddings.weight', [POSITIONS + (isBert ? 0 : 2), HIDDEN], 0.5);
  put('embeddings.token_type_embeddings.weight', [isBert ? 2 : 1, HIDDEN], 0.5);
  norm('embeddings.LayerNorm', true);
  for (let layer = 0; layer < LAYERS; layer += 1) {
    const at = `encoder.layer.${layer}`;
    for (const part of ['query', 'key', 'value']) dense(`${at}.attention.self.${part}`, HIDDEN, HIDDEN, true);
    dense(`${at}.attention.output.dense`, HIDDEN, HIDDEN, true);
    norm(`${at}.attention.output.LayerNorm`, true);
    dense(`${at}.intermediate.dense`, INTERMEDIATE, HIDDEN, true);
    dense(`${at}.output.dense`, HIDDEN, INTERMEDIATE, true);
    norm(`${at}.output.LayerNorm`, true);
  }
  return { config: isBert ? BERT : ROBERTA, weights, prefix };
}

const BERT = {
  model_type: 'bert',
  hidden_act: 'gelu',
  hidden_size: HIDDEN,
  num_hidden_layers: LAYERS,
  num_attention_heads: HEADS,
  intermediate_size: INTERMEDIATE,
  vocab_size: VOCABULARY,
  max_position_embeddings: POSITIONS,
  type_vocab_size: 2,
  layer_norm_eps: 1e-12,
};
const ROBERTA = {
  ...BERT,
  model_type: 'roberta',
  max_position_embeddings: POSITIONS + 2,
  pad_token_id: 1,
  type_vocab_size: 1,
  layer_norm_eps: 1e-5,
};
const MODERNBERT = {
  model_type: 'modernbert',
  hidden_activation: 'gelu',
  hidden_size: HIDDEN,
  num_hidden_layers: LAYERS,
  num_attention_heads: HEADS,
  intermediate_size: INTERMEDIATE,
  vocab_size: VOCABULARY,
  max_position_embeddings: POSITIONS,
  norm_eps: 1e-5,
  global_rope_theta: 160_000,
  local_rope_theta: 10_000,
  local_attention: 8,
  global_attn_every_n_layers: 2,
};

/** `count` texts of token ids, from two tokens to nearly as many as there are positions. */
export function randomTexts(count: number, seed = 7): number[][] {
  const lengths = noise(count, seed).map((value) => 2 + (Math.abs(value * 20) % (POSITIONS - 3)));
  return Array.from(lengths, (length, at) =>
    Array.from(
      noise(Math.floor(length), seed * 100 + at),
      (value) => Math.floor(Math.abs(value * 1e4)) % VOCABULARY,
    ),
  );
}

/** Writes the model as a folder: config.json, model.safetensors, tokenizer.json. */
export function writeSource(folder: string, { config, weights }: Source): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer()));
  const tensors = [...weights].map(([name, { shape, data }]) => ({
    name,
    dtype: 'F32' as const,
    shape,
    bytes: new Uint8Array(data.buffer),
  }));
  writeFileSync(join(folder, 'model.safetensors'), writeSafetensors(tensors).bytes);
}

/** Letters and digits are words; everything else is unknown. */
function tokenizer(): object {
  const letters = Array.from('abcdefghijklmnopqrstuvwxyz0123456789');
  const words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', ...letters, ...letters.map((letter) => `##${letter}`)];
  const vocab = Object.fromEntries(words.map((word, id) => [word, id]));
  const special = (content: string) => ({ id: content, ids: [vocab[content]], tokens: [content] });
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [
        { SpecialToken: { id: '[CLS]', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: '[SEP]', type_id: 0 } },
      ],
      pair: [],
      special_tokens: { '[CLS]': special('[CLS]'), '[SEP]': special('[SEP]') },
    },
    decoder: null,
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab,
    },
  };
}

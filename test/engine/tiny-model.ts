/**
 * A whole model pack that is tiny and means nothing: random weights, a vocabulary of letters, for tests of everything
 * around a model. There is no graph in it that onnxruntime could run.
 */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TRIAL_CONFIG, trialTensors } from '../../src/engine/native/trial-model.ts';
import type { EncoderConfig, HeadConfig } from '../../src/engine/pack/manifest.ts';
import type { PackTensor } from '../../src/engine/pack/safetensors.ts';

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz0123456789'];
const VOCABULARY = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  '[MASK]',
  ...LETTERS,
  ...LETTERS.map((each) => `##${each}`),
];
export const TINY_VOCABULARY_SIZE = VOCABULARY.length;
const id = (token: string): number => VOCABULARY.indexOf(token);

/** Hugging Face's form of a WordPiece that cuts every word into letters. */
export const TINY_TOKENIZER = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'].map((content) => ({
    id: id(content),
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
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
    pair: [
      { SpecialToken: { id: '[CLS]', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '[SEP]', type_id: 0 } },
      { Sequence: { id: 'B', type_id: 1 } },
      { SpecialToken: { id: '[SEP]', type_id: 1 } },
    ],
    special_tokens: {
      '[CLS]': { id: '[CLS]', ids: [id('[CLS]')], tokens: ['[CLS]'] },
      '[SEP]': { id: '[SEP]', ids: [id('[SEP]')], tokens: ['[SEP]'] },
    },
  },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(VOCABULARY.map((token, at) => [token, at])),
  },
};

/** A safetensors file of these tensors, in this order. */
export function safetensorsOf(tensors: readonly PackTensor[]): Buffer {
  let end = 0;
  const entries = tensors.map(({ name, dtype, shape, data }) => {
    end += data.length;
    return [name, { dtype, shape, data_offsets: [end - data.length, end] }];
  });
  const json = JSON.stringify(Object.fromEntries(entries));
  const header = Buffer.from(json.padEnd(Math.ceil((8 + json.length) / 64) * 64 - 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, ...tensors.map(({ data }) => data)]);
}

export interface TinyPack {
  readonly config?: Partial<EncoderConfig>;
  readonly seed?: number;
  readonly pooling?: 'mean' | 'cls';
  readonly heads?: readonly HeadConfig[];
  /** Instead of random ones. */
  readonly tensors?: readonly PackTensor[];
  /** Instead of what stands there. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** Instead of an empty graph. */
  readonly graph?: Uint8Array;
}

/** Writes a pack into a folder, which is made. */
export async function writeTinyPack(folder: string, options: TinyPack = {}): Promise<void> {
  const encoder: EncoderConfig = { ...TRIAL_CONFIG, vocabulary: VOCABULARY.length, ...options.config };
  const contents = {
    weights: ['model.safetensors', safetensorsOf(options.tensors ?? trialTensors(encoder, options.seed))],
    graph: ['model.onnx', options.graph ?? Buffer.from('none')],
    tokenizer: ['tokenizer.json', Buffer.from(JSON.stringify(TINY_TOKENIZER))],
    tokenizer_config: ['tokenizer_config.json', Buffer.from('{"tokenizer_class":"BertTokenizer"}')],
  } as const;
  await mkdir(folder, { recursive: true });
  const files = Object.entries(contents).map(([role, [path, content]]) => [
    role,
    { path, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') },
  ]);
  const manifest = {
    name: 'tiny',
    dimensions: encoder.hidden,
    tokens_max: encoder.positions_max,
    pooling: options.pooling ?? 'mean',
    normalize: true,
    encoder,
    heads: options.heads ?? [],
    files: Object.fromEntries(files),
    ...options.manifest,
  };
  for (const [path, content] of Object.values(contents)) await writeFile(join(folder, path), content);
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
}

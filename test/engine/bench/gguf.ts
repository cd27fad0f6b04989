/**
 * Writes a BERT encoder as a GGUF file, so that llama.cpp runs the very weights that the other engines run: matrices as
 * Q4_0, the word embeddings as Q8_0 (as llama.cpp's own quantizer keeps tables whose rows are no multiple of 256), the
 * rest as float32. Format: ggml's docs/gguf.md, version 3; names as llama.cpp's converter gives them to BERT.
 */
import { type EncoderModel, linearName, tensorOf } from '../../../src/quantize/encoder-model.ts';

const VERSION = 3;
const ALIGNMENT = 32;
/** Values that share one scale. */
const BLOCK = 32;
/** Numbers of ggml for the kinds of tensors (`ggml_type`) and of the metadata (`gguf_type`) used here. */
const TENSOR_TYPE = { F32: 0, Q4_0: 2, Q8_0: 8 } as const;
const VALUE_TYPE = { uint32: 4, int32: 5, float32: 6, bool: 7, text: 8, list: 9 } as const;
/** `llama_ftype` mostly Q4_0, `llama_pooling_type` mean, `llama_token_type` normal and control. */
const FILE_TYPE_Q4_0 = 2;
const POOLING_MEAN = 1;
const TOKEN_NORMAL = 1;
const TOKEN_CONTROL = 3;
/** What llama.cpp puts before a piece that starts a word, where WordPiece puts `##` before one that does not. */
const WORD_START = '\u2581';

type TensorType = keyof typeof TENSOR_TYPE;
interface GgufTensor {
  readonly name: string;
  readonly type: TensorType;
  /** ggml's order: the length of a row first. */
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/**
 * @param pieces the WordPiece vocabulary, by id
 * @throws Error when the model is no BERT
 */
export function writeGguf(model: EncoderModel, pieces: readonly string[], name: string): Uint8Array {
  const { norm, positions, activation } = model.config;
  if (norm !== 'post' || positions !== 'learned' || activation !== 'gelu')
    throw new Error('This is no BERT.');
  const tensors = tensorsOf(model);
  const metadata = metadataOf(model, pieces, name);
  const infos: Uint8Array[] = [];
  let offset = 0;
  for (const { name: tensorName, type, shape, data } of tensors) {
    infos.push(text(tensorName), uint32(shape.length), ...shape.map(uint64), uint32(TENSOR_TYPE[type]));
    infos.push(uint64(offset));
    offset += padded(data.length);
  }
  const head = Buffer.concat([
    Buffer.from('GGUF'),
    uint32(VERSION),
    uint64(tensors.length),
    uint64(metadata.length),
    ...metadata,
    ...infos,
  ]);
  const aligned = (bytes: Uint8Array): Uint8Array[] => [
    bytes,
    new Uint8Array(padded(bytes.length) - bytes.length),
  ];
  return Buffer.concat([...aligned(head), ...tensors.flatMap(({ data }) => aligned(data))]);
}

function tensorsOf(model: EncoderModel): GgufTensor[] {
  const { layers, hidden } = model.config;
  const tensors: GgufTensor[] = [];
  const add = (name: string, type: TensorType, shape: readonly number[], values: Float32Array): void => {
    tensors.push({ name, type, shape: shape.toReversed(), data: ENCODE[type](values) });
  };
  const copy = (name: string, type: TensorType, from: string): void => {
    const { shape, data } = tensorOf(model, from);
    add(name, type, shape, data);
  };
  const weightAndBias = (name: string, type: TensorType, from: string): void => {
    copy(`${name}.weight`, type, `${from}.weight`);
    copy(`${name}.bias`, 'F32', `${from}.bias`);
  };
  copy('token_embd.weight', 'Q8_0', 'embeddings.word.weight');
  copy('position_embd.weight', 'F32', 'embeddings.position');
  // Every text is of token type 0, whose row is already part of the positions.
  add('token_types.weight', 'F32', [hidden], new Float32Array(hidden));
  weightAndBias('token_embd_norm', 'F32', 'embeddings.norm');
  for (let layer = 0; layer < layers; layer += 1) {
    const to = `blk.${layer}`;
    const qkv = tensorOf(model, `${linearName(layer, 'qkv')}.weight`).data;
    const bias = tensorOf(model, `${linearName(layer, 'qkv')}.bias`).data;
    for (const [at, part] of ['attn_q', 'attn_k', 'attn_v'].entries()) {
      const rows = (values: Float32Array, width: number): Float32Array =>
        values.slice(at * hidden * width, (at + 1) * hidden * width);
      add(`${to}.${part}.weight`, 'Q4_0', [hidden, hidden], rows(qkv, hidden));
      add(`${to}.${part}.bias`, 'F32', [hidden], rows(bias, 1));
    }
    weightAndBias(`${to}.attn_output`, 'Q4_0', linearName(layer, 'out'));
    weightAndBias(`${to}.attn_output_norm`, 'F32', `layers.${layer}.attention_norm`);
    weightAndBias(`${to}.ffn_up`, 'Q4_0', linearName(layer, 'up'));
    weightAndBias(`${to}.ffn_down`, 'Q4_0', linearName(layer, 'down'));
    weightAndBias(`${to}.layer_output_norm`, 'F32', `layers.${layer}.ffn_norm`);
  }
  return tensors;
}

function metadataOf({ config }: EncoderModel, pieces: readonly string[], name: string): Uint8Array[] {
  const entry = (key: string, type: keyof typeof VALUE_TYPE, value: Uint8Array): Uint8Array =>
    Buffer.concat([text(key), uint32(VALUE_TYPE[type]), value]);
  const whole = (key: string, value: number): Uint8Array => entry(key, 'uint32', uint32(value));
  const list = (type: keyof typeof VALUE_TYPE, values: readonly Uint8Array[]): Uint8Array =>
    Buffer.concat([uint32(VALUE_TYPE[type]), uint64(values.length), ...values]);
  const special = (piece: string): boolean => /^\[[A-Z]+\]$/.test(piece);
  return [
    entry('general.architecture', 'text', text('bert')),
    entry('general.name', 'text', text(name)),
    whole('general.file_type', FILE_TYPE_Q4_0),
    whole('general.quantization_version', 2),
    whole('general.alignment', ALIGNMENT),
    whole('bert.context_length', config.positions_max),
    whole('bert.embedding_length', config.hidden),
    whole('bert.feed_forward_length', config.intermediate),
    whole('bert.block_count', config.layers),
    whole('bert.attention.head_count', config.heads),
    entry('bert.attention.layer_norm_epsilon', 'float32', float32(config.norm_epsilon)),
    entry('bert.attention.causal', 'bool', Uint8Array.of(0)),
    whole('bert.pooling_type', POOLING_MEAN),
    entry('tokenizer.ggml.model', 'text', text('bert')),
    whole('tokenizer.ggml.token_type_count', 1),
    entry('tokenizer.ggml.tokens', 'list', list('text', pieces.map(ggmlPiece).map(text))),
    entry(
      'tokenizer.ggml.token_type',
      'list',
      list(
        'int32',
        pieces.map((piece) => uint32(special(piece) ? TOKEN_CONTROL : TOKEN_NORMAL)),
      ),
    ),
    ...Object.entries({ bos: '[CLS]', seperator: '[SEP]', unknown: '[UNK]', padding: '[PAD]' }).map(
      ([role, piece]) => whole(`tokenizer.ggml.${role}_token_id`, pieces.indexOf(piece)),
    ),
  ];

  function ggmlPiece(piece: string): string {
    if (special(piece)) return piece;
    return piece.startsWith('##') ? piece.slice(2) : WORD_START + piece;
  }
}

const ENCODE: Readonly<Record<TensorType, (values: Float32Array) => Uint8Array>> = {
  F32: (values) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  /** Per block a half-precision scale, then value i in the low nibble of byte i, value i + 16 in the high one. */
  Q4_0: (values) =>
    encodeBlocks(values, 2 + BLOCK / 2, (block, out) => {
      const largest = block.reduce((far, value) => (Math.abs(value) > Math.abs(far) ? value : far), 0);
      const scale = largest / -8;
      out.setUint16(0, halfBits(scale), true);
      const level = (value = 0): number =>
        scale === 0 ? 8 : Math.min(15, Math.trunc(Math.fround(value / scale) + 8.5));
      for (let i = 0; i < BLOCK / 2; i += 1) {
        out.setUint8(2 + i, level(block[i]) | (level(block[i + BLOCK / 2]) << 4));
      }
    }),
  /** Per block a half-precision scale, then 32 signed bytes. */
  Q8_0: (values) =>
    encodeBlocks(values, 2 + BLOCK, (block, out) => {
      const scale = block.reduce((far, value) => Math.max(far, Math.abs(value)), 0) / 127;
      out.setUint16(0, halfBits(scale), true);
      block.forEach((value, i) => {
        out.setInt8(2 + i, scale === 0 ? 0 : Math.round(value / scale));
      });
    }),
};

function encodeBlocks(
  values: Float32Array,
  blockBytes: number,
  encode: (block: Float32Array, out: DataView) => void,
): Uint8Array {
  const blocks = values.length / BLOCK;
  const bytes = new Uint8Array(blocks * blockBytes);
  for (let at = 0; at < blocks; at += 1) {
    encode(
      values.subarray(at * BLOCK, (at + 1) * BLOCK),
      new DataView(bytes.buffer, at * blockBytes, blockBytes),
    );
  }
  return bytes;
}

/** The bits of the half-precision number next to `value`; scales are far from its largest, and tiny ones are 0. */
function halfBits(value: number): number {
  const [bits = 0] = new Uint32Array(Float32Array.of(value).buffer);
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 112;
  if (exponent <= 0) return sign | Math.round(Math.abs(value) * 2 ** 24);
  // Rounded to nearest; a carry out of the mantissa goes into the exponent, as it should.
  return sign | (((exponent << 10) | ((bits >>> 13) & 0x3ff)) + ((bits >>> 12) & 1));
}

const padded = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
const uint32 = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer);
const uint64 = (value: number): Uint8Array => new Uint8Array(BigUint64Array.of(BigInt(value)).buffer);
const float32 = (value: number): Uint8Array => new Uint8Array(Float32Array.of(value).buffer);
const text = (value: string): Uint8Array => {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint64(bytes.length), bytes]);
};

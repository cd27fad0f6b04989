/**
 * The weights of one layer as floats, for whoever learns on top of a quantized encoder: each matrix is just what the native
 * engine multiplies by (docs/model-pack.md), and only the rounding of its inputs is missing.
 */
import type { ModelPack } from './manifest.ts';
import { type PackTensor, readSafetensors } from './safetensors.ts';

const BLOCK = 32;

/** y = W x + b */
export interface LinearWeights {
  /** [outputs][inputs] */
  readonly weight: Float32Array;
  /** [outputs]; zeros where the pack has none */
  readonly bias: Float32Array;
}

export interface NormWeights {
  readonly weight: Float32Array;
  /** Zeros where the pack has none. */
  readonly bias: Float32Array;
}

export interface LayerWeights {
  /** Queries of all heads, then keys, then values. */
  readonly qkv: LinearWeights;
  readonly out: LinearWeights;
  readonly up: LinearWeights;
  readonly down: LinearWeights;
  readonly attentionNorm: NormWeights;
  readonly ffnNorm: NormWeights;
}

/**
 * @param layer from 0
 * @throws RangeError naming the tensor that is missing or of another shape; where norms stand before their block, the first
 *   layer has none before its attention, and is refused for it
 */
export function readLayerWeights(pack: Pick<ModelPack, 'manifest' | 'weights'>, layer: number): LayerWeights {
  const tensors = new Map(readSafetensors(pack.weights).map((tensor) => [tensor.name, tensor]));
  const { hidden, intermediate, activation } = pack.manifest.encoder;
  const layerTensors: LayerTensors = {
    find: (name) => tensors.get(`layers.${layer}.${name}`),
    need: (name, shape) => {
      const full = `layers.${layer}.${name}`;
      const tensor = tensors.get(full);
      if (tensor === undefined) throw new RangeError(`The tensor ${full} is missing.`);
      if (!shape.every((size, at) => size === tensor.shape[at])) {
        throw new RangeError(`The tensor ${full} has not the shape that the layer needs.`);
      }
      return tensor;
    },
  };
  const up = activation === 'geglu' ? 2 * intermediate : intermediate;
  return {
    qkv: linearOf(layerTensors, 'qkv', 3 * hidden, hidden),
    out: linearOf(layerTensors, 'out', hidden, hidden),
    up: linearOf(layerTensors, 'up', up, hidden),
    down: linearOf(layerTensors, 'down', hidden, intermediate),
    attentionNorm: normOf(layerTensors, 'attention_norm', hidden),
    ffnNorm: normOf(layerTensors, 'ffn_norm', hidden),
  };
}

/** Those of one layer, by the end of their names. */
interface LayerTensors {
  find(name: string): PackTensor | undefined;
  /** @throws RangeError */
  need(name: string, shape: readonly number[]): PackTensor;
}

function linearOf(
  { find, need }: LayerTensors,
  part: string,
  outputs: number,
  inputs: number,
): LinearWeights {
  const blocks = inputs / BLOCK;
  const levels = need(`${part}.weight`, [outputs, blocks]);
  const scales = floatsOf(need(`${part}.scale`, [outputs, blocks]));
  const smooth = find(`${part}.smooth`) && floatsOf(need(`${part}.smooth`, [inputs]));
  const levelOf = LEVELS[levels.shape[2] ?? 0];
  if (levelOf === undefined) throw new RangeError(`The tensor ${levels.name} has blocks of another kind.`);
  const blockBytes = levels.shape[2] ?? 0;
  const weight = new Float32Array(outputs * inputs);
  for (let at = 0; at < weight.length; at += 1) {
    const block = Math.floor(at / BLOCK);
    const level = levelOf(levels.data, block * blockBytes, at % BLOCK);
    weight[at] = level * (scales[block] ?? 0) * (smooth?.[at % inputs] ?? 1);
  }
  return { weight, bias: biasOf({ find, need }, part, outputs) };
}

/** The level of a weight: its block's first byte, its place in the block. By the bytes of a block: int4, int8, ternary. */
const LEVELS: Readonly<Record<number, (data: Uint8Array, block: number, at: number) => number>> = {
  16: (data, block, at) => (((data[block + (at >> 1)] ?? 0) >> ((at & 1) * 4)) & 15) - 8,
  32: (data, block, at) => (data[block + at] ?? 0) - 128,
  8: (data, block, at) => (((data[block + (at >> 2)] ?? 0) >> ((at & 3) * 2)) & 3) - 2,
};

function normOf(tensors: LayerTensors, part: string, hidden: number): NormWeights {
  return {
    weight: floatsOf(tensors.need(`${part}.weight`, [hidden])),
    bias: biasOf(tensors, part, hidden),
  };
}

function biasOf({ find, need }: LayerTensors, part: string, outputs: number): Float32Array {
  const name = `${part}.bias`;
  return find(name) === undefined ? new Float32Array(outputs) : floatsOf(need(name, [outputs]));
}

function floatsOf({ name, dtype, data }: PackTensor): Float32Array {
  if (dtype !== 'F32') throw new RangeError(`The tensor ${name} must be F32.`);
  // A copy, as the bytes in a file need not be aligned.
  return new Float32Array(Uint8Array.from(data).buffer);
}

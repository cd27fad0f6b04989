/** A quantized model as the files of a pack: the weights, once, and an ONNX graph over the very same bytes. */

import { type StoredTensor, writeSafetensors } from '../engine/pack/write-safetensors.ts';
import { addLayer, type EncoderWeights, embed, finishLayers, surround } from './encoder-graph.ts';
import { BLOCK, type EncoderConfig } from './encoder-model.ts';
import { CONTRIBUTED, createGraph, FLOAT, type Graph, INT64 } from './graph.ts';
import { DATA_TYPE, externalTensor, valueInfo } from './onnx-format.ts';
import type { QuantizedModel } from './quantize-model.ts';
import { blockBytes, packLevels, type QuantizedLinear, SCHEMES, scalesOf } from './quantized-linear.ts';

export const WEIGHTS_FILE = 'model.safetensors';
export const GRAPH_FILE = 'model.onnx';

/** onnxruntime rounds activations to int8 as well, in blocks of 32. */
const ACCURACY_INT8 = 4;

const ELEMENT_TYPE = { F32: DATA_TYPE.float, I8: DATA_TYPE.int8, U8: DATA_TYPE.uint8 } as const;

export interface PackFiles {
  readonly weights: Uint8Array;
  readonly graph: Uint8Array;
}

/** The same model always gives the same bytes. */
export function packFiles(model: QuantizedModel): PackFiles {
  const tensors = storedTensors(model);
  const { bytes, offsets } = writeSafetensors(tensors);
  return { weights: bytes, graph: graphOver(model, tensors, offsets) };
}

/** All tensors of a model, as they are stored. */
export function storedTensors({ original, words, linears }: QuantizedModel): StoredTensor[] {
  const { vocabulary, hidden } = original.config;
  const isLinear = (name: string): boolean => linears.has(name.replace(/\.(weight|bias)$/, ''));
  const plain = [...original.tensors]
    .filter(([name]) => name !== 'embeddings.word.weight' && !isLinear(name))
    .map(([name, { shape, data }]) => float(name, shape, data));
  return [
    {
      name: 'embeddings.word.weight',
      dtype: 'I8',
      shape: [vocabulary, hidden],
      bytes: bytesOf(words.levels),
    },
    float('embeddings.word.scale', [vocabulary], words.scale),
    ...plain,
    ...[...linears].flatMap(([name, linear]) => linearTensors(name, linear)),
  ];
}

function linearTensors(name: string, linear: QuantizedLinear): StoredTensor[] {
  const { rows, columns, scheme, unit, smooth, bias } = linear;
  const blocks = columns / BLOCK;
  return [
    {
      name: `${name}.weight`,
      dtype: 'U8',
      shape: [rows, blocks, blockBytes(scheme)],
      bytes: packLevels(linear),
    },
    float(`${name}.scale`, [rows, blocks], scalesOf(linear)),
    float(`${name}.unit`, [rows], unit),
    ...(smooth === null ? [] : [float(`${name}.smooth`, [columns], smooth)]),
    ...(bias === null ? [] : [float(`${name}.bias`, [rows], bias)]),
  ];
}

export function float(name: string, shape: readonly number[], values: Float32Array): StoredTensor {
  return { name, dtype: 'F32', shape, bytes: bytesOf(values) };
}

function bytesOf(values: Float32Array | Int8Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function graphOver(
  model: QuantizedModel,
  tensors: readonly StoredTensor[],
  offsets: ReadonlyMap<string, number>,
): Uint8Array {
  const graph = createGraph();
  const weights = storedWeights(graph, model, tensors, (name) => ({
    location: WEIGHTS_FILE,
    offset: offsets.get(name) ?? 0,
  }));
  return wholeGraph(graph, model.original.config, weights);
}

/** The weights of a graph where they are stored. @param placeOf a tensor's file, and where in it the tensor begins */
export function storedWeights(
  graph: Graph,
  { linears }: Pick<QuantizedModel, 'linears'>,
  tensors: readonly StoredTensor[],
  placeOf: (name: string) => { readonly location: string; readonly offset: number },
): EncoderWeights {
  const stored = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const tensor = (name: string): string => {
    const { dtype, shape, bytes } = stored.get(name) ?? missing(name);
    const place = { ...placeOf(name), length: bytes.length };
    return graph.weight(externalTensor(name, shape, ELEMENT_TYPE[dtype], place));
  };
  return {
    has: (name) => stored.has(name),
    tensor,
    words: (ids) => addWords(graph, tensor, ids),
    linear: (name, input) => addLinear(graph, tensor, name, linears.get(name) ?? missing(name), input),
  };
}

/** The whole encoder: `input_ids`, `attention_mask` → `last_hidden_state`. */
function wholeGraph(graph: Graph, config: EncoderConfig, weights: EncoderWeights): Uint8Array {
  const around = surround(graph, config, 'input_ids', 'attention_mask');
  let value = embed(graph, weights, config, 'input_ids');
  for (let layer = 0; layer < config.layers; layer += 1) {
    value = addLayer(graph, weights, config, around, layer, value).output;
  }
  const hidden = finishLayers(graph, weights, config, value);
  const shape = ['batch', 'tokens'];
  return graph.finish([valueInfo('input_ids', INT64, shape), valueInfo('attention_mask', INT64, shape)], {
    [hidden]: valueInfo('last_hidden_state', FLOAT, [...shape, config.hidden]),
  });
}

function addWords(graph: Graph, tensor: (name: string) => string, ids: string): string {
  const rows = graph.add('Gather', [tensor('embeddings.word.weight'), ids]);
  const scales = graph.add('Gather', [tensor('embeddings.word.scale'), ids]);
  const column = graph.add('Unsqueeze', [scales, graph.whole(-1)]);
  return graph.add('Mul', [graph.add('Cast', [rows], { to: FLOAT }), column]);
}

function addLinear(
  graph: Graph,
  tensor: (name: string) => string,
  name: string,
  { scheme, rows, columns, smooth, bias }: QuantizedLinear,
  input: string,
): string {
  const scaled = smooth === null ? input : graph.add('Mul', [input, tensor(`${name}.smooth`)]);
  const product = graph.add(
    'MatMulNBits',
    [scaled, tensor(`${name}.weight`), tensor(`${name}.scale`)],
    { K: columns, N: rows, bits: SCHEMES[scheme].bits, block_size: BLOCK, accuracy_level: ACCURACY_INT8 },
    { domain: CONTRIBUTED },
  );
  return bias === null ? product : graph.add('Add', [product, tensor(`${name}.bias`)]);
}

function missing(name: string): never {
  throw new Error(`The quantized model has no ${name}.`);
}

/**
 * A quantized tagger as the files of a pack: all but its word table, which is the encoder's, and an ONNX graph over both
 * files' bytes.
 */
import { type StoredTensor, writeSafetensors } from '../engine/pack/write-safetensors.ts';
import { addLayer, type EncoderWeights, embedSum, normalise, surround } from './encoder-graph.ts';
import { createGraph, FLOAT, INT64 } from './graph.ts';
import { valueInfo } from './onnx-format.ts';
import { float, type PackFiles, storedTensors, storedWeights, WEIGHTS_FILE } from './pack-files.ts';
import type { QuantizedModel } from './quantize-model.ts';

export interface TaggerHead {
  /** [features][hidden]: added to a token's embedding. */
  readonly feature: Float32Array;
  /** [labels][hidden] */
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

const isWord = (name: string): boolean => name.startsWith('embeddings.word.');

/**
 * @param words the tensors of the encoder's word table, and where each begins in its file
 * @param file the name that the weights will have
 */
export function taggerFiles(
  model: QuantizedModel,
  head: TaggerHead,
  words: { readonly tensors: readonly StoredTensor[]; readonly offsetOf: (name: string) => number },
  file: string,
): PackFiles {
  const { hidden } = model.original.config;
  const own = [
    ...storedTensors(model).filter(({ name }) => !isWord(name)),
    float('embeddings.feature', [head.feature.length / hidden, hidden], head.feature),
    float('heads.names.weight', [head.bias.length, hidden], head.weight),
    float('heads.names.bias', [head.bias.length], head.bias),
  ];
  const { bytes, offsets } = writeSafetensors(own);
  const graph = createGraph();
  const weights = storedWeights(graph, model, [...words.tensors, ...own], (name) =>
    isWord(name)
      ? { location: WEIGHTS_FILE, offset: words.offsetOf(name) }
      : { location: file, offset: offsets.get(name) ?? 0 },
  );
  return { weights: bytes, graph: graphOf(graph, weights, model, head.bias.length) };
}

/** `input_ids`, `features` → `logits`. */
function graphOf(
  graph: ReturnType<typeof createGraph>,
  weights: EncoderWeights,
  { original: { config } }: QuantizedModel,
  labels: number,
): Uint8Array {
  const around = surround(graph, config, 'input_ids', null);
  const told = graph.add('Gather', [weights.tensor('embeddings.feature'), 'features']);
  const sum = graph.add('Add', [embedSum(graph, weights, config, 'input_ids'), told]);
  let value = normalise(graph, weights, config, 'embeddings.norm', sum);
  for (let layer = 0; layer < config.layers; layer += 1) {
    value = addLayer(graph, weights, config, around, layer, value).output;
  }
  const turned = graph.add('Transpose', [weights.tensor('heads.names.weight')], { perm: [1, 0] });
  const product = graph.add('MatMul', [value, turned]);
  const logits = graph.add('Add', [product, weights.tensor('heads.names.bias')]);
  const shape = ['batch', 'tokens'];
  return graph.finish([valueInfo('input_ids', INT64, shape), valueInfo('features', INT64, shape)], {
    [logits]: valueInfo('logits', FLOAT, [...shape, labels]),
  });
}

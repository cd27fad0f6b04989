/** ONNX graphs of parts of a model over float32 weights, to calibrate on and compare with. */
import { addLayer, type EncoderWeights, embed, finishLayers, surround } from './encoder-graph.ts';
import { type EncoderModel, type LinearKind, tensorOf } from './encoder-model.ts';
import { createGraph, FLOAT, type Graph, INT64 } from './graph.ts';
import { transpose } from './named-weights.ts';
import { valueInfo } from './onnx-format.ts';

const TEXTS = ['batch', 'tokens'];

/** A matrix as the native engine multiplies by it: input scaled, rounded to int8 per token, then multiplied. */
export type AddLinear = (graph: Graph, name: string, input: string) => string;

/** Weights of the model itself; matrices in `quantized` are added by its own way instead. */
function floatWeights(
  graph: Graph,
  model: EncoderModel,
  quantized: ReadonlyMap<string, AddLinear> = new Map(),
): EncoderWeights {
  const tensor = (name: string): string => {
    const { shape, data } = tensorOf(model, name);
    return graph.floats(name, shape, data);
  };
  return {
    has: (name) => model.tensors.has(name),
    tensor,
    words: (ids) => graph.add('Gather', [tensor('embeddings.word.weight'), ids]),
    linear(name, input) {
      const own = quantized.get(name);
      if (own !== undefined) return own(graph, name, input);
      const { shape, data } = transpose(tensorOf(model, `${name}.weight`));
      const product = graph.add('MatMul', [input, graph.floats(`${name}.turned`, shape, data)]);
      return model.tensors.has(`${name}.bias`)
        ? graph.add('Add', [product, tensor(`${name}.bias`)])
        : product;
    },
  };
}

/** `input_ids` → `last_hidden_state`. One text at a time: there is no mask. */
export function wholeGraph(model: EncoderModel): Uint8Array {
  const graph = createGraph();
  const weights = floatWeights(graph, model);
  const { config } = model;
  let value = embed(graph, weights, config, 'input_ids');
  const around = surround(graph, config, value, null);
  for (let layer = 0; layer < config.layers; layer += 1) {
    value = addLayer(graph, weights, config, around, layer, value).output;
  }
  return graph.finish([valueInfo('input_ids', INT64, TEXTS)], {
    [finishLayers(graph, weights, config, value)]: valueInfo('last_hidden_state', FLOAT, [
      ...TEXTS,
      config.hidden,
    ]),
  });
}

/** `input_ids` → `hidden`, the first layer's input. One text at a time: there is no mask. */
export function embeddingGraph(model: EncoderModel): Uint8Array {
  const graph = createGraph();
  const value = embed(graph, floatWeights(graph, model), model.config, 'input_ids');
  return graph.finish([valueInfo('input_ids', INT64, TEXTS)], {
    [value]: valueInfo('hidden', FLOAT, [...TEXTS, model.config.hidden]),
  });
}

/** `hidden`, the last layer's output → `last_hidden_state`. */
export function finalGraph(model: EncoderModel): Uint8Array {
  const graph = createGraph();
  const value = finishLayers(graph, floatWeights(graph, model), model.config, 'hidden');
  const shape = [...TEXTS, model.config.hidden];
  return graph.finish([valueInfo('hidden', FLOAT, shape)], {
    [value]: valueInfo('last_hidden_state', FLOAT, shape),
  });
}

/** What can be asked for of a layer: inputs of its matrices, the sums that two of them add to, its output. */
export type LayerValue = LinearKind | 'out.sum' | 'down.sum' | 'output';

/** `hidden` → what is asked for of one layer. */
export function layerGraph(
  model: EncoderModel,
  layer: number,
  wanted: readonly LayerValue[],
  quantized?: ReadonlyMap<string, AddLinear>,
): Uint8Array {
  const graph = createGraph();
  const weights = floatWeights(graph, model, quantized);
  const { config } = model;
  const around = surround(graph, config, 'hidden', null);
  const { output, inputs, sums } = addLayer(graph, weights, config, around, layer, 'hidden');
  const values = { ...inputs, 'out.sum': sums.out, 'down.sum': sums.down, output };
  // A copy for each, because one value may be asked for under two names.
  const outputs = wanted.map(
    (name) => [graph.add('Identity', [values[name]]), valueInfo(name, FLOAT, [...TEXTS, 'width'])] as const,
  );
  return graph.finish([valueInfo('hidden', FLOAT, [...TEXTS, config.hidden])], Object.fromEntries(outputs));
}

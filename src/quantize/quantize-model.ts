/** Quantizes a whole encoder, one matrix after another, in the order in which a text passes through them. */
import type { OnnxRuns } from '../engine/onnx/onnx-runs.ts';
import {
  type EncoderModel,
  LINEARS,
  type LinearKind,
  linearName,
  linearShape,
  tensorOf,
} from './encoder-model.ts';
import type { AddLinear } from './float-graph.ts';
import { embedTexts, runLayer, type Stream, tokensOf, weighTokens } from './layer-by-layer.ts';
import { simulateLinear } from './native-arithmetic.ts';
import { createProducts } from './products.ts';
import { type LinearTask, quantizeLinear } from './quantize-linear.ts';
import type { QuantizedLinear, Scheme } from './quantized-linear.ts';
import { quantizeTable, roundTable, type WordTable } from './word-table.ts';

export interface QuantizedModel {
  readonly original: EncoderModel;
  readonly words: WordTable;
  readonly linears: ReadonlyMap<string, QuantizedLinear>;
  /** Relative error of each matrix's output, by its name. */
  readonly errors: ReadonlyMap<string, number>;
}

/**
 * @param texts token ids to calibrate on, special tokens included
 * @param schemeOf how to store a matrix, by its name
 * @param onStep called after every matrix with the number done
 */
export async function quantizeModel(
  original: EncoderModel,
  texts: readonly (readonly number[])[],
  schemeOf: (name: string) => Scheme,
  runs: OnnxRuns,
  onStep: (done: number) => void = () => {},
): Promise<QuantizedModel> {
  const products = await createProducts(runs);
  const words = quantizeTable(tensorOf(original, 'embeddings.word.weight'));
  const rounded: EncoderModel = { ...original, tensors: withTable(original, words) };
  const linears = new Map<string, QuantizedLinear>();
  const errors = new Map<string, number>();
  let exact = await embedTexts(runs, original, texts);
  let stream = await embedTexts(runs, rounded, texts);
  for (let layer = 0; layer < original.config.layers; layer += 1) {
    const right = await runLayer(runs, original, layer, exact, WANTED);
    const simulated = new Map<string, AddLinear>();
    for (const kind of LINEARS) {
      const name = linearName(layer, kind);
      const given = await runLayer(runs, original, layer, stream, [kind], simulated);
      const task = taskOf(original, layer, kind, right, given[kind]);
      const { linear, error } = await quantizeLinear(task, schemeOf(name), products);
      linears.set(name, linear);
      errors.set(name, error);
      simulated.set(name, simulateLinear(linear));
      onStep(linears.size);
    }
    exact = right.output;
    stream = (await runLayer(runs, original, layer, stream, ['output'], simulated)).output;
  }
  return { original, words, linears, errors };
}

/** What is looked at in the original. */
const WANTED = [...LINEARS, 'out.sum', 'down.sum', 'output'] as const;
type Right = Readonly<Record<(typeof WANTED)[number], Stream>>;

function taskOf(
  model: EncoderModel,
  layer: number,
  kind: LinearKind,
  right: Right,
  given: Stream,
): LinearTask {
  const name = linearName(layer, kind);
  const [rows, columns] = linearShape(model.config, kind);
  const isAdded = kind === 'out' || kind === 'down';
  return {
    weights: { rows, columns, data: tensorOf(model, `${name}.weight`).data },
    bias: model.tensors.get(`${name}.bias`)?.data ?? null,
    original: tokensOf(right[kind]),
    inputs: tokensOf(given),
    tokenWeights: weighTokens(given, isAdded ? right[`${kind}.sum`] : null),
  };
}

function withTable(model: EncoderModel, words: WordTable): EncoderModel['tensors'] {
  const name = 'embeddings.word.weight';
  return new Map(model.tensors).set(name, { ...tensorOf(model, name), data: roundTable(words) });
}

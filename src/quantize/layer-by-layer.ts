/**
 * Runs texts through a float model one layer after another, so that what passes between can be looked at, and so that no
 * more than one layer's weights are in use at a time.
 */
import { floatsIn, type OnnxRuns, type OnnxValue } from '../engine/onnx/onnx-runs.ts';
import { type Pooling, pool } from './embed.ts';
import type { EncoderModel } from './encoder-model.ts';
import { type AddLinear, embeddingGraph, finalGraph, type LayerValue, layerGraph } from './float-graph.ts';
import type { Matrix } from './products.ts';

// A name of the module's own: in a test runner's sandbox, globals are slow to look up.
const { max } = Math;

/** Keeps a sum that is all one number from an infinite weight. */
const SPREAD_MIN = 1e-6;

/** What the texts become: one value for each. */
export type Stream = readonly OnnxValue[];

/** The first layer's input for every text. @param texts token ids, special tokens included */
export async function embedTexts(
  runs: OnnxRuns,
  model: EncoderModel,
  texts: readonly (readonly number[])[],
): Promise<Stream> {
  const graph = await runs.load(embeddingGraph(model));
  const stream: OnnxValue[] = [];
  for (const ids of texts) {
    const input = { shape: [1, ids.length], data: BigInt64Array.from(ids, BigInt) };
    stream.push(single(await graph.run({ input_ids: input }), 'hidden'));
  }
  await graph.release();
  return stream;
}

/** Runs every text through one layer. @returns by what was `wanted`, one value for each text */
export async function runLayer<Wanted extends LayerValue>(
  runs: OnnxRuns,
  model: EncoderModel,
  layer: number,
  input: Stream,
  wanted: readonly Wanted[],
  quantized?: ReadonlyMap<string, AddLinear>,
): Promise<Record<Wanted, Stream>> {
  const graph = await runs.load(layerGraph(model, layer, wanted, quantized));
  const results: Readonly<Record<string, OnnxValue>>[] = [];
  for (const hidden of input) results.push(await graph.run({ hidden }));
  await graph.release();
  const streams = {} as Record<Wanted, Stream>;
  for (const name of wanted) streams[name] = results.map((result) => single(result, name));
  return streams;
}

/** Runs every text through the layers from `first` on. @returns one unit vector for each text */
export async function runToEnd(
  runs: OnnxRuns,
  model: EncoderModel,
  first: number,
  input: Stream,
  pooling: Pooling,
  quantized?: ReadonlyMap<string, AddLinear>,
): Promise<Float32Array[]> {
  let stream = input;
  for (let layer = first; layer < model.config.layers; layer += 1) {
    stream = (await runLayer(runs, model, layer, stream, ['output'], quantized)).output;
  }
  const graph = await runs.load(finalGraph(model));
  const vectors: Float32Array[] = [];
  for (const hidden of stream) {
    vectors.push(
      pool(floatsIn(await graph.run({ hidden }), 'last_hidden_state'), hidden.shape[1] ?? 1, pooling),
    );
  }
  await graph.release();
  return vectors;
}

/** All tokens of all texts, one below the other. */
export function tokensOf(stream: Stream): Matrix {
  const columns = stream[0]?.shape.at(-1) ?? 0;
  const length = stream.reduce((sum, { data }) => sum + data.length, 0);
  const data = new Float32Array(length);
  let at = 0;
  for (const value of stream) {
    data.set(value.data as Float32Array, at);
    at += value.data.length;
  }
  return { rows: length / columns, columns, data };
}

/**
 * How much a token's error counts. Every text counts the same, however long. And what is added to a sum is normalised
 * with it later, so that an error matters by its share of the sum's spread: a few tokens with sums a hundred times as
 * large as others would otherwise decide everything.
 * @param texts any values of the texts, for their lengths @param sums what the outputs are added up in, if they are
 * @returns one weight for each token of all texts, 1 in the mean
 */
export function weighTokens(texts: Stream, sums: Stream | null): Float32Array {
  const weights = texts.flatMap(({ shape }, text) => {
    const tokens = shape[1] ?? 0;
    const data = sums?.[text]?.data as Float32Array | undefined;
    const width = (data?.length ?? 0) / tokens;
    return Array.from({ length: tokens }, (_, token) => {
      const spread = data === undefined ? 1 : variance(data.subarray(token * width, (token + 1) * width));
      return 1 / tokens / max(spread, SPREAD_MIN);
    });
  });
  const mean = weights.reduce((total, weight) => total + weight, 0) / weights.length;
  return Float32Array.from(weights, (weight) => weight / mean);
}

function variance(values: Float32Array): number {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  return squares / values.length - (sum / values.length) ** 2;
}

function single(values: Readonly<Record<string, OnnxValue>>, name: string): OnnxValue {
  const value = values[name];
  if (value === undefined) throw new Error(`The graph gave no ${name}.`);
  return value;
}

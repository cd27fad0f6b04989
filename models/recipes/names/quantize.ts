/** From the learned float weights to the files of the pack: layers in int4, fitted to rows as they will be read. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startOnnxRuns } from '../../../src/engine/onnx/onnx-runs.ts';
import { readSafetensors as readStored } from '../../../src/engine/pack/safetensors.ts';
import { readBert } from '../../../src/quantize/architecture-bert.ts';
import type { EncoderModel } from '../../../src/quantize/encoder-model.ts';
import type { PackFiles } from '../../../src/quantize/pack-files.ts';
import { progressBar } from '../../../src/quantize/progress.ts';
import { quantizeModel } from '../../../src/quantize/quantize-model.ts';
import { readSafetensors } from '../../../src/quantize/read-safetensors.ts';
import { taggerFiles } from '../../../src/quantize/tagger-files.ts';
import { type Encoded, FEATURE_LISTS, FEATURE_SHAPES, LABELS, TOKENS_MAX } from './encode.ts';

/** Rows to fit to. */
export const CALIBRATION_ROWS = 400;

export interface LearnedNames extends PackFiles {
  readonly layers: number;
}

/**
 * @param learned the folder with `names.safetensors`, `config.json` and `steps.json`
 * @param pack the folder of the encoder's pack, whose word table is used
 */
export async function quantizeNames(
  learned: string,
  layers: number,
  rows: readonly Encoded[],
  pack: string,
  weightsFile: string,
): Promise<LearnedNames> {
  const weights = readSafetensors([join(learned, 'names.safetensors')]);
  const config = JSON.parse(readFileSync(join(learned, 'config.json'), 'utf8'));
  const original = shortened(readBert({ ...config, num_hidden_layers: layers }, weights));
  const { hidden, vocabulary } = original.config;
  const shape = weights.read('features.shape').data;
  const list = weights.read('features.list').data;
  const feature = new Float32Array(FEATURE_SHAPES * FEATURE_LISTS * hidden);
  for (let at = 0; at < feature.length; at++) {
    const row = Math.floor(at / hidden);
    const of = (table: Float32Array, index: number): number => table[index * hidden + (at % hidden)] ?? 0;
    feature[at] = of(shape, row % FEATURE_SHAPES) + of(list, Math.floor(row / FEATURE_SHAPES));
  }
  const runs = startOnnxRuns(1);
  try {
    const { model, texts } = withFeatures(original, feature, rows);
    const bar = progressBar('Quantizing', 4 * layers);
    const quantized = await quantizeModel(model, texts, () => 'int4', runs, bar);
    const head = { feature, weight: weights.read('head.weight').data, bias: weights.read('head.bias').data };
    if (head.bias.length !== LABELS.length) throw new Error('The head was learned for other labels.');
    const words = wordTable(join(pack, 'model.safetensors'), vocabulary);
    const written = { ...quantized, original: { ...original, config: original.config } };
    return { ...taggerFiles(written, head, words, weightsFile), layers };
  } finally {
    await runs.close();
  }
}

/** No window is longer, so no further position is read. */
function shortened(model: EncoderModel): EncoderModel {
  const name = 'embeddings.position';
  const table = model.tensors.get(name);
  if (table === undefined) throw new Error(`The learned weights have no ${name}.`);
  const { hidden } = model.config;
  const cut = { shape: [TOKENS_MAX, hidden], data: table.data.slice(0, TOKENS_MAX * hidden) };
  return {
    config: { ...model.config, positions_max: TOKENS_MAX },
    tensors: new Map(model.tensors).set(name, cut),
  };
}

/** The same model with a word for every pair of word and feature in `rows`: what quantizes knows of words alone. */
function withFeatures(model: EncoderModel, feature: Float32Array, rows: readonly Encoded[]) {
  const { hidden, vocabulary } = model.config;
  const words = model.tensors.get('embeddings.word.weight')?.data ?? new Float32Array();
  const numbers = new Map<number, number>();
  const texts = rows.map(({ ids, features }) =>
    ids.map((id, at) => {
      const pair = id + vocabulary * (features[at] ?? 0);
      const known = numbers.get(pair) ?? numbers.size;
      numbers.set(pair, known);
      return known;
    }),
  );
  const data = new Float32Array(numbers.size * hidden);
  for (const [pair, number] of numbers) {
    const [id, row] = [pair % vocabulary, Math.trunc(pair / vocabulary)];
    for (let k = 0; k < hidden; k++) {
      data[number * hidden + k] = (words[id * hidden + k] ?? 0) + (feature[row * hidden + k] ?? 0);
    }
  }
  const table = { shape: [numbers.size, hidden], data };
  const tensors = new Map(model.tensors).set('embeddings.word.weight', table);
  return { model: { config: { ...model.config, vocabulary: numbers.size }, tensors }, texts };
}

const LENGTH_BYTES = 8;

function wordTable(file: string, vocabulary: number) {
  const bytes = readFileSync(file);
  const begin = LENGTH_BYTES + Number(bytes.readBigUInt64LE(0));
  const stored = readStored(bytes).filter(({ name }) => name.startsWith('embeddings.word.'));
  const offsets = new Map(stored.map(({ name, data }) => [name, data.byteOffset - bytes.byteOffset]));
  if (stored.some(({ shape }) => shape[0] !== vocabulary))
    throw new Error('The pack has another vocabulary.');
  if ([...offsets.values()].some((offset) => offset < begin))
    throw new Error('A tensor stands in the header.');
  return {
    tensors: stored.map(({ name, dtype, shape, data }) => ({ name, dtype, shape, bytes: data })),
    offsetOf: (name: string) => offsets.get(name) ?? 0,
  };
}

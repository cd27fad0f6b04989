/** How close each engine's vectors are to the float32 original's: cosine over the check texts. */

import { createTokenizer } from '../../../src/engine/tokenizer/tokenizer.ts';
import { CHECK_TEXTS } from '../../../src/quantize/check-texts.ts';
import type { Contender, Engine } from './contender.ts';
import type { BenchModel } from './models.ts';

/** The longest input of the models, without the special tokens. */
const TOKENS_MAX = 510;

export interface Accuracy {
  readonly engine: string;
  readonly mean: number;
  readonly min: number;
}

export const ACCURACY_TEXTS = CHECK_TEXTS.length;

export async function measureAccuracy(
  reference: Engine,
  engines: readonly Engine[],
  model: BenchModel,
  onStep: () => void,
): Promise<Accuracy[]> {
  const tokenizer = createTokenizer(model.tokenizer);
  const texts = CHECK_TEXTS.map((text) =>
    Int32Array.of(tokenizer.before, ...tokenizer.encode(text).slice(0, TOKENS_MAX), tokenizer.after),
  );
  const embed = async (engine: Engine): Promise<Float32Array[]> => {
    const contender: Contender = await engine.open({ threads: 1, lanes: 1 });
    const vectors: Float32Array[] = [];
    for (const text of texts) {
      vectors.push(await contender.encode(text));
      onStep();
    }
    await contender.close();
    return vectors;
  };
  const expected = await embed(reference);
  const accuracies: Accuracy[] = [];
  for (const engine of engines) {
    const cosines = (await embed(engine)).map((vector, at) => dot(vector, expected[at] ?? vector));
    accuracies.push({
      engine: engine.name,
      mean: cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length,
      min: Math.min(...cosines),
    });
  }
  return accuracies;
}

const dot = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);

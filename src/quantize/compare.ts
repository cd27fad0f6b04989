/** How much of a model is left after quantization: by likeness of vectors, by labels learned on them, and by matrix. */
import type { OnnxRuns } from '../engine/onnx/onnx-runs.ts';
import type { Pooling } from './embed.ts';
import { compareVectors } from './embed.ts';
import { type EncoderModel, LINEARS, linearName } from './encoder-model.ts';
import { embedTexts, runLayer, runToEnd } from './layer-by-layer.ts';
import { simulateLinear } from './native-arithmetic.ts';
import type { QuantizedModel } from './quantize-model.ts';

/** Texts that are held in memory at a time between two layers. */
const TEXTS_AT_ONCE = 1_000;

/** The original's vectors. @param texts token ids, special tokens included */
export async function embedOriginal(
  runs: OnnxRuns,
  model: EncoderModel,
  texts: readonly (readonly number[])[],
  pooling: Pooling,
  onStep: (done: number) => void = () => {},
): Promise<Float32Array[]> {
  const vectors: Float32Array[] = [];
  for (let at = 0; at < texts.length; at += TEXTS_AT_ONCE) {
    const stream = await embedTexts(runs, model, texts.slice(at, at + TEXTS_AT_ONCE));
    vectors.push(...(await runToEnd(runs, model, 0, stream, pooling)));
    onStep(vectors.length);
  }
  return vectors;
}

/**
 * What each matrix costs: one less the mean cosine to the original, when it alone is quantized.
 * @returns the losses by the matrices' names
 */
export async function lossByLinear(
  runs: OnnxRuns,
  { original, linears }: QuantizedModel,
  texts: readonly (readonly number[])[],
  pooling: Pooling,
  onStep: (done: number) => void = () => {},
): Promise<Map<string, number>> {
  const right = await embedOriginal(runs, original, texts, pooling);
  const losses = new Map<string, number>();
  let stream = await embedTexts(runs, original, texts);
  for (let layer = 0; layer < original.config.layers; layer += 1) {
    for (const kind of LINEARS) {
      const name = linearName(layer, kind);
      const linear = linears.get(name);
      if (linear === undefined) continue;
      const alone = new Map([[name, simulateLinear(linear)]]);
      const vectors = await runToEnd(runs, original, layer, stream, pooling, alone);
      losses.set(name, Math.max(0, 1 - compareVectors(right, vectors).mean));
      onStep(losses.size);
    }
    stream = (await runLayer(runs, original, layer, stream, ['output'])).output;
  }
  return losses;
}

/**
 * Which matrices to store in int8: those that lose most for every weight, until `share` of all weights is used up.
 * @param losses by matrix, as int4
 */
export function chooseInt8(
  losses: ReadonlyMap<string, number>,
  sizes: ReadonlyMap<string, number>,
  share: number,
): Set<string> {
  const size = (name: string): number => sizes.get(name) ?? 1;
  const total = [...sizes.values()].reduce((sum, each) => sum + each, 0);
  const ranked = [...losses].sort(([a, lossA], [b, lossB]) => lossB / size(b) - lossA / size(a));
  const chosen = new Set<string>();
  let used = 0;
  for (const [name] of ranked) {
    if (used + size(name) > share * total) continue;
    used += size(name);
    chosen.add(name);
  }
  return chosen;
}

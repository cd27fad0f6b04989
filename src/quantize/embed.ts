/** Text to unit vectors by any encoder graph: what packs are compared by. */
import { floatsIn, type OnnxModel } from '../engine/onnx/onnx-runs.ts';
import { normalize } from '../engine/pooling.ts';
import type { Tokenizer } from '../engine/tokenizer/tokenizer.ts';

export type Pooling = 'mean' | 'cls';

/** Token ids, special tokens included, of as much of a text as is read at once. */
export function tokenize(tokenizer: Tokenizer, texts: readonly string[], tokensMax: number): number[][] {
  const { before, after } = tokenizer;
  return texts.map((text) => [before, ...tokenizer.encode(text).slice(0, tokensMax - 2), after]);
}

/** @param texts token ids, special tokens included @param onStep called with the number done */
export async function embedAll(
  model: OnnxModel,
  texts: readonly (readonly number[])[],
  pooling: Pooling,
  onStep: (done: number) => void = () => {},
): Promise<Float32Array[]> {
  const vectors: Float32Array[] = [];
  for (const ids of texts) {
    const shape = [1, ids.length];
    const outputs = await model.run({
      input_ids: { shape, data: BigInt64Array.from(ids, BigInt) },
      attention_mask: { shape, data: new BigInt64Array(ids.length).fill(1n) },
    });
    vectors.push(pool(floatsIn(outputs, 'last_hidden_state'), ids.length, pooling));
    onStep(vectors.length);
  }
  return vectors;
}

/** One vector of length 1 from those of all tokens. */
export function pool(hidden: Float32Array, tokens: number, pooling: Pooling): Float32Array {
  const width = hidden.length / tokens;
  const counted = pooling === 'cls' ? 1 : tokens;
  const sum = new Float32Array(width);
  for (let at = 0; at < counted * width; at += 1) {
    sum[at % width] = (sum[at % width] as number) + (hidden[at] as number);
  }
  return normalize(sum);
}

/** How alike the vectors of the same texts are: the mean and the least of their cosines. */
export function compareVectors(
  right: readonly Float32Array[],
  others: readonly Float32Array[],
): { mean: number; min: number } {
  const cosines = right.map((vector, at) => {
    const other = others[at] as Float32Array;
    return vector.reduce((sum, value, i) => sum + value * (other[i] as number), 0);
  });
  const mean = cosines.reduce((sum, value) => sum + value, 0) / cosines.length;
  return { mean, min: Math.min(...cosines) };
}

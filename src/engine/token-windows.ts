/** From a text to the ids that a model reads: whole windows, with the special tokens around each. */
import type { Embedding } from './encoder.ts';
import { weightedMean } from './pooling.ts';
import type { Tokenizer } from './tokenizer/tokenizer.ts';
import { type Clip, cutWindows } from './windows.ts';

/** One before a window, one after. */
export const SPECIAL_TOKENS = 2;

/** A text as it is read. */
export interface Reading {
  /** At least one; ids with the special ones around them. */
  readonly windows: readonly (readonly number[])[];
  /** Tokens of the text, special tokens not counted. */
  readonly tokens: number;
  readonly truncated: boolean;
}

/** @param tokensMax most tokens that the model reads at once, special tokens counted */
export function readTokens(tokenizer: Tokenizer, { head, tail, clipped }: Clip, tokensMax: number): Reading {
  const ids = tokenizer.encode(head).concat(clipped ? tokenizer.encode(tail) : []);
  const { windows, truncated } = cutWindows(ids.length, tokensMax - SPECIAL_TOKENS);
  return {
    windows: windows.map(({ start, end }) => [tokenizer.before, ...ids.slice(start, end), tokenizer.after]),
    tokens: ids.length,
    truncated: truncated || clipped,
  };
}

/** @param vectors one for each window, of length 1 */
export function embeddingOf(
  { windows, tokens, truncated }: Reading,
  vectors: readonly Float32Array[],
): Embedding {
  const weights = windows.map((ids) => ids.length - SPECIAL_TOKENS);
  return { vector: weightedMean(vectors, weights), tokens, windows: windows.length, truncated };
}

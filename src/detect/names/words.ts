/**
 * A text cut into the words that the model of names reads, each with its place and what is lost when it is written in
 * lower case. A word is never cut by the tokenizer's own rules, so a label of a word is a span of the raw text.
 */
import { createHash } from 'node:crypto';

export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** How a word is written. The order is the file format: the model's weights count on it. */
export const SHAPES = ['uncased', 'lower', 'capitalised', 'upper', 'mixed', 'initial'] as const;

/** Lists that a word may be in. The order is the file format, a bit each. */
export const LISTS = ['given', 'family', 'place'] as const;
export type Lists = Readonly<Record<(typeof LISTS)[number], ReadonlySet<string>>>;

/** A letter of a script that is written without spaces stands alone, as the model's tokenizer has it. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}\p{M}]+|[^\p{L}\p{N}\p{M}\p{White_Space}\p{Cc}\p{Cf}]/gu;

export function cutWords(text: string): Word[] {
  return Array.from(text.matchAll(WORD), ({ 0: word, index }) => ({
    text: word,
    start: index,
    end: index + word.length,
  }));
}

export function shapeOf(word: string): number {
  const lower = word.toLowerCase();
  const upper = word.toUpperCase();
  if (lower === upper) return 0;
  if (word === lower) return 1;
  const rest = word.slice(1);
  if (rest === '') return 5;
  if (word === upper) return 3;
  return rest === lower.slice(1) ? 2 : 4;
}

/** What the model is told of a word beside its pieces: its shape, and the lists that it is in. */
export function featureOf(word: string, lists: Lists): number {
  const lower = word.toLowerCase();
  let bits = 0;
  for (const [bit, name] of LISTS.entries()) if (lists[name].has(lower)) bits |= 1 << bit;
  return bits * SHAPES.length + shapeOf(word);
}

/** Values of `featureOf`. */
export const FEATURES = SHAPES.length * 2 ** LISTS.length;

/** Names a text without keeping it. */
export const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64');

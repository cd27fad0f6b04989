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

/**
 * How a word is written: in capitals or not, or in which script that has none. The order is the file format: the model's
 * weights count on it.
 */
export const SHAPES = [
  'sign',
  'number',
  'lower',
  'capitalised',
  'upper',
  'mixed',
  'initial',
  'code',
  'han',
  'kana',
  'hangul',
  'indic',
  'arabic',
  'hebrew',
  'other',
] as const;
type Shape = (typeof SHAPES)[number];

/** Of scripts without capitals, by a letter. The tokenizer knows few pieces of these. */
const SCRIPTS: readonly (readonly [Shape, RegExp])[] = [
  ['han', /\p{Script=Han}/u],
  ['kana', /[\p{Script=Hiragana}\p{Script=Katakana}]/u],
  ['hangul', /\p{Script=Hangul}/u],
  ['arabic', /\p{Script=Arabic}/u],
  ['hebrew', /\p{Script=Hebrew}/u],
  [
    'indic',
    /[\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Oriya}]/u,
  ],
];

/** Lists that a word may be in. The order is the file format, a bit each. */
export const LISTS = ['given', 'family', 'place'] as const;
export type Lists = Readonly<Record<(typeof LISTS)[number], ReadonlySet<string>>>;

/** A letter of a script that is written without spaces stands alone, as the model's tokenizer has it. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}\p{M}]+|[^\p{L}\p{N}\p{M}\p{White_Space}\p{Cc}\p{Cf}]/gu;

/** Scripts that are written without spaces, and whose letters alone are no words. */
const UNSPACED = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const segmenter = new Intl.Segmenter('th', { granularity: 'word' });

export function cutWords(text: string): Word[] {
  const words = Array.from(text.matchAll(WORD), ({ 0: word, index }) => ({
    text: word,
    start: index,
    end: index + word.length,
  }));
  return UNSPACED.test(text) ? words.flatMap(segments) : words;
}

function segments(word: Word): Word[] {
  if (!UNSPACED.test(word.text)) return [word];
  return Array.from(segmenter.segment(word.text), ({ segment, index }) => ({
    text: segment,
    start: word.start + index,
    end: word.start + index + segment.length,
  }));
}

export const shapeOf = (word: string): number => SHAPES.indexOf(nameOfShape(word));

function nameOfShape(word: string): Shape {
  const lower = word.toLowerCase();
  const upper = word.toUpperCase();
  if (lower === upper) {
    if (!/\p{L}/u.test(word)) return /\p{N}/u.test(word) ? 'number' : 'sign';
    return SCRIPTS.find(([, letter]) => letter.test(word))?.[0] ?? 'other';
  }
  if (/\p{N}/u.test(word)) return 'code';
  if (word === lower) return 'lower';
  const rest = word.slice(1);
  if (rest === '') return 'initial';
  if (word === upper) return 'upper';
  return rest === lower.slice(1) ? 'capitalised' : 'mixed';
}

/** What the model is told of a word beside its pieces: its shape, and the lists that it is in. */
export function featureOf(word: string, lists: Lists): number {
  const shape = shapeOf(word);
  let bits = 0;
  for (const part of listed(word.toLowerCase(), shape)) {
    for (const [bit, name] of LISTS.entries()) if (lists[name].has(part)) bits |= 1 << bit;
  }
  return bits * SHAPES.length + shape;
}

const HANGUL = SHAPES.indexOf('hangul');
const ARABIC = SHAPES.indexOf('arabic');
const HEBREW = SHAPES.indexOf('hebrew');
/** "and", "to", "by", "the", written as one word with what follows. */
const PROCLITIC = /^(?:و?ال|[وبلفك]|[ולבמשהכ])(?=\p{L}{2})/u;

/**
 * What to look for in the lists: the word, and the name in it where a language writes more into one word. In Korean the
 * family name, the given name and what follows both stand together, in Arabic and Hebrew what goes before.
 */
function listed(word: string, shape: number): readonly string[] {
  if (shape === HANGUL) return [word, word.slice(0, 1), word.slice(1, 3), word.slice(0, 2)];
  if (shape === ARABIC || shape === HEBREW) return [word, word.replace(PROCLITIC, '')];
  return [word];
}

/** Values of `featureOf`. */
export const FEATURES = SHAPES.length * 2 ** LISTS.length;

/** Names a text and what explains it without keeping either. */
export const digestOf = ({ text, context }: { readonly text: string; readonly context: string }): string =>
  createHash('sha256')
    .update(JSON.stringify([context, text]))
    .digest('base64');

/**
 * What can be seen of a message's difficulty without understanding it: how long it is, how much of it is numbers, formulas
 * or code, whether it gives options to choose from, how it asks.
 */

/** Most UTF-16 code units that are looked at. */
const CHARS_MAX = 8_192;

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** Each sign's name, and how much of it there is. The order is that of the head's weights. */
const SIGNS: readonly (readonly [
  name: string,
  measure: (text: string, words: readonly string[]) => number,
])[] = [
  ['length', (text) => Math.log1p(text.length)],
  ['words', (_, words) => Math.log1p(words.length)],
  ['numbers', (text) => Math.log1p(count(text, /\d+/g))],
  ['digits', (text) => count(text, /\d/g) / Math.max(1, text.length)],
  ['formula signs', (text) => Math.log1p(count(text, /[\\$^=+*/<>{}]/g))],
  ['commands', (text) => Math.log1p(count(text, /\\[a-z]+/gi))],
  ['code', (text) => Number(/\bdef |\bfunction\b|```|\bpython\b|\bcode\b|\breturn\b/i.test(text))],
  ['asks', (text) => Number(/[?？؟]/.test(text))],
  ['lines', (text) => Math.log1p(count(text, /\n/g))],
  [
    'word length',
    (_, words) => words.reduce((sum, word) => sum + word.length, 0) / Math.max(1, words.length),
  ],
  ['sentences', (text) => Math.log1p(count(text, /[.!?](?=\s|$)/g))],
  ['options', (text) => Math.log1p(count(text, /^[ \t]{0,8}\(?[A-Ea-e1-5][).:]\s/gm))],
  [
    'names',
    (_, words) => words.slice(1).filter((word) => /^\p{Lu}/u.test(word)).length / Math.max(1, words.length),
  ],
  ['who, when, where', (_, words) => Number(/^(?:who|when|where)$/i.test(words[0] ?? ''))],
  ['what, which', (_, words) => Number(/^(?:what|which)$/i.test(words[0] ?? ''))],
  ['how many', (text) => Number(/\bhow (?:many|much)\b/i.test(text))],
  ['why', (_, words) => Number(/^(?:why|explain|describe)$/i.test(words[0] ?? ''))],
  [
    'find',
    (text) => Number(/\b(?:prove|find all|determine|compute|evaluate|calculate|let \$?[a-z])\b/i.test(text)),
  ],
  ['not', (text) => Number(/\b(?:not|except|least)\b/i.test(text))],
  [
    'different words',
    (_, words) => new Set(words.map((word) => word.toLowerCase())).size / Math.max(1, words.length),
  ],
];

/** How many numbers `surfaceOf` gives. */
export const SURFACE_WIDTH = SIGNS.length;

export function surfaceOf(text: string): number[] {
  const seen = text.slice(0, CHARS_MAX);
  const words = seen.match(/[\p{L}\p{N}_]+/gu) ?? [];
  return SIGNS.map(([, measure]) => measure(seen, words));
}

/**
 * What a piece of text shows to the injection head: words and pairs of them, letters in a row, ideas and their order, and
 * marks that attacks leave. Each is a number in a hashed space (Weinberger et al. 2009, "Feature Hashing for Large Scale
 * Multitask Learning", arXiv:0902.2206), so that a few hundred kilobytes hold every language.
 *
 * An idea ("ignore", "instructions", "system prompt") is told by word stems in many languages. What is learned of ideas in
 * one language holds in all of them.
 */
import { Literals } from '../../literals.ts';

/** Names of ideas, and the stems that tell each, as `plain` writes them. A stem that ends in `$` is a whole word. */
export type Ideas = Readonly<Record<string, readonly string[]>>;

/** A sparse vector: feature `indices[i]` has `values[i]`. No index stands there twice. */
export interface Features {
  readonly indices: Int32Array;
  readonly values: Float32Array;
}

export type FeaturesOf = (piece: string) => Features;

/** Share of each kind of feature: the squares of its values add up to the square of this. */
const SHARE = { word: 1, pair: 0.8, letters: 1, idea: 0.5, mark: 0.35 } as const;
const IDEA_VALUE = SHARE.idea;
/** Ideas farther apart than this say nothing together. */
const IDEA_GAP_CHARS_MAX = 60;
const IDEAS_MAX = 64;

const WORD = /[\p{L}\p{M}\p{N}']+/gu;
/** Scripts that put no space between words, or few. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}]/u;
const LETTER = /[\p{L}\p{M}]/u;

/** Signs of prompt formats, of code and of text that is no language. */
const MARKS: readonly (readonly [name: string, pattern: RegExp])[] = [
  [
    'chat format',
    /<\|[^|>]{0,40}\|>|\[\/?inst\]|<<\/?sys>>|<\/?(?:system|assistant|user|human|admin|sudo)\b[^>]{0,40}>/,
  ],
  [
    'role line',
    /(?:^|\n)[ \t]{0,8}(?:#{1,6}[ \t]{0,8})?\[?(?:system|assistant|human|user|admin|developer)(?: (?:prompt|message|note))?\]? ?[:>]/,
  ],
  ['heading', /(?:^|\n)[ \t]{0,8}(?:#{2,}|-{3,}|={3,}|\*{3,})/],
  ['comment', /<!\s*-{1,2}|-->|\/\*|(?:^|\n)[ \t]{0,8}#\s/],
  ['markup', /<\/?[a-z]{1,10}[^<>]{0,80}>/],
  ['image link', /!\[[^\]]{0,80}\]\([^)]{0,300}\)/],
  ['long code', /[a-z0-9+/]{28,}={0,2}|(?:[01]{7,8} ?){4}|(?:[0-9a-f]{2} ){6}|(?:[.\-−]{1,6} ?[ /] ?){6}/],
  ['assignment', /\b[a-z]\w{0,8} ?= ?["'“«]/],
  ['sum of texts', /\b[a-z]\w{0,8} ?\+ ?[a-z]\w{0,8}\b/],
  ['code', /\bdef \w+\(|\bprint\(|\bfunction\b.{0,30}\(|```|=>|;\n/],
  [
    'questions and answers',
    /(?:^|[\s.?!])(?:q|question|p|f|s|t|в|질문)\s?[:：].{1,300}?(?:a|answer|r|c|j|о|답변)\s?[:：]/su,
  ],
  ['quoted', /["'“”«»「」『』].{3,}["'“”«»「」『』]/u],
  ['shouting', /!{2,}/],
];

/** @param buckets how many numbers there are for features; a power of two */
export function createFeaturesOf(ideas: Ideas, buckets: number): FeaturesOf {
  const find = createIdeaFinder(ideas);
  return (piece) => {
    const found = new Map<number, number>();
    const add = (names: ReadonlySet<string>, share: number): void => {
      const value = share / Math.sqrt(Math.max(1, names.size));
      for (const name of names) {
        const bucket = hash(name) & (buckets - 1);
        found.set(bucket, (found.get(bucket) ?? 0) + value);
      }
    };
    const words = piece.match(WORD) ?? [];
    add(new Set(words.map((word) => `w ${word}`)), SHARE.word);
    add(new Set(words.slice(1).map((word, at) => `p ${words[at]} ${word}`)), SHARE.pair);
    add(lettersOf(words), SHARE.letters);
    for (const name of ideasAndOrder(find(piece))) add(new Set([name]), IDEA_VALUE);
    for (const name of marksOf(piece, words)) add(new Set([name]), SHARE.mark);
    return { indices: Int32Array.from(found.keys()), values: Float32Array.from(found.values()) };
  };
}

function lettersOf(words: readonly string[]): Set<string> {
  const grams = new Set<string>();
  for (const word of words) {
    const unspaced = UNSPACED.test(word);
    const letters = unspaced ? [...word] : [...`_${word}_`];
    for (const size of unspaced ? [1, 2, 3] : [3, 4, 5]) {
      for (let at = 0; at + size <= letters.length; at += 1)
        grams.add(`l ${letters.slice(at, at + size).join('')}`);
    }
  }
  return grams;
}

interface Sighting {
  readonly idea: string;
  readonly start: number;
  readonly end: number;
}

function createIdeaFinder(ideas: Ideas): (piece: string) => Sighting[] {
  const stems = Object.entries(ideas).flatMap(([idea, all]) =>
    all.map((stem) => ({ idea, stem: stem.replace(/\$$/, ''), whole: stem.endsWith('$') })),
  );
  const literals = new Literals(stems.map(({ stem }) => stem));
  return (piece) => {
    const sightings: Sighting[] = [];
    for (const { index, start, end } of literals.find(piece)) {
      const stem = stems[index];
      if (stem === undefined) continue;
      const spaced = !UNSPACED.test(stem.stem);
      if (spaced && LETTER.test(piece[start - 1] ?? ' ')) continue;
      if (spaced && stem.whole && LETTER.test(piece[end] ?? ' ')) continue;
      const before = sightings.at(-1);
      if (before?.idea === stem.idea && start < before.end) continue;
      sightings.push({ idea: stem.idea, start, end });
      if (sightings.length === IDEAS_MAX) break;
    }
    return sightings.sort((a, b) => a.start - b.start);
  };
}

/** Each idea, each two that stand together, their order, and each three in a row. */
function ideasAndOrder(sightings: readonly Sighting[]): Set<string> {
  const names = new Set<string>(sightings.map(({ idea }) => `i ${idea}`));
  sightings.forEach((first, at) => {
    for (const second of sightings.slice(at + 1, at + 5)) {
      if (second.start - first.end > IDEA_GAP_CHARS_MAX || second.idea === first.idea) continue;
      names.add(`o ${first.idea} ${second.idea}`);
      names.add(`t ${[first.idea, second.idea].sort().join(' ')}`);
    }
    const [second, third] = [sightings[at + 1], sightings[at + 2]];
    if (second !== undefined && third !== undefined && third.start - first.end < 2 * IDEA_GAP_CHARS_MAX) {
      names.add(`s ${[first.idea, second.idea, third.idea].sort().join(' ')}`);
    }
  });
  return names;
}

function marksOf(piece: string, words: readonly string[]): Set<string> {
  const names = MARKS.flatMap(([name, pattern]) => (pattern.test(piece) ? [`m ${name}`] : []));
  const different = new Set(words).size;
  if (words.length >= 8 && different * 2 < words.length) names.push('m repeated');
  names.push(`m length ${Math.min(9, Math.round(Math.log2(1 + piece.length)))}`);
  const letters = piece.match(/\p{L}/gu)?.length ?? 0;
  if (letters * 2 < piece.replaceAll(/\s/g, '').length) names.push('m no letters');
  return new Set(names);
}

/** FNV-1a over UTF-16 code units, its bits mixed once more: the low ones are what is used. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d);
  return (state ^ (state >>> 13)) >>> 0;
}

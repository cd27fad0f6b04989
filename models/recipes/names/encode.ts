/**
 * Rows as the model reads them: ids of word pieces, a feature of each (how the word is written, which lists know it), and
 * a label where a word begins. Made with the code that serves, so that training and serving cannot differ.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cutWords, featureOf, LISTS, type Lists, SHAPES } from '../../../src/detect/names/words.ts';
import type { Tokenizer } from '../../../src/engine/tokenizer/tokenizer.ts';
import { NAMED_KINDS } from '../../../src/personal-kinds.ts';
import type { Pools } from './pools.ts';
import type { Row } from './rows.ts';

/** Nothing, then the beginning and the inside of each kind. The order is the head's. */
export const LABELS: readonly string[] = ['O', ...NAMED_KINDS.flatMap((kind) => [`B-${kind}`, `I-${kind}`])];
/** The label of a piece that no word begins with, or of a special token: it does not count. */
const NO_LABEL = 255;
/** Pieces of a row, special ones counted. */
export const TOKENS_MAX = 128;
/** Pieces of one word that are read: a key of a thousand characters is no name. */
export const PIECES_MAX = 8;
/** A list must not be believed blindly: names that no list knows are names too. */
const WORD_FORGOTTEN_SHARE = 0.35;
const ROW_FORGOTTEN_SHARE = 0.2;

export interface Encoded {
  readonly ids: readonly number[];
  readonly features: readonly number[];
  readonly labels: readonly number[];
}

export function listsOf(pools: Pools): Lists {
  // A letter alone tells nothing, but a Korean or a Chinese family name is one.
  const isWord = (name: string): boolean =>
    /^(?:[\p{L}\p{M}]{2,}|[\p{Script=Hangul}\p{Script=Han}])$/u.test(name);
  const words = (names: readonly string[]): Set<string> =>
    new Set(names.filter(isWord).map((name) => name.toLowerCase()));
  const { known, cities, regions } = pools.places;
  return {
    given: words(pools.people.flatMap(({ given }) => given)),
    family: words(pools.people.flatMap(({ family }) => family)),
    place: words([...known, ...cities, ...regions, ...Object.values(pools.countries).flat()]),
  };
}

/** @param forget null: lists are believed, as when serving */
export function encode(row: Row, tokenizer: Tokenizer, lists: Lists, forget: (() => number) | null): Encoded {
  const ids = [tokenizer.before];
  const features = [0];
  const labels = [NO_LABEL];
  const isForgotten = forget !== null && forget() < ROW_FORGOTTEN_SHARE;
  for (const { text, label } of labelled(row)) {
    const pieces = tokenizer.encode(text).slice(0, PIECES_MAX);
    if (ids.length + pieces.length >= TOKENS_MAX) break;
    const known = featureOf(text, lists);
    const isLost = isForgotten || (forget !== null && forget() < WORD_FORGOTTEN_SHARE);
    const feature = isLost ? known % SHAPES.length : known;
    for (const [at, id] of pieces.entries()) {
      ids.push(id);
      features.push(feature);
      labels.push(at === 0 ? LABELS.indexOf(label) : NO_LABEL);
    }
  }
  return { ids: [...ids, tokenizer.after], features: [...features, 0], labels: [...labels, NO_LABEL] };
}

function labelled({ pieces }: Row): { text: string; label: string }[] {
  const text = pieces.map((piece) => piece.text).join('');
  let end = 0;
  const spans = pieces.map((piece) => {
    end += piece.text.length;
    return { start: end - piece.text.length, end, kind: piece.kind };
  });
  let at = 0;
  let last: object | null = null;
  return cutWords(text).map((word) => {
    while (at < spans.length - 1 && (spans[at]?.end ?? 0) <= word.start) at++;
    const span = spans[at];
    const kind = span?.kind ?? null;
    const label = kind === null ? 'O' : `${last === span ? 'I' : 'B'}-${kind}`;
    last = kind === null ? null : (span ?? null);
    return { text: word.text, label };
  });
}

/** `NAME.ids` (uint16), `NAME.features` and `NAME.labels` (bytes), `NAME.lengths` (uint16), all rows one after another. */
export function writeRows(folder: string, name: string, rows: readonly Encoded[]): void {
  const write = (part: string, bytes: Uint8Array): void =>
    writeFileSync(join(folder, `${name}.${part}`), bytes);
  const ids = Uint16Array.from(rows.flatMap((row) => row.ids));
  write('ids', new Uint8Array(ids.buffer));
  write('features', Uint8Array.from(rows.flatMap((row) => row.features)));
  write('labels', Uint8Array.from(rows.flatMap((row) => row.labels)));
  write('lengths', new Uint8Array(Uint16Array.from(rows, (row) => row.ids.length).buffer));
}

export const FEATURE_SHAPES = SHAPES.length;
export const FEATURE_LISTS = 2 ** LISTS.length;

/** Finds the values of a list as a reader would: as whole words, in capitals or not. */
import { Literals, type Occurrence } from '../../literals.ts';

/** How the words of a value may be parted: by any one space, or by any number of them, a dot, a hyphen or a `_`. */
export type Parting = 'by a space' | 'in any way';

export class Listed {
  readonly #literals: Literals;
  readonly #parting: Parting;

  /** @param values the later of two that are read alike is found */
  constructor(values: readonly string[], parting: Parting) {
    this.#parting = parting;
    this.#literals = new Literals(values.map((value) => this.#read(value).text));
  }

  /** `index` says which of the values. */
  find(text: string): Occurrence[] {
    const read = this.#read(text);
    return this.#literals.find(read.text).flatMap(({ index, ...place }) => {
      const [start, end] = read.raw(place.start, place.end);
      return standsAlone(text, start, end) ? [{ index, start, end }] : [];
    });
  }

  #read(text: string): Reading {
    const lower = lowered(text);
    if (this.#parting === 'by a space') return { text: lower.replace(/\s/g, ' '), raw: asIs };
    return withSpacesJoined(lower.replace(PARTING, ' '));
  }
}

/** What may part two words, but a plain space. A dot before a space ends a sentence. */
const PARTING = /[\t-\r_\u00a0\u1680\u2000-\u200a\u2010-\u2015\u2028\u2029\u202f\u205f\u3000-]|\.(?!\s)/g;

/** A text as it is compared, and where in the raw text a span of it is. */
interface Reading {
  readonly text: string;
  readonly raw: (start: number, end: number) => readonly [start: number, end: number];
}
const asIs: Reading['raw'] = (start, end) => [start, end];

/** In lower case, in as many code units: a place in it is a place in the text. */
function lowered(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return text.replace(/\p{Lu}/gu, (char) => {
    const small = char.toLowerCase();
    return small.length === char.length ? small : char;
  });
}

function withSpacesJoined(text: string): Reading {
  if (!text.includes('  ')) return { text, raw: asIs };
  const origins = new Uint32Array(text.length);
  let joined = '';
  for (const { index, 0: piece } of text.matchAll(/ +|[^ ]+/g)) {
    const kept = piece.startsWith(' ') ? ' ' : piece;
    for (let i = 0; i < kept.length; i++) origins[joined.length + i] = index + i;
    joined += kept;
  }
  return { text: joined, raw: (start, end) => [origins[start] ?? 0, (origins[end - 1] ?? 0) + 1] };
}

const WORD = /[\p{L}\p{N}]/u;
/** Scripts that write no spaces between words, or put endings right behind a name. */
const UNPARTED =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]/u;

function standsAlone(text: string, start: number, end: number): boolean {
  return !continues(text[start], text[start - 1]) && !continues(text[end - 1], text[end]);
}

/** Whether a word goes on over the edge between two characters. */
const continues = (inside = '', outside = ''): boolean =>
  WORD.test(inside) && WORD.test(outside) && !UNPARTED.test(inside);

/** One text of an answer, searched for personal data that is none of the request's: the model brought it itself. */

import type { EntityKind } from '../../personal-kinds.ts';
import { maskOf } from '../../placeholder-form.ts';
import type { OwnMatch } from '../../shapes.ts';
import { type GrowingText, Moves } from '../changing/growing-text.ts';
import { type Notation, Place } from '../changing/place.ts';
import { placeholdersIn } from '../placeholder/reading.ts';
import type { Vault } from '../placeholder/vault.ts';

export interface Search {
  /** Finds personal data in a text that may have values filled out: sorted, no two overlap. */
  readonly find: (text: string) => readonly OwnMatch[];
  /** The request's placeholders are no findings. */
  readonly vault: Vault;
  /** Told of each finding once. */
  readonly onFound: (kind: EntityKind) => void;
}

/** How much of a text is looked at together, in UTF-16 code units. */
export interface CheckBounds {
  /** What stands before a value can say what it is: so much of what was shown is searched again. */
  readonly contextChars: number;
  /** Where it is masked, no more is held back. A longer value is masked as far as it is seen. */
  readonly heldCharsMax: number;
  /** Where nothing is held back: so much is searched at once, and so much of it again with what follows. */
  readonly reportChars: number;
  readonly overlapChars: number;
}
/** Of a stream, a reader waits for what is held back. */
export const STREAM: CheckBounds = {
  contextChars: 128,
  heldCharsMax: 256,
  reportChars: 4_096,
  overlapChars: 512,
};
/** A whole answer comes in pieces too, as searching all of it is work of a second. No value but a document is longer. */
export const WHOLE: CheckBounds = {
  contextChars: 2_048,
  heldCharsMax: 8_192,
  reportChars: 8_192,
  overlapChars: 2_048,
};
/** What detectors take for a value that is replaced already: a character that no text has. */
const FILLER = '\uFDD0';

/** Looks at what is left once values are filled out: of two numbers side by side, one may hide the other. */
const ROUNDS_MAX = 4;

/** What is found in `text` that ends behind `from`, in order; placeholders are no findings. */
function foundIn(text: string, from: number, { find, vault }: Search): OwnMatch[] {
  const all: OwnMatch[] = [];
  let rest = filled(text, vault.size === 0 ? [] : placeholdersIn(text, vault));
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const found = find(rest).filter(({ start, end }) => end > start);
    if (found.length === 0) break;
    all.push(...found);
    rest = filled(rest, found);
  }
  return all.filter(({ end }) => end > from).sort((a, b) => a.start - b.start);
}

function filled(text: string, spans: readonly Pick<OwnMatch, 'start' | 'end'>[]): string {
  let result = '';
  let read = 0;
  for (const { start, end } of spans) {
    result += text.slice(read, start) + FILLER.repeat(end - start);
    read = end;
  }
  return result + text.slice(read);
}

/** Counts what is found, and holds nothing back. */
export class ReportedText implements GrowingText {
  readonly held = 0;
  readonly #search: Search;
  readonly #bounds: CheckBounds;
  #text = '';
  /** Of `#text`, what has been searched. */
  #searched = 0;

  constructor(search: Search, bounds: CheckBounds) {
    this.#search = search;
    this.#bounds = bounds;
  }

  push(piece: string): string {
    const { reportChars, overlapChars } = this.#bounds;
    this.#text += piece;
    if (this.#text.length - this.#searched >= reportChars) this.#count(this.#text.length - overlapChars);
    return piece;
  }

  end(): string {
    if (this.#text.length > this.#searched) this.#count(this.#text.length);
    return '';
  }

  moved(offset: number): number {
    return offset;
  }

  /** Counts what begins before `to`; what begins behind it may not have ended. */
  #count(to: number): void {
    for (const { start, kind } of foundIn(this.#text, 0, this.#search)) {
      if (start >= this.#searched && start < to) this.#search.onFound(kind);
    }
    const { contextChars } = this.#bounds;
    this.#text = this.#text.slice(Math.max(0, to - contextChars));
    this.#searched = Math.min(to, contextChars);
  }
}

/** Puts the kind in the place of what is found. */
export class MaskedText implements GrowingText {
  readonly #search: Search;
  readonly #bounds: CheckBounds;
  readonly #place: Place;
  readonly #moves = new Moves();
  #context = '';
  #held = '';

  constructor(search: Search, bounds: CheckBounds, notation: Notation) {
    this.#search = search;
    this.#bounds = bounds;
    this.#place = new Place(notation);
  }

  get held(): number {
    return this.#held.length;
  }

  push(piece: string): string {
    const text = this.#held + piece;
    return this.#release(text, mayGoOnFrom(text, this.#bounds));
  }

  end(): string {
    return this.#release(this.#held, this.#held.length);
  }

  moved(offset: number): number {
    return this.#moves.moved(offset);
  }

  /** Shows `text` up to `wanted`, or up to a finding that may go on; the rest is held back. */
  #release(text: string, wanted: number): string {
    this.#held = text;
    if (wanted === 0) return '';
    const { contextChars, heldCharsMax } = this.#bounds;
    const before = this.#context.length;
    let shown = '';
    let read = 0;
    let to = wanted;
    for (const { start, end, kind } of foundIn(this.#context + text, before, this.#search)) {
      const from = Math.max(read, start - before);
      if (from >= to) break;
      if (end - before > to && text.length - from < heldCharsMax) {
        to = from;
        break;
      }
      const until = end - before;
      shown += this.#pass(text.slice(read, from)) + this.#mask(text.slice(from, until), kind);
      read = until;
      to = Math.max(to, read);
    }
    shown += this.#pass(text.slice(read, to));
    this.#context = (this.#context + text.slice(0, to)).slice(-contextChars);
    this.#held = text.slice(to);
    return shown;
  }

  #pass(text: string): string {
    this.#place.read(text);
    this.#moves.pass(text);
    return text;
  }

  #mask(value: string, kind: EntityKind): string {
    this.#search.onFound(kind);
    const mask = this.#place.written(maskOf(kind));
    this.#place.read(value);
    this.#moves.replace(value, mask);
    return mask;
  }
}

/** Words that a value's parts may have between them: `14 March 1985`. */
const WORDS_BETWEEN_MAX = 2;
const VALUE_LIKE = /[\d@]/;

/**
 * From where the end of a text may be a value that goes on: its last word, and those before it for as long as one of
 * three has a digit or an `@`.
 */
function mayGoOnFrom(text: string, { heldCharsMax }: CheckBounds): number {
  const begin = Math.max(0, text.length - heldCharsMax);
  const tail = text.slice(begin);
  let from = tail.length;
  let plain = 0;
  for (const { 0: word, index } of [...tail.matchAll(/\S+/g)].reverse()) {
    const isLast = from === tail.length && index + word.length === tail.length;
    if (VALUE_LIKE.test(word)) {
      from = index;
      plain = 0;
    } else {
      if (isLast) from = index;
      plain++;
      if (plain > WORDS_BETWEEN_MAX) break;
    }
  }
  return begin + from;
}

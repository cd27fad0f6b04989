/**
 * Looks for known values in a text, as they are and in every encoding that a fault could have put them into. Made for
 * the egress guard: one pass for all values, linear in the text, in pieces that leave room for other work between.
 */
import { Buffer } from 'node:buffer';
import { Literals } from '../literals.ts';
import {
  compacted,
  DECODED_BYTES_MIN,
  decodedRuns,
  folded,
  fromQuotedPrintable,
  lowered,
  spaced,
  unescaped,
} from './readings.ts';

/** UTF-16 code units of a text that are searched at once; the fewer, the more values there are. */
const WINDOW_CHARS_MAX = 65_536;
const WINDOW_CHARS_MIN = 8_192;
/** Of a longer value, its beginning is looked for. */
const VALUE_CHARS_MAX = 1_024;
/** An escape of one character can be this long, such as `\\u0040` or `&#000064;`; twice escaped ones are shorter together. */
const ESCAPE_CHARS_MAX = 12;
/** Escapes within escapes that are undone. */
const LEVELS_MAX = 5;
/** Encodings within encodings, such as base64 of base64. */
const DEPTH_MAX = 2;
/** Digits and letters from which on a number is looked for whatever separators it is written with. */
const NUMBER_CHARS_MIN = 10;
/** Strings searched for by one automaton: making one is work of one piece, too. */
const STRINGS_AT_ONCE = 1_000;

export class ValueSearch {
  readonly #values: readonly string[];
  readonly #hasSpaces: boolean;
  readonly #windowOverlap: number;
  /** For the text and its readings; for what its runs decode to; for readings without separators. */
  #shown: readonly Literals[] = [];
  #hidden: readonly Literals[] = [];
  #numbers: readonly Literals[] = [];

  /** @param values none is empty */
  constructor(values: readonly string[]) {
    this.#values = values.map((value) => value.slice(0, VALUE_CHARS_MAX));
    this.#hasSpaces = values.some((value) => /\s/.test(value));
    const longest = this.#values.reduce((most, { length }) => Math.max(most, length), 0);
    this.#windowOverlap = (longest + 1) * ESCAPE_CHARS_MAX;
  }

  /** Searches. One item for each piece of work, true as soon as a value is found; each takes milliseconds at most. */
  *lookIn(text: string): Generator<boolean> {
    if (this.#values.length === 0) return;
    if (this.#shown.length === 0) yield* this.#prepare();
    const fair = Math.max(WINDOW_CHARS_MIN, Math.floor(WINDOW_CHARS_MAX / this.#shown.length));
    const step = Math.max(fair, this.#windowOverlap);
    for (let start = 0; start === 0 || start + this.#windowOverlap < text.length; start += step) {
      yield* this.#window(text.slice(start, start + step + this.#windowOverlap), 0);
    }
  }

  *#prepare(): Generator<boolean> {
    const bytes = (value: string): string => lowered(Buffer.from(value).toString('latin1'));
    this.#shown = yield* automata(this.#values.flatMap(shownForms));
    const long = this.#values.filter((value) => Buffer.byteLength(value) >= DECODED_BYTES_MIN);
    this.#hidden = yield* automata(
      long.flatMap(readingsOf).flatMap((value) => [lowered(value), bytes(value)]),
    );
    this.#numbers = yield* automata(this.#values.flatMap(numberForm));
  }

  *#window(text: string, depth: number): Generator<boolean> {
    let reading = text;
    for (let level = 0; level < LEVELS_MAX; level++) {
      yield this.#isShown(reading, depth);
      const plain = fromQuotedPrintable(reading);
      if (plain !== reading) yield this.#isShown(plain, depth);
      if (depth < DEPTH_MAX) {
        for (const decoded of decodedRuns(reading)) yield* this.#window(decoded, depth + 1);
      }
      const next = unescaped(reading);
      if (next === reading) return;
      reading = next;
    }
  }

  #isShown(text: string, depth: number): boolean {
    const lower = lowered(text);
    if (depth > 0) {
      // UTF-16 of plain letters is these letters with NULs between them.
      return isIn(this.#hidden, lower) || isIn(this.#hidden, lower.replaceAll('\0', ''));
    }
    if (isIn(this.#shown, lower)) return true;
    const plain = folded(lower);
    if (plain !== lower && isIn(this.#shown, plain)) return true;
    if (this.#numbers.length > 0 && isIn(this.#numbers, compacted(plain))) return true;
    const even = this.#hasSpaces ? spaced(plain) : plain;
    return even !== plain && isIn(this.#shown, even);
  }
}

const isIn = (all: readonly Literals[], text: string): boolean => all.some((some) => some.isIn(text));

/** One item for each automaton that was made. */
function* automata(strings: readonly string[]): Generator<boolean, Literals[]> {
  const different = [...new Set(strings)];
  const made: Literals[] = [];
  for (let i = 0; i < different.length; i += STRINGS_AT_ONCE) {
    made.push(new Literals(different.slice(i, i + STRINGS_AT_ONCE)));
    yield false;
  }
  return made;
}

/** A value, and what is left of it where escapes are undone: it can hold what looks like one. */
function readingsOf(value: string): string[] {
  const readings = [value];
  for (let reading = unescaped(value); readings.length < LEVELS_MAX; reading = unescaped(reading)) {
    if (reading === readings.at(-1)) break;
    readings.push(reading);
  }
  return readings.filter((reading) => reading === value || reading.length >= DECODED_BYTES_MIN);
}

/** How a value shows in a text: as it is; as a string of a document, and of a document in it; in a form; backwards. */
function shownForms(value: string): string[] {
  const escaped = JSON.stringify(value).slice(1, -1);
  const lower = lowered(value);
  const plain = folded(lower);
  const forms = [...readingsOf(value), escaped, JSON.stringify(escaped).slice(1, -1)].map(lowered);
  forms.push(plain);
  if (/\s/.test(value)) forms.push(spaced(plain), spaced(plain).replaceAll(' ', '+'));
  if (value.length >= DECODED_BYTES_MIN) forms.push([...lower].reverse().join(''));
  // What is left of a value without what shows nothing can be too short to be its own.
  return forms.filter((form) => form.length >= Math.min(value.length, DECODED_BYTES_MIN));
}

/** The form of a value that is a long number, whatever separates its digits. */
function numberForm(value: string): string[] {
  const number = compacted(folded(lowered(value))).replace(/^[+(]+/, '');
  return number.length >= NUMBER_CHARS_MIN && /^[a-z0-9]*$/.test(number) && /\d{6}/.test(number)
    ? [number]
    : [];
}

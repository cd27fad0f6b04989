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
  #shown: Sought | undefined;
  #hidden: Sought = NOTHING;
  #numbers: Sought = NOTHING;

  /** @param values none is empty. One without a digit or an `@`, a name, is looked for as whole words. */
  constructor(values: readonly string[]) {
    this.#values = values.map((value) => value.slice(0, VALUE_CHARS_MAX));
    this.#hasSpaces = values.some((value) => /\s/.test(value));
    const longest = this.#values.reduce((most, { length }) => Math.max(most, length), 0);
    this.#windowOverlap = (longest + 1) * ESCAPE_CHARS_MAX;
  }

  /** Searches. One item for each piece of work, true as soon as a value is found; each takes milliseconds at most. */
  *lookIn(text: string): Generator<boolean> {
    if (this.#values.length === 0) return;
    this.#shown ??= yield* this.#prepare();
    const { anywhere, alone } = this.#shown;
    const fair = Math.floor(WINDOW_CHARS_MAX / (anywhere.length + alone.length));
    const step = Math.max(WINDOW_CHARS_MIN, fair, this.#windowOverlap);
    for (let start = 0; start === 0 || start + this.#windowOverlap < text.length; start += step) {
      yield* this.#window(text.slice(start, start + step + this.#windowOverlap), 0);
    }
  }

  *#prepare(): Generator<boolean, Sought> {
    const long = this.#values.filter((value) => Buffer.byteLength(value) >= DECODED_BYTES_MIN);
    this.#hidden = yield* seek(long, hiddenForms);
    this.#numbers = yield* seek(this.#values, numberForm);
    return yield* seek(this.#values, shownForms);
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
    const shown = this.#shown ?? NOTHING;
    const lower = lowered(text);
    if (depth > 0) {
      // UTF-16 of plain letters is these letters with NULs between them.
      return (
        isIn(this.#hidden, lower, ASCII_WORD) || isIn(this.#hidden, lower.replaceAll('\0', ''), ASCII_WORD)
      );
    }
    if (isIn(shown, lower)) return true;
    const plain = folded(lower);
    if (plain !== lower && isIn(shown, plain)) return true;
    if (this.#numbers.anywhere.length > 0 && isIn(this.#numbers, compacted(plain))) return true;
    const even = this.#hasSpaces ? spaced(plain) : plain;
    return even !== plain && isIn(shown, even);
  }
}

/** Forms of values: those that are found wherever they are, and those that are found where no letter adjoins them. */
interface Sought {
  readonly anywhere: readonly Literals[];
  readonly alone: readonly Literals[];
}
const NOTHING: Sought = { anywhere: [], alone: [] };

/** Nobody's name is a part of a longer one; a number or an address is peculiar enough to be found there. */
const isPeculiar = (value: string): boolean => /[\d@]/.test(value);

function* seek(
  values: readonly string[],
  formsOf: (value: string) => readonly string[],
): Generator<boolean, Sought> {
  const alone = values.filter((value) => !isPeculiar(value));
  return {
    anywhere: yield* automata(values.filter(isPeculiar).flatMap(formsOf)),
    alone: yield* automata(alone.flatMap(formsOf)),
  };
}

const WORD = /[\p{L}\p{N}\p{M}]/u;
/** Of decoded bytes, those above ASCII are no letters yet. */
const ASCII_WORD = /[a-z0-9]/;
/** Scripts that are written without spaces between words. */
const UNSPACED =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

function isIn({ anywhere, alone }: Sought, text: string, letter = WORD): boolean {
  if (anywhere.some((some) => some.isIn(text))) return true;
  const joins = (left = '', right = ''): boolean =>
    letter.test(left) && letter.test(right) && !UNSPACED.test(left + right);
  const counts = (start: number, end: number): boolean =>
    !joins(text[start - 1], text[start]) && !joins(text[end - 1], text[end]);
  return alone.some((some) => some.isIn(text, counts));
}

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

/** How a value shows in decoded bytes: each byte a character. */
const hiddenForms = (value: string): string[] =>
  readingsOf(value).flatMap((form) => [lowered(form), lowered(Buffer.from(form).toString('latin1'))]);

/** How a value shows in a text: as it is; as a string of a document, and of a document in it; in a form; backwards. */
function shownForms(value: string): string[] {
  const escaped = JSON.stringify(value).slice(1, -1);
  const lower = lowered(value);
  const plain = folded(lower);
  const forms = [...readingsOf(value), escaped, JSON.stringify(escaped).slice(1, -1)].map(lowered);
  forms.push(plain);
  if (/\s/.test(value)) forms.push(spaced(plain), spaced(plain).replaceAll(' ', '+'));
  if (value.length >= DECODED_BYTES_MIN && isPeculiar(value)) forms.push([...lower].reverse().join(''));
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

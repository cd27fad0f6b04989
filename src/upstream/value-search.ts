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
const VALUE_CHARS_MAX = 256;
/** An escape of one character can be this long, such as `\\u0040` or `&#000064;`; twice escaped ones are shorter together. */
const ESCAPE_CHARS_MAX = 12;
/** Escapes within escapes that are undone. */
const LEVELS_MAX = 5;
/** Encodings within encodings, such as base64 of base64. */
const DEPTH_MAX = 2;
/** Digits and letters from which on a number is looked for whatever separators it is written with. */
const NUMBER_CHARS_MIN = 10;
/** Values whose forms are made in one piece of work. */
const VALUES_AT_ONCE = 256;
/** Of all forms that one automaton looks for: making one is work of one piece, too. */
const FORM_CHARS_AT_ONCE = 32_000;
/** Of all forms together: more would fill the memory, and is no request that people make. */
const FORM_CHARS_MAX = 4_194_304;

export class ValueSearch {
  readonly #values: readonly string[];
  readonly #windowOverlap: number;
  /** For the text and its readings; for what its runs decode to; for readings without separators. */
  #shown: readonly Sought[] | undefined;
  #hidden: readonly Sought[] = [];
  #numbers: readonly Sought[] = [];

  /** @param values none is empty. One without a digit or an `@`, a name, is looked for as whole words. */
  constructor(values: readonly string[]) {
    this.#values = values.map((value) => value.slice(0, VALUE_CHARS_MAX));
    const longest = this.#values.reduce((most, { length }) => Math.max(most, length), 0);
    this.#windowOverlap = (longest + 1) * ESCAPE_CHARS_MAX;
  }

  /** Searches. One item for each piece of work, true as soon as a value is found; each takes milliseconds at most. */
  *lookIn(text: string): Generator<boolean> {
    if (this.#values.length === 0) return;
    this.#shown ??= yield* this.#prepare();
    const fair = Math.floor(WINDOW_CHARS_MAX / this.#shown.length);
    const step = Math.max(WINDOW_CHARS_MIN, fair, this.#windowOverlap);
    for (let start = 0; start === 0 || start + this.#windowOverlap < text.length; start += step) {
      yield* this.#window(text.slice(start, start + step + this.#windowOverlap), 0);
    }
  }

  *#prepare(): Generator<boolean, readonly Sought[]> {
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
    const lower = lowered(text);
    if (depth > 0) {
      // UTF-16 of plain letters is these letters with NULs between them.
      return [lower, lower.replaceAll('\0', '')].some((some) => isIn(this.#hidden, some, ASCII_WORD));
    }
    const shown = this.#shown ?? [];
    if (isIn(shown, spaced(lower))) return true;
    const plain = folded(lower);
    if (plain !== lower && isIn(shown, spaced(plain))) return true;
    return this.#numbers.length > 0 && isIn(this.#numbers, compacted(plain));
  }
}

/** Forms of values, and which of them are found only where no letter adjoins them. */
interface Sought {
  readonly forms: Literals;
  readonly alone: readonly boolean[];
}

/** Nobody's name is a part of a longer one; a number or an address is peculiar enough to be found there. */
const isPeculiar = (value: string): boolean => /[\d@]/.test(value);

/** One item for each piece of work. @throws Error when there are too many values */
function* seek(
  values: readonly string[],
  formsOf: (value: string) => readonly string[],
): Generator<boolean, Sought[]> {
  const forms = new Map<string, boolean>();
  let chars = 0;
  for (const [i, value] of values.entries()) {
    for (const form of formsOf(value)) {
      chars += form.length;
      // A form that two values have is peculiar if it is so for one of them.
      forms.set(form, !isPeculiar(value) && forms.get(form) !== false);
    }
    if (chars > FORM_CHARS_MAX) throw new Error('too many values to look for');
    if (i % VALUES_AT_ONCE === VALUES_AT_ONCE - 1) yield false;
  }
  const made: Sought[] = [];
  let some: [form: string, alone: boolean][] = [];
  let charsOfSome = 0;
  for (const row of forms) {
    some.push(row);
    charsOfSome += row[0].length;
    if (charsOfSome < FORM_CHARS_AT_ONCE) continue;
    made.push(sought(some));
    some = [];
    charsOfSome = 0;
    yield false;
  }
  return some.length === 0 ? made : [...made, sought(some)];
}

const sought = (rows: readonly (readonly [form: string, alone: boolean])[]): Sought => ({
  forms: new Literals(rows.map(([form]) => form)),
  alone: rows.map(([, alone]) => alone),
});

const WORD = /[\p{L}\p{N}\p{M}]/u;
/** Of decoded bytes, those above ASCII are no letters yet. */
const ASCII_WORD = /[a-z0-9]/;
/** Scripts that are written without spaces between words. */
const UNSPACED =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

function isIn(sought: readonly Sought[], text: string, letter = WORD): boolean {
  const joins = (left = '', right = ''): boolean =>
    letter.test(left) && letter.test(right) && !UNSPACED.test(left + right);
  return sought.some(({ forms, alone }) =>
    forms.isIn(text, ({ index, start, end }) => {
      if (alone[index] === false) return true;
      return !joins(text[start - 1], text[start]) && !joins(text[end - 1], text[end]);
    }),
  );
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
  const plain = spaced(folded(lowered(value)));
  const forms = [...readingsOf(value), escaped, JSON.stringify(escaped).slice(1, -1)];
  const shown = [...forms.map((form) => spaced(lowered(form))), plain];
  if (plain.includes(' ')) shown.push(plain.replaceAll(' ', '+'));
  if (value.length >= DECODED_BYTES_MIN && isPeculiar(value)) shown.push([...plain].reverse().join(''));
  // What is left of a value without what shows nothing can be too short to be its own.
  return shown.filter((form) => form.length >= Math.min(value.length, DECODED_BYTES_MIN));
}

/** The form of a value that is a long number, whatever separates its digits. */
function numberForm(value: string): string[] {
  const number = compacted(folded(lowered(value))).replace(/^[+(]+/, '');
  return number.length >= NUMBER_CHARS_MIN && /^[a-z0-9]*$/.test(number) && /\d{6}/.test(number)
    ? [number]
    : [];
}

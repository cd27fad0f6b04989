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
import {
  ASCII_WORD,
  hiddenForms,
  isPeculiar,
  isWholeName,
  LEVELS_MAX,
  nameForms,
  numberForm,
  shownForms,
  VALUE_CHARS_MAX,
} from './value-forms.ts';

/** UTF-16 code units of a text that are searched at once; the fewer, the more values there are. */
const WINDOW_CHARS_MAX = 65_536;
const WINDOW_CHARS_MIN = 8_192;
/** An escape of one character can be this long, such as `\\u0040` or `&#000064;`; twice escaped ones are shorter together. */
const ESCAPE_CHARS_MAX = 12;
/** Encodings within encodings, such as base64 of base64. */
const DEPTH_MAX = 2;
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
  #shown: Sought | undefined;
  #hidden: Sought = NOTHING;
  #numbers: Sought = NOTHING;

  /**
   * @param values none is empty. One without a digit or an `@`, a name, is looked for as whole words, in its own case or
   * in capitals.
   */
  constructor(values: readonly string[]) {
    this.#values = values.map((value) => value.slice(0, VALUE_CHARS_MAX));
    const longest = this.#values.reduce((most, { length }) => Math.max(most, length), 0);
    this.#windowOverlap = (longest + 1) * ESCAPE_CHARS_MAX;
  }

  /** Searches. One item for each piece of work, true as soon as a value is found; each takes milliseconds at most. */
  *lookIn(text: string): Generator<boolean> {
    if (this.#values.length === 0) return;
    this.#shown ??= yield* this.#prepare();
    const { peculiar, names } = this.#shown;
    const fair = Math.floor(WINDOW_CHARS_MAX / (peculiar.length + names.length));
    const step = Math.max(WINDOW_CHARS_MIN, fair, this.#windowOverlap);
    for (let start = 0; start === 0 || start + this.#windowOverlap < text.length; start += step) {
      yield* this.#window(text.slice(start, start + step + this.#windowOverlap), 0);
    }
  }

  *#prepare(): Generator<boolean, Sought> {
    const long = this.#values.filter((value) => Buffer.byteLength(value) >= DECODED_BYTES_MIN);
    this.#hidden = yield* seek(long, hiddenForms);
    this.#numbers = yield* seek(this.#values.filter(isPeculiar), numberForm);
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
    if (depth > 0) {
      // UTF-16 of plain letters is these letters with NULs between them.
      return [text, text.replaceAll('\0', '')].some((some) => isIn(this.#hidden, some, ASCII_WORD));
    }
    const shown = this.#shown ?? NOTHING;
    if (isIn(shown, spaced(text))) return true;
    const plain = folded(text);
    if (plain !== text && isIn(shown, spaced(plain))) return true;
    return this.#numbers.peculiar.length > 0 && isIn(this.#numbers, compacted(plain));
  }
}

/**
 * Forms of values. Those with a digit or an `@` are peculiar enough to be found inside of longer words, and in any case;
 * a name is no part of a longer one, and `Green Lake` no `green lake`.
 */
interface Sought {
  readonly peculiar: readonly Literals[];
  readonly names: readonly Literals[];
}
const NOTHING: Sought = { peculiar: [], names: [] };

/** One item for each piece of work. @throws Error when there are too many values */
function* seek(
  values: readonly string[],
  formsOf: (value: string) => readonly string[],
): Generator<boolean, Sought> {
  const peculiar = new Set<string>();
  const names = new Set<string>();
  let chars = 0;
  for (const [i, value] of values.entries()) {
    for (const form of formsOf(value)) {
      chars += form.length;
      if (isPeculiar(value)) peculiar.add(lowered(form));
      else for (const cased of nameForms(form)) names.add(cased);
    }
    if (chars > FORM_CHARS_MAX) throw new Error('too many values to look for');
    if (i % VALUES_AT_ONCE === VALUES_AT_ONCE - 1) yield false;
  }
  return { peculiar: yield* automata(peculiar), names: yield* automata(names) };
}

function* automata(forms: ReadonlySet<string>): Generator<boolean, Literals[]> {
  const made: Literals[] = [];
  let some: string[] = [];
  let chars = 0;
  for (const form of forms) {
    some.push(form);
    chars += form.length;
    if (chars < FORM_CHARS_AT_ONCE) continue;
    made.push(new Literals(some));
    some = [];
    chars = 0;
    yield false;
  }
  return some.length === 0 ? made : [...made, new Literals(some)];
}

function isIn({ peculiar, names }: Sought, text: string, letter?: RegExp): boolean {
  if (peculiar.length > 0) {
    const lower = lowered(text);
    if (peculiar.some((some) => some.isIn(lower))) return true;
  }
  return names.some((some) => some.isIn(text, ({ start, end }) => isWholeName(text, start, end, letter)));
}

/**
 * Placeholders as models write them. The identity alone tells which one it is: its nine characters in any case, and
 * between them, and between them and the kind, whatever Markdown, HTML, JSON, URLs and line ends make of `_`.
 */
import { ID_CHARS, ID_LETTERS } from '../../placeholder-form.ts';
import type { Vault } from './vault.ts';

/** What may stand for `_`, or where nothing stood: RFC 3986 escapes, JSON's, HTML's, RFC 2045's soft line end. */
const SEPARATOR =
  '\\\\u(?:005f|0020|00a0|002d)|[\\\\\\s_+\\-\\u00AD\\u200B-\\u200F\\u2010-\\u2015\\u2060\\uFEFF]|&(?:#0{0,4}95|#x0{0,4}5f|lowbar|UnderBar|nbsp|shy);|<wbr>|%(?:5f|20|2d)|=\\r?\\n';
const SEPARATORS_MAX = 16;
const SEPARATOR_CHARS_MAX = 10;
const NEXT = new RegExp(SEPARATOR, 'iy');
const LAST = new RegExp(`(?:${SEPARATOR})$`, 'i');
/** What the beginning of a separator looks like at the end of a text that grows. */
const BEGUN = /^(?:\\(?:u[0-9a-f]{0,3})?|&[#0-9a-z]{0,8}|<w?b?r?|%[0-9a-f]?|=\r?)$/i;
/** UTF-16 code units that one placeholder may take up, however it is written. No text is held back longer. */
export const WRITTEN_CHARS_MAX = 256;

export interface Written {
  readonly start: number;
  readonly end: number;
  /** In capitals, without what stood between its characters. */
  readonly id: string;
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isCapital = (code: number): boolean => code >= 65 && code <= 90;
const isSmall = (code: number): boolean => code >= 97 && code <= 122;
const isAlphanumeric = (code: number): boolean => isDigit(code) || isCapital(code) || isSmall(code);

function afterSeparators(text: string, start: number): number {
  let at = start;
  for (let i = 0; i < SEPARATORS_MAX && !isAlphanumeric(text.charCodeAt(at)); i++) {
    NEXT.lastIndex = at;
    if (!NEXT.test(text)) break;
    at = NEXT.lastIndex;
  }
  return at;
}

function beforeSeparators(text: string, end: number): number {
  let at = end;
  for (let i = 0; i < SEPARATORS_MAX; i++) {
    const separator = LAST.exec(text.slice(Math.max(0, at - SEPARATOR_CHARS_MAX), at));
    if (separator === null) break;
    at -= separator[0].length;
  }
  return at;
}

/** The identity that begins at a place, if one does: three digits, three letters, three digits. */
function idAt(text: string, start: number): Written | undefined {
  let at = start;
  let id = '';
  for (let i = 0; i < ID_CHARS; i++) {
    if (i > 0) at = afterSeparators(text, at);
    const code = text.charCodeAt(at);
    const isLetter = i >= 3 && i < 6;
    if (isLetter ? !(isCapital(code) || isSmall(code)) : !isDigit(code)) return undefined;
    const char = (text[at] ?? '').toUpperCase();
    if (isLetter && !ID_LETTERS.includes(char)) return undefined;
    id += char;
    at++;
  }
  return at - start > WRITTEN_CHARS_MAX ? undefined : { start, end: at, id };
}

/** Everything in a text that could be the identity of a placeholder, of whatever request. */
export function* writtenIds(text: string): Generator<Written> {
  for (let at = 0; at < text.length; at++) {
    if (!isDigit(text.charCodeAt(at))) continue;
    const written = idAt(text, at);
    if (written !== undefined) yield written;
  }
}

/**
 * A kind may begin where a word begins; in capitals it may also be right behind another word, as it is where a value
 * was found inside of one. (If it could begin anywhere, a stream would hold back the end of nearly every word.)
 */
function mayBegin(text: string, at: number, before: string): boolean {
  const previous = at > 0 ? text.charCodeAt(at - 1) : before.charCodeAt(0);
  const code = text.charCodeAt(at);
  return isDigit(code) || isCapital(code) || !isAlphanumeric(previous);
}

/** Where a kind begins whose last letter stands before `end`; -1 if it is not there. */
function headBefore(text: string, letters: string, end: number): number {
  let at = end;
  for (let i = letters.length - 1; i >= 0; i--) {
    at = beforeSeparators(text, at) - 1;
    if ((text[at] ?? '').toUpperCase() !== letters[i]) return -1;
  }
  return at;
}

export interface Placeholder extends Written {
  readonly value: string;
}

/**
 * The placeholders of a vault in a text, in order.
 * @param before the character before the text, empty if it is the beginning
 */
export function placeholdersIn(text: string, vault: Vault, before = ''): Placeholder[] {
  const found: Placeholder[] = [];
  let read = 0;
  for (const { start, end, id } of writtenIds(text)) {
    if (start < read || !vault.has(id)) continue;
    const head = headOf(text, { start, end, id }, vault, before);
    const begin = head !== undefined && head.start >= read ? head.start : start;
    const value = vault.value(id, head !== undefined && head.start >= read ? head.part : '');
    if (value === undefined) continue;
    found.push({ start: begin, end, id, value });
    read = end;
  }
  return found;
}

function headOf(
  text: string,
  { start, end, id }: Written,
  vault: Vault,
  before: string,
): { readonly start: number; readonly part: string } | undefined {
  const heads = vault.headsOf(id);
  let number = '';
  for (let from = start; number.length <= vault.spellingDigitsMax; ) {
    for (const { letters, stem } of heads) {
      const at = headBefore(text, letters, from);
      if (at < 0 || end - at > WRITTEN_CHARS_MAX || !mayBegin(text, at, before)) continue;
      return { start: at, part: [stem, number].filter((word) => word !== '').join('_') };
    }
    const digit = beforeSeparators(text, from) - 1;
    if (!isDigit(text.charCodeAt(digit))) break;
    number = text[digit] + number;
    from = digit;
  }
  return undefined;
}

/** Where the end of a text, from `from` on, could be the beginning of a placeholder of the vault; its length if nowhere. */
export function begunAt(text: string, from: number, vault: Vault, before = ''): number {
  let word = new Begun(text, vault, before);
  let separators = 0;
  for (let at = Math.max(from, text.length - WRITTEN_CHARS_MAX + 1); at < text.length; ) {
    if (isAlphanumeric(text.charCodeAt(at))) {
      word.add(at);
      at++;
      separators = 0;
      continue;
    }
    if (text.length - at < SEPARATOR_CHARS_MAX && BEGUN.test(text.slice(at))) {
      const begun = word.start();
      if (begun !== undefined) return begun;
    }
    NEXT.lastIndex = at;
    const isSeparator = separators < SEPARATORS_MAX && NEXT.test(text);
    separators = isSeparator ? separators + 1 : 0;
    at = isSeparator ? NEXT.lastIndex : at + 1;
    if (!isSeparator) word = new Begun(text, vault, before);
  }
  return word.start() ?? text.length;
}

/** Letters and digits with nothing but separators between them, and where each stands. */
class Begun {
  readonly #text: string;
  readonly #vault: Vault;
  readonly #before: string;
  readonly #places: number[] = [];
  #letters = '';

  constructor(text: string, vault: Vault, before: string) {
    this.#text = text;
    this.#vault = vault;
    this.#before = before;
  }

  add(at: number): void {
    this.#places.push(at);
    this.#letters += (this.#text[at] ?? '').toUpperCase();
  }

  /** The first place from which they could be a placeholder that has begun. */
  start(): number | undefined {
    const first = Math.max(0, this.#letters.length - this.#vault.lettersMax);
    for (let i = first; i < this.#places.length; i++) {
      const place = this.#places[i] ?? 0;
      if (mayBegin(this.#text, place, this.#before) && this.#vault.begins(this.#letters.slice(i)))
        return place;
    }
    return undefined;
  }
}

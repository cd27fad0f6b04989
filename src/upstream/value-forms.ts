/** How a value can show in a text that is searched for it: as it was found, or as a fault could have written it. */
import { Buffer } from 'node:buffer';
import { compacted, DECODED_BYTES_MIN, folded, lowered, spaced, unescaped } from './readings.ts';

/** Of a longer value, its beginning is looked for, in UTF-16 code units. */
export const VALUE_CHARS_MAX = 256;
/** Escapes within escapes that are undone. */
export const LEVELS_MAX = 5;
/** Digits and letters from which on a number is looked for whatever separators it is written with. */
const NUMBER_CHARS_MIN = 10;

/** Found inside of longer words, too, and in any case; any other value is a name. */
export const isPeculiar = (value: string): boolean => /[\d@]/.test(value);

/** A name is looked for in its own case or in capitals: `Green Lake` is no `green lake`. */
export const nameForms = (form: string): readonly string[] => [form, form.toUpperCase()];

const WORD = /[\p{L}\p{N}\p{M}]/u;
/** Of decoded bytes, those above ASCII are no letters yet. */
export const ASCII_WORD = /[A-Za-z0-9]/;
/** Scripts that are written without spaces between words. */
const UNSPACED =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

/** Whether what stands there is no part of a longer word. */
export function isWholeName(text: string, start: number, end: number, letter = WORD): boolean {
  const joins = (left = '', right = ''): boolean =>
    letter.test(left) && letter.test(right) && !UNSPACED.test(left + right);
  return !joins(text[start - 1], text[start]) && !joins(text[end - 1], text[end]);
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
export const hiddenForms = (value: string): string[] =>
  readingsOf(value).flatMap((form) => [form, Buffer.from(form).toString('latin1')]);

/** How a value shows in a text: as it is; as a string of a document, and of a document in it; in a form; backwards. */
export function shownForms(value: string): string[] {
  const escaped = JSON.stringify(value).slice(1, -1);
  const plain = spaced(folded(value));
  const forms = [...readingsOf(value), escaped, JSON.stringify(escaped).slice(1, -1)];
  const shown = [...forms.map(spaced), plain];
  if (plain.includes(' ')) shown.push(plain.replaceAll(' ', '+'));
  if (value.length >= DECODED_BYTES_MIN && isPeculiar(value)) shown.push([...plain].reverse().join(''));
  // What is left of a value without what shows nothing can be too short to be its own.
  const least = Math.min(spaced(value).length, DECODED_BYTES_MIN);
  return shown.filter((form) => form.length >= least);
}

/** The form of a value that is a long number, whatever separates its digits. */
export function numberForm(value: string): string[] {
  const number = lowered(compacted(folded(value))).replace(/^[+(]+/, '');
  return number.length >= NUMBER_CHARS_MIN && /^[a-z0-9]*$/.test(number) && /\d{6}/.test(number)
    ? [number]
    : [];
}

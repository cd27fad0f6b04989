/** Numbers with letters that look like digits, `4lll 11l1 …`. Part numbers look the same, so what is found needs proof. */
import type { Groups } from '../groups.ts';
import { areGroups, eachFrom, eachIn, type Part } from './around.ts';
import { charsOf, type PieceChar, piece } from './piece.ts';
import type { Tries } from './tries.ts';
import type { View } from './view.ts';

const DIGITS: Readonly<Record<string, string>> = {
  O: '0',
  o: '0',
  I: '1',
  l: '1',
  '|': '1',
  Z: '2',
  S: '5',
  s: '5',
  G: '6',
  b: '6',
  B: '8',
};

const LIKE = '[0-9OoIl|ZSsGbB]';
/** Perhaps a country before it, as an IBAN has. */
const NUMBER = new RegExp(
  `(?<![0-9A-Za-z])(?:[A-Z]{2}|\\+ ?|\\()?${LIKE}(?:[ .()/-]{0,2}${LIKE}){6,30}(?![0-9A-Za-z])`,
  'g',
);
/** What has fewer real digits is a word. */
const DIGITS_SHARE_MIN = 0.4;

/** Each group has a real digit in it, or the two letters that look most like one: `is 4482913` is no number. */
const isNumber = (written: string): boolean =>
  written
    .split(/[ .()/-]+/)
    .every(
      (group, i) =>
        /\d/.test(group) ||
        group === '' ||
        (i > 0 && /^[OoIl]+$/.test(group)) ||
        /^\+[0-9OoIl]+$/.test(group),
    );

/** Letters and digits of a national number: what of the letters is meant as a digit cannot be told from one alone. */
const CODE = /(?<![0-9A-Za-z])[0-9A-Zol]{2,16}(?:[ -][0-9A-Zol]{1,8}){0,5}(?![0-9A-Za-z])/y;
const CODE_CHARS_MIN = 8;
const CODE_CHARS_MAX = 20;
const CODE_DIGITS_MIN = 3;
/** Those that are hardly ever meant as letters beside digits. */
const SUREST = 'OoIl|';

const GROUP_CHARS_MAX = 16;
const CAPITALS_END = 0x5a;
const SMALL_L = 0x6c;
const SMALL_O = 0x6f;
/** Of a letter or digit: whether `CODE` has it. */
const isInCode = (code: number): boolean => code <= CAPITALS_END || code === SMALL_L || code === SMALL_O;
/** Whether a group can be a code's first, by its first and its last character. */
const mayBeCode = (text: string, from: number, to: number): boolean =>
  to - from > 1 &&
  to - from <= GROUP_CHARS_MAX &&
  isInCode(text.charCodeAt(from)) &&
  isInCode(text.charCodeAt(to - 1));

/** Whether a letter, or what looks like one, stands in a group of digits or beside one as such a number's would. */
function mayBeNumber({ text, starts, ends, digits, withDigits }: Groups): boolean {
  if (text.includes('|')) return true;
  for (const i of withDigits) {
    const count = digits[i] ?? 0;
    const end = ends[i] ?? 0;
    if (count < end - (starts[i] ?? 0) && LIKE_NUMBER.test(text.slice(starts[i], end))) return true;
    const next = starts[i + 1] ?? text.length;
    if (next - end <= GAP_CHARS_MAX && digits[i + 1] === 0 && LIKE_ALONE.test(text.slice(next, ends[i + 1])))
      return true;
  }
  return false;
}
const GAP_CHARS_MAX = 2;
const LIKE_ALONE = /^[OoIl]+$/;
/** A group of such a number: all of it, and perhaps its country. */
const LIKE_NUMBER = /^(?:[A-Z]{2})?[0-9OoIlZSsGbB]+$/;

/** @param parts those around digits @param begins the groups before a few of them */
export function leetNumbers(
  source: View,
  parts: readonly Part[],
  begins: readonly number[],
  tries: Tries,
): View[] {
  const pieces: View[] = [];
  const add = (chars: readonly PieceChar[], like: (char: string, i: number) => boolean): void => {
    const read = chars.map((one, i) =>
      like(one.char, i) ? { ...one, char: DIGITS[one.char] ?? one.char } : one,
    );
    pieces.push(piece(source, 'spelled', read, 'number'));
  };
  const numbers = mayBeNumber(source.groups) ? parts : [];
  eachIn(numbers, NUMBER, (written, start) => {
    const digits = written.replace(/\D/g, '').length;
    const size = written.replace(/[ .()/-]/g, '').length;
    if (!LIKE_DIGIT.test(written) || digits < size * DIGITS_SHARE_MIN) return;
    if (!isNumber(written) || !tries.take(start, start + written.length)) return;
    const chars = charsOf(written, start).filter(({ char }) => !/[ .()/-]/.test(char));
    const hasCountry = /^[A-Z]{2}\d/.test(written);
    add(chars, (_, i) => !hasCountry || i >= 2);
  });
  eachFrom(parts, CODE, begins, mayBeCode, (written, start) => {
    if (!LIKE_DIGIT.test(written) || (written.match(/\d/g)?.length ?? 0) < CODE_DIGITS_MIN) return;
    const size = written.replace(/[ -]/g, '').length;
    if (size < CODE_CHARS_MIN || size > CODE_CHARS_MAX || /^[0-9a-f-]+$/.test(written)) return;
    if (!areGroups(written) || !tries.take(start, start + written.length)) return;
    const chars = charsOf(written, start).filter(({ char }) => !/[ -]/.test(char));
    add(chars, (char) => SUREST.includes(char));
    if (/[SsGbBZ]/.test(written)) add(chars, () => true);
  });
  return pieces;
}

const LIKE_DIGIT = /[OoIl|SsGbBZ]/;

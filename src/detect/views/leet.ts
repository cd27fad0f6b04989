/** Numbers with letters that look like digits, `4lll 11l1 …`. Part numbers look the same, so what is found needs proof. */
import { eachIn, type Part } from './around.ts';
import { charsOf, piece } from './piece.ts';
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
const NUMBER = new RegExp(`(?<![0-9A-Za-z])(?:[A-Z]{2})?${LIKE}(?:[ .-]?${LIKE}){6,30}(?![0-9A-Za-z])`, 'g');
/** What has fewer real digits is a word. */
const DIGITS_SHARE_MIN = 0.4;

/** Each group has a real digit in it, or the two letters that look most like one: `is 4482913` is no number. */
const isNumber = (written: string): boolean =>
  written.split(/[ .-]/).every((group, i) => /\d/.test(group) || (i > 0 && /^[OoIl]+$/.test(group)));

/** @param parts those around digits */
export function leetNumbers(
  source: View,
  parts: readonly Part[],
  isFound: (start: number, end: number) => boolean,
): View[] {
  const pieces: View[] = [];
  eachIn(parts, NUMBER, (written, start) => {
    const digits = written.replace(/\D/g, '').length;
    const chars = charsOf(written, start).filter(({ char }) => !/[ .-]/.test(char));
    if (digits === chars.length || digits < chars.length * DIGITS_SHARE_MIN) return;
    if (!isNumber(written) || isFound(start, start + written.length)) return;
    const hasCountry = /^[A-Z]{2}\d/.test(written);
    const read = chars.map(({ char, ...place }, i) => ({
      ...place,
      char: hasCountry && i < 2 ? char : (DIGITS[char] ?? char),
    }));
    pieces.push(piece(source, 'spelled', read, true));
  });
  return pieces;
}

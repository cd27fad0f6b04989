/** Joined pieces with letters: text written one character at a time, `j a n e @ …`, and numbers of letters and digits. */

import { type Groups, isAlphanumeric } from '../groups.ts';
import { areGroups, eachFrom, eachIn, GROUPS_AHEAD, type Part } from './around.ts';
import { charsOf, type PieceChar, piece } from './piece.ts';
import type { Tries } from './tries.ts';
import type { View } from './view.ts';

/** What stands between: anything but a letter, a digit, a space or a mask. */
const SIGN = '[^0-9A-Za-z\\s\\u00c0-\\u1fff\\u2c00-\\ud7ff\\uf900-\\ufdff]';
/** One letter or digit at a time, whatever parts them. */
const SINGLES = new RegExp(
  `(?<![0-9A-Za-z])[0-9A-Za-z](?:(?:[ \\t]{1,5}|[ \\t]{0,2}${SIGN}{1,4}[ \\t]{0,2}|\\r?\\n)[0-9A-Za-z]){5,96}(?![0-9A-Za-z])`,
  'y',
);
/** Addresses and the like, one character at a time: their signs stand apart as well. */
const SPACED_SIGNS = [
  /(?<![^\s"'([{<:])[^\s\uFDD0](?:[ \t]{1,5}[^\s\uFDD0]){6,96}(?![^\s,;:!?)\]}>"'])/g,
  /(?<![0-9A-Za-z])[0-9A-Za-z]([-_*,/|~•·:.]{1,2})[0-9A-Za-z@.+_-](?:\1[0-9A-Za-z@.+_-]){5,96}(?![0-9A-Za-z])/g,
];

/** Letters and digits in groups, all parted in one way: national numbers are written so in ways of their own. */
const GROUPED = new RegExp(
  `(?<![0-9A-Za-z])[0-9A-Za-z]{1,12}( ?(?![:=]|\\. )${SIGN}{1,4} ?)[0-9A-Za-z]{1,12}(?:\\1[0-9A-Za-z]{1,12}){0,400}(?![0-9A-Za-z])`,
  'y',
);
/** The same parted by spaces: only in capitals, or any two words and a number would do. */
const GROUPED_BY_SPACES =
  /(?<![0-9A-Za-z])(?:[0-9A-Z]{1,12}(?: {1,2}|\r?\n)){1,400}[0-9A-Z]{1,12}(?![0-9A-Za-z])/y;
/** Signs that part other things than numbers as well: dates, versions, sentences. */
const USUAL = ' -.,;';
const DIGITS_MIN = 3;
/** Words in capitals before a number can look like its first group. */
const FIRST_WORDS_MAX = 2;
/** A longer run is a list, or code. */
const CHARS_MAX = 40;
const GROUPS_MAX = GROUPS_AHEAD;

const GROUP_CHARS_MAX = 12;
const SPACE = 0x20;
const CAPITALS_END = 0x5a;

/** Whether a group that is not too long has a sign behind it, or one behind a space. */
function isBeforeSign(text: string, from: number, to: number): boolean {
  if (to - from > GROUP_CHARS_MAX) return false;
  const code = text.charCodeAt(to);
  const sign = code === SPACE ? text.charCodeAt(to + 1) : code;
  return sign > SPACE && !isAlphanumeric(sign);
}

/** Whether a group begins and ends with a capital or a digit, and a space or a line's end is behind it. */
const isInCapitals = (text: string, from: number, to: number): boolean =>
  to - from <= GROUP_CHARS_MAX &&
  text.charCodeAt(from) <= CAPITALS_END &&
  text.charCodeAt(to - 1) <= CAPITALS_END &&
  text.charCodeAt(to) <= SPACE;

const isSingle = (_text: string, from: number, to: number): boolean => to - from === 1;

/** Letters and digits among the fewest characters that stand one by one; the others are an address's signs. */
const SPACED_LETTERS_MIN = 4;

/** Whether so many letters and digits in a row stand alone. */
function hasSingles({ starts, ends }: Groups): boolean {
  let singles = 0;
  for (let i = 0; i < starts.length; i++) {
    singles = (ends[i] ?? 0) - (starts[i] ?? 0) === 1 ? singles + 1 : 0;
    if (singles === SPACED_LETTERS_MIN) return true;
  }
  return false;
}

/**
 * @param parts those around digits and `@`: no value of letters alone is written so
 * @param begins the groups before a few digits
 */
export function joinedLetters(
  source: View,
  parts: readonly Part[],
  begins: readonly number[],
  tries: Tries,
): View[] {
  const pieces: View[] = [];
  const add = (chars: readonly PieceChar[], isGuess: boolean): void => {
    pieces.push(piece(source, 'joined', chars, isGuess ? 'number' : undefined));
  };
  const isSpaced = !source.groups.isPlain || hasSingles(source.groups);
  const singles = isSpaced ? [...source.groups.starts.keys()] : [];
  eachFrom(parts, SINGLES, singles, isSingle, (found, start) => {
    if (!/[A-Za-z]/.test(found) || !/\d/.test(found) || !tries.take(start, start + found.length)) return;
    const chars = charsOf(found, start).filter(({ char }) => /[0-9A-Za-z]/.test(char));
    add(chars, false);
    // `C.F.: R S S …`: the first of them is a word's if another sign parts it.
    const [, first, second] = /^.([^0-9A-Za-z]+).([^0-9A-Za-z]+)/s.exec(found) ?? [];
    if (first !== second) add(chars.slice(1), false);
  });
  for (const pattern of SPACED_SIGNS) {
    eachIn(isSpaced ? parts : [], pattern, (found, start, sign = ' ') => {
      if (!/[@.:+]/.test(found) || !/[0-9A-Za-z]/.test(found) || !tries.take(start, start + found.length))
        return;
      const chars = charsOf(found, start);
      // A sign can be a character as well, so where they stand tells them apart.
      add(
        sign === ' '
          ? chars.filter(({ char }) => !/\s/.test(char))
          : chars.filter((_, i) => i % (sign.length + 1) === 0),
        false,
      );
    });
  }
  for (const [pattern, mayBegin] of [
    [GROUPED, isBeforeSign],
    [GROUPED_BY_SPACES, isInCapitals],
  ] as const) {
    eachFrom(parts, pattern, begins, mayBegin, (found, start, sign = ' ') => {
      if (!/[A-Za-z]/.test(found) || (found.match(/\d/g)?.length ?? 0) < DIGITS_MIN) return;
      if (found.split(/[^0-9A-Za-z]+/, GROUPS_MAX + 1).length > GROUPS_MAX) return;
      // `20250311 I`: one letter beside one number is a word, or nothing.
      if (/^[A-Za-z]\s+\S+$|^\S+\s+[A-Za-z]$/.test(found)) return;
      if (!areGroups(found) || !tries.take(start, start + found.length)) return;
      let chars = charsOf(found, start).filter(({ char }) => /[0-9A-Za-z]/.test(char));
      if (chars.length <= CHARS_MAX) add(chars, USUAL.includes(sign.trim().charAt(0)));
      let words = 0;
      for (const { 0: word } of found.matchAll(/[0-9A-Za-z]+/g)) {
        if (words++ === FIRST_WORDS_MAX || /\d/.test(word)) break;
        chars = chars.slice(word.length);
        if (chars.length <= CHARS_MAX) add(chars, USUAL.includes(sign.trim().charAt(0)));
      }
    });
  }
  return pieces;
}

/** The parts of a text that are worth a costly look: those around what every value of some form has. */

import type { Groups } from '../groups.ts';

/** A part of a text. */
export interface Part {
  readonly text: string;
  readonly start: number;
  /** The groups of the whole text. */
  readonly groups: Groups;
  /** Which of them is the first that reaches into the part. */
  readonly first: number;
}

/** UTF-16 code units on both sides, and as many again at most to the end of a word. */
const AROUND_CHARS = 96;

/** The parts around every group with a digit and every `@`, those that touch as one. They begin and end between words. */
export function partsAround(groups: Groups): Part[] {
  const { text, starts, ends, withDigits } = groups;
  const parts: Part[] = [];
  let start = -1;
  let end = -1;
  const add = (): void => {
    if (start !== -1) parts.push(partOf(groups, start, end, parts.at(-1)?.first ?? 0));
  };
  const reach = (from: number, to: number): void => {
    if (start === -1 || from > end + AROUND_CHARS) {
      add();
      start = Math.max(end, from - AROUND_CHARS, 0);
    }
    end = to + AROUND_CHARS;
  };
  let at = text.indexOf('@');
  for (const i of withDigits) {
    for (; at !== -1 && at < (starts[i] ?? 0); at = text.indexOf('@', at + 1)) reach(at, at + 1);
    reach(starts[i] ?? 0, ends[i] ?? 0);
  }
  for (; at !== -1; at = text.indexOf('@', at + 1)) reach(at, at + 1);
  add();
  return parts;
}

/** Groups that are looked at for digits, from where a match could begin. */
export const GROUPS_AHEAD = 12;

function partOf(groups: Groups, from: number, to: number, after: number): Part {
  const { text } = groups;
  let start = Math.max(0, from);
  let end = Math.min(text.length, to);
  const first = Math.max(0, start - AROUND_CHARS);
  while (start > first && !isSpace(text, start - 1)) start--;
  const last = Math.min(text.length, end + AROUND_CHARS);
  while (end < last && !isSpace(text, end)) end++;
  let group = after;
  while ((groups.ends[group] ?? text.length) <= start && group < groups.ends.length) group++;
  return { text: text.slice(start, end), start, groups, first: group };
}

const isSpace = (text: string, place: number): boolean => text.charCodeAt(place) <= 0x20;

/** Every match of a pattern (flag `g`) in the parts, and where it is in the text. `sign`: what the first group matched. */
export function eachIn(
  parts: readonly Part[],
  pattern: RegExp,
  visit: (found: string, start: number, sign?: string) => void,
): void {
  for (const { text, start } of parts) {
    pattern.lastIndex = 0;
    for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
      visit(found[0], start + found.index, found[1]);
    }
  }
}

/**
 * Every match of a pattern (flag `y`) that begins where one of some groups does, by their place among all. Tried at every
 * place, such a pattern costs more than all else.
 * @param mayBegin whether a match can begin with the group from `start` to `end`: by a look at it and what stands behind
 */
export function eachFrom(
  parts: readonly Part[],
  pattern: RegExp,
  begins: readonly number[],
  mayBegin: (text: string, start: number, end: number) => boolean,
  visit: (found: string, start: number, sign?: string) => void,
): void {
  let at = 0;
  for (const { text, start, groups, first } of parts) {
    const { starts, ends } = groups;
    const partEnd = start + text.length;
    let read = start;
    for (; at < begins.length; at++) {
      const group = begins[at] ?? 0;
      if (group < first) continue;
      const from = Math.max(starts[group] ?? 0, start);
      if (from >= partEnd) break;
      if (from < read || !mayBegin(groups.text, from, Math.min(ends[group] ?? 0, partEnd))) continue;
      pattern.lastIndex = from - start;
      const found = pattern.exec(text);
      if (found === null) continue;
      visit(found[0], from, found[1]);
      read = start + pattern.lastIndex;
    }
  }
}

/** Groups from which a few digits follow: what is put together from groups of letters and digits has as many. */
export function beforeDigits(groups: Groups): number[] {
  const { digits, withDigits } = groups;
  const begins: number[] = [];
  let next = 0;
  for (let at = 0; at < withDigits.length; at++) {
    const group = withDigits[at] ?? 0;
    for (let begin = Math.max(next, group - GROUPS_AHEAD + 1); begin <= group; begin++) {
      if (!mayBeGroup(groups, begin) || isTiedToWord(groups, begin)) continue;
      let sum = 0;
      for (let i = at; i < withDigits.length && sum < DIGITS_AHEAD_MIN; i++) {
        const other = withDigits[i] ?? 0;
        if (other >= begin + GROUPS_AHEAD) break;
        sum += digits[other] ?? 0;
      }
      if (sum >= DIGITS_AHEAD_MIN) begins.push(begin);
    }
    next = group + 1;
  }
  return begins;
}
const DIGITS_AHEAD_MIN = 3;

/** Letters alone that can be a group of a number: two, or a few in capitals. A word is none. */
const LETTERS_GROUP = /^(?:[A-Za-z]{1,2}|[A-Z]{3,6})$/;

/** Whether letters alone, of those at `index`, could be one of a number's groups; by a look at their ends. */
function mayBeGroup({ text, starts, ends, digits }: Groups, index: number): boolean {
  const start = starts[index] ?? 0;
  const end = ends[index] ?? 0;
  if (end - start <= 2 || digits[index] !== 0) return true;
  return (
    end - start <= 6 && text.charCodeAt(start) <= CAPITALS_END && text.charCodeAt(end - 1) <= CAPITALS_END
  );
}
const CAPITALS_END = 0x5a;

/** Whether a sign ties a group to a word before it: `no` in `passport_no` is of the word, not of the number. */
const isTiedToWord = (groups: Groups, index: number): boolean =>
  index > 0 &&
  !mayBeGroup(groups, index - 1) &&
  !SPACED.test(groups.text.slice(groups.ends[index - 1], groups.starts[index]));
const SPACED = /\s/;

/** Whether each of the groups of letters and digits could be one of a number's. */
export const areGroups = (written: string): boolean =>
  written.split(/[^0-9A-Za-z]+/).every((group) => /\d/.test(group) || LETTERS_GROUP.test(group));

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
  const { text, starts, ends, digits } = groups;
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
  for (let i = 0; i < starts.length; i++) {
    if (digits[i] === 0) continue;
    for (; at !== -1 && at < (starts[i] ?? 0); at = text.indexOf('@', at + 1)) reach(at, at + 1);
    reach(starts[i] ?? 0, ends[i] ?? 0);
  }
  for (; at !== -1; at = text.indexOf('@', at + 1)) reach(at, at + 1);
  add();
  return parts;
}

/** Whether there are so many digits in the groups from the `index`th on, up to `count` of them. */
export function hasDigitsAhead({ digits }: Groups, index: number, count: number, digitsMin: number): boolean {
  let sum = 0;
  for (let i = index; i < index + count && i < digits.length; i++) {
    sum += digits[i] ?? 0;
    if (sum >= digitsMin) return true;
  }
  return false;
}

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
 * Every match of a pattern (flag `y`) that begins where a group of letters and digits does. Tried at every place, such a
 * pattern costs more than all else.
 * @param mayBegin whether a match can begin with the group from `start` to `end`, the `index`th of the whole text: by a look
 * at it and what stands behind
 */
export function eachFrom(
  parts: readonly Part[],
  pattern: RegExp,
  mayBegin: (groups: Groups, start: number, end: number, index: number) => boolean,
  visit: (found: string, start: number, sign?: string) => void,
): void {
  for (const { text, start, groups, first } of parts) {
    const { starts, ends } = groups;
    const partEnd = start + text.length;
    for (let i = first; i < starts.length; i++) {
      const from = Math.max(starts[i] ?? 0, start);
      if (from >= partEnd) break;
      if (!mayBegin(groups, from, Math.min(ends[i] ?? 0, partEnd), i)) continue;
      pattern.lastIndex = from - start;
      const found = pattern.exec(text);
      if (found === null) continue;
      visit(found[0], from, found[1]);
      while ((starts[i + 1] ?? partEnd) < start + pattern.lastIndex) i++;
    }
  }
}

/** Letters alone that can be a group of a number: two, or a few in capitals. A word is none. */
const LETTERS_GROUP = /^(?:[A-Za-z]{1,2}|[A-Z]{3,6})$/;

/** Whether each of the groups of letters and digits could be one of a number's. */
export const areGroups = (written: string): boolean =>
  written.split(/[^0-9A-Za-z]+/).every((group) => /\d/.test(group) || LETTERS_GROUP.test(group));

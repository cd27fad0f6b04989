/** The parts of a text that are worth a costly look: those around what every value of some form has. */

import { type Groups, groupsOf } from '../groups.ts';

/** A part of a text. */
export interface Part {
  readonly text: string;
  readonly start: number;
  readonly groups: Groups;
}

/** UTF-16 code units on both sides, and as many again at most to the end of a word. */
const AROUND_CHARS = 96;

/** The parts around every match of a pattern (flag `g`), those that touch as one. They begin and end between words. */
export function partsAround(pattern: RegExp, text: string): Part[] {
  const parts: Part[] = [];
  let start = -1;
  let end = -1;
  pattern.lastIndex = 0;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    if (found.index <= end + AROUND_CHARS && start !== -1) {
      end = pattern.lastIndex + AROUND_CHARS;
      continue;
    }
    if (start !== -1) parts.push(partOf(text, start, end));
    start = Math.max(end, found.index - AROUND_CHARS, 0);
    end = pattern.lastIndex + AROUND_CHARS;
  }
  if (start !== -1) parts.push(partOf(text, start, end));
  return parts;
}

function partOf(text: string, from: number, to: number): Part {
  let start = Math.max(0, from);
  let end = Math.min(text.length, to);
  const first = Math.max(0, start - AROUND_CHARS);
  while (start > first && !isSpace(text, start - 1)) start--;
  const last = Math.min(text.length, end + AROUND_CHARS);
  while (end < last && !isSpace(text, end)) end++;
  const part = text.slice(start, end);
  return { text: part, start, groups: groupsOf(part) };
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
 * @param mayBegin whether a match can begin with the group from `start` to `end`, by a look at it and what stands behind
 */
export function eachFrom(
  parts: readonly Part[],
  pattern: RegExp,
  mayBegin: (text: string, start: number, end: number) => boolean,
  visit: (found: string, start: number, sign?: string) => void,
): void {
  for (const { text, start, groups } of parts) {
    for (let i = 0; i < groups.starts.length; i++) {
      const [from = 0, to = 0] = [groups.starts[i], groups.ends[i]];
      if (!mayBegin(text, from, to)) continue;
      pattern.lastIndex = from;
      const found = pattern.exec(text);
      if (found === null) continue;
      visit(found[0], start + from, found[1]);
      while ((groups.starts[i + 1] ?? text.length) < pattern.lastIndex) i++;
    }
  }
}

/** Letters alone that can be a group of a number: two, or a few in capitals. A word is none. */
const LETTERS_GROUP = /^(?:[A-Za-z]{1,2}|[A-Z]{3,6})$/;

/** Whether each of the groups of letters and digits could be one of a number's. */
export const areGroups = (written: string): boolean =>
  written.split(/[^0-9A-Za-z]+/).every((group) => /\d/.test(group) || LETTERS_GROUP.test(group));

/** Joined pieces: values that a line's end goes through. Where a line ends between two values, it looks the same. */
import { charsOf, piece } from './piece.ts';
import type { Tries } from './tries.ts';
import type { View } from './view.ts';

/** What stands right before and right behind a line's end. */
const BROKEN = /([^\s\uFDD0]{2,128})\r?\n([^\s\uFDD0]{2,128})/g;
/** Lines of one text that are tried. Logs have thousands, and break no values. */
const LINES_MAX = 64;

export function joinedLines(source: View, tries: Tries): View[] {
  const { text } = source;
  if (!text.includes('\n')) return [];
  const pieces: View[] = [];
  let lines = 0;
  BROKEN.lastIndex = 0;
  for (let found = BROKEN.exec(text); found !== null && lines < LINES_MAX; found = BROKEN.exec(text)) {
    const [all, before = '', behind = ''] = found;
    const end = found.index + all.length;
    // A word of one line can be the first half of the next.
    BROKEN.lastIndex = end - behind.length;
    lines++;
    if (!mayGoOn(before, behind)) continue;
    if (tries.knows(found.index, found.index + before.length) || tries.knows(end - behind.length, end))
      continue;
    if (!tries.take(found.index, end)) continue;
    const chars = [...charsOf(before, found.index), ...charsOf(behind, end - behind.length)];
    pieces.push(piece(source, 'joined', chars, 'number'));
  }
  return pieces;
}

/** Whether two halves could be of one value: there are digits in both, or the signs of an address. */
const mayGoOn = (before: string, behind: string): boolean =>
  /[0-9A-Za-z@.:/_-]$/.test(before) &&
  /^[0-9A-Za-z@.:/_-]/.test(behind) &&
  ((/\d/.test(before) && /\d/.test(behind)) || before.includes('@') || behind.includes('@'));

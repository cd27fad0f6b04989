/** A part of a text that is put together anew, with a little of what stands around it: words that say what it is. */
import type { ViewName } from '../../shapes.ts';
import { MASK } from '../mask.ts';
import { View } from './view.ts';

/** UTF-16 code units of the text before and behind a piece that go with it. */
const BEFORE_CHARS = 48;
const BEHIND_CHARS = 32;

/** A stretch of the source that is a character of the piece. */
export interface PieceChar {
  readonly char: string;
  readonly start: number;
  readonly end: number;
}

/** @param guess whether a list of other things could be parted in the same way */
export function piece(
  source: View,
  name: ViewName,
  chars: readonly PieceChar[],
  guess?: View['guess'],
): View {
  const { text } = source;
  const start = chars[0]?.start ?? 0;
  const end = chars.at(-1)?.end ?? 0;
  const before = around(text.slice(Math.max(0, start - BEFORE_CHARS), start));
  const behind = around(text.slice(end, end + BEHIND_CHARS));
  const offset = start - before.length;
  const shift = before.length + chars.length;
  const startOf = (place: number): number =>
    place < before.length
      ? offset + place
      : place < shift
        ? (chars[place - before.length]?.start ?? 0)
        : end + place - shift;
  const endOf = (last: number): number =>
    last >= before.length && last < shift ? (chars[last - before.length]?.end ?? 0) : startOf(last) + 1;
  return new View(
    name,
    before + chars.map(({ char }) => char).join('') + behind,
    (first, last) => source.raw(startOf(first), endOf(last - 1)),
    guess,
  );
}

/** Other numbers around it are not looked for here. */
const around = (text: string): string => text.replace(/\d{4,}/g, (digits) => MASK.repeat(digits.length));

/** The characters of a text from `start` on, each one itself. */
export const charsOf = (text: string, start: number): PieceChar[] =>
  Array.from({ length: text.length }, (_, i) => ({
    char: text[i] ?? '',
    start: start + i,
    end: start + i + 1,
  }));

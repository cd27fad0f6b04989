/**
 * A long text is searched in windows, so that other requests have their turn between. What is found is what a search at
 * once finds: no window ends inside of a value or of a list of values, each value is looked at with as much around it as
 * can say what it is, and the heads of tables are seen from everywhere.
 */
import type { InPieces } from '../../turns.ts';
import type { View } from './view.ts';

/** UTF-16 code units that are searched at once, if there is a place to end at. */
export const WINDOW_CHARS = 8_192;
/** And at most, where there is none: longer lists have more values than one request may. Only a document has a longer one. */
const WINDOW_CHARS_MAX = 131_072;
/** What stands before a value and may say what it is, or be part of it. */
const BEFORE_CHARS = 512;
/** What is seen behind a value: longer than any that has spaces, but for a document, which is found to a window's end. */
const BEHIND_CHARS = 512;
/** Longer than any value without spaces (a JSON Web Token), where there are none to end at. */
const WORD_CHARS_MAX = 20_480;
/** Values so near to each other may be a list, in which what is said of the first goes for the others, names between them. */
const LIST_GAP_CHARS = 64;

/** A place in the raw text, UTF-16 code units. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Searches a view, a window at a time if it is long.
 * @param search what is in a view or a part of one, by its place in the raw text
 */
export function* inWindows<T extends Span>(
  view: View,
  search: (window: View) => InPieces<readonly T[]>,
): InPieces<readonly T[]> {
  const { length } = view.text;
  if (length <= WINDOW_CHARS) return yield* search(view);
  const all: T[] = [];
  let read = 0;
  for (let chars = WINDOW_CHARS; read < length; ) {
    const end = Math.min(length, read + chars);
    const from = rawStart(view, read);
    const there = yield* search(view.slice(Math.max(0, read - BEFORE_CHARS), end));
    const found = there.filter(({ start }) => start >= from);
    yield;
    const parted = end === length ? end : cutAtSpace(view, read, end, found);
    const next = parted ?? (chars < WINDOW_CHARS_MAX ? undefined : cutAnywhere(view, read, end, found));
    if (next === undefined) {
      chars *= 2;
      continue;
    }
    // Where a list is too long for a window, it is likely to go on.
    if (parted !== undefined) chars = WINDOW_CHARS;
    const to = next === length ? Number.POSITIVE_INFINITY : view.raw(next - 1, next)[1];
    for (const one of found) if (one.start < to) all.push(one);
    read = next;
  }
  return all;
}

const rawStart = (view: View, place: number): number => view.raw(place, place + 1)[0];

/**
 * Where the window from `read` to `end` can be parted from the next: behind a space, and far enough from its end that
 * what begins before is seen whole; not in a value, nor in a list of some. Undefined if that is nowhere in its second half.
 */
function cutAtSpace(view: View, read: number, end: number, found: readonly Span[]): number | undefined {
  const least = read + ((end - read) >> 1);
  let place = end - BEHIND_CHARS;
  while (place > least && !isParted(view, place)) place--;
  const cut = beforeValue(view, [read, place], found, LIST_GAP_CHARS);
  return cut > least ? cut : undefined;
}

/** The same where there is no such place: only not in a value. Undefined if one fills the window. */
function cutAnywhere(view: View, read: number, end: number, found: readonly Span[]): number | undefined {
  const cut = beforeValue(view, [read, end - WORD_CHARS_MAX], found, 0);
  return cut > read ? cut : undefined;
}

/** A place, or where the value begins that it is in or near behind. */
function beforeValue(
  view: View,
  [read, place]: readonly [number, number],
  found: readonly Span[],
  gap: number,
): number {
  const wanted = rawStart(view, place);
  let raw = wanted;
  for (const { start, end } of [...found].sort((a, b) => b.start - a.start)) {
    if (start < raw && end + gap > raw) raw = start;
  }
  return raw === wanted ? place : placeOf(view, raw, read, place);
}

/** Whether a space ends before a place, and nothing that is written as one encodes what is on both sides. */
const isParted = (view: View, place: number): boolean =>
  view.text.charCodeAt(place - 1) <= 0x20 && view.raw(place - 1, place)[1] <= rawStart(view, place);

/** The first character of a view, between two places, that comes from `raw` or behind. */
function placeOf(view: View, raw: number, from: number, to: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rawStart(view, middle) < raw) low = middle + 1;
    else high = middle;
  }
  return low;
}

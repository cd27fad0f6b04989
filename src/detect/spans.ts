/** Spans in one text: overlaps made one, and the text with its spans masked. */
import { MASK, type Match } from './subject.ts';

/**
 * Makes overlapping matches one: it covers all of them, so that no part of any stays, and takes the kind of the longest,
 * then of the surest. Sorted by start.
 */
export function merged<T extends Match>(matches: readonly T[]): T[] {
  const result: T[] = [];
  let best: T | undefined;
  for (const match of [...matches].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1);
    if (last === undefined || best === undefined || match.start >= last.end) {
      result.push(match);
      best = match;
      continue;
    }
    if (isBetter(match, best)) best = match;
    result[result.length - 1] = { ...best, start: last.start, end: Math.max(last.end, match.end) };
  }
  return result;
}

function isBetter(a: Match, b: Match): boolean {
  const longer = a.end - a.start - (b.end - b.start);
  return longer > 0 || (longer === 0 && a.score > b.score);
}

export interface Masked {
  readonly text: string;
  /** The place in the unmasked text of a span that covers no mask. */
  readonly raw: (start: number, end: number) => readonly [start: number, end: number];
}

/** The text with each span (sorted, apart from one another) replaced by one mask, as a placeholder will replace it. */
export function masked(
  text: string,
  spans: readonly { readonly start: number; readonly end: number }[],
): Masked {
  let result = '';
  let read = 0;
  // Where each mask stands in the masked text, and how much shorter the text has become by its end.
  const masks: { at: number; shift: number }[] = [];
  for (const { start, end } of spans) {
    result += text.slice(read, start) + MASK;
    read = end;
    masks.push({ at: result.length - 1, shift: end - result.length });
  }
  result += text.slice(read);
  const shiftAt = (place: number): number => {
    let low = 0;
    let high = masks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((masks[middle]?.at ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    return masks[low - 1]?.shift ?? 0;
  };
  // The end is read from its last character: a mask right behind a span must not move the span's end.
  return {
    text: result,
    raw: (start, end) => [start + shiftAt(start), end + shiftAt(end - 1)],
  };
}

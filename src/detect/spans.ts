/** Spans in one text: overlaps made one, and the text with its spans masked. */
import { type EntityKind, isNamed } from '../personal-kinds.ts';
import { MASK } from './mask.ts';
import type { Match } from './subject.ts';

/** UTF-16 code units, end exclusive. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Makes overlapping matches one, that covers all of them, so that no part of any stays; it takes the kind of the longest,
 * then of the surest. But a name is cut around a value that its own shape tells: the value keeps its kind, and so what
 * takes its place. Sorted by start.
 */
export function merged<T extends Match>(matches: readonly T[]): T[] {
  const cutters = matches.filter(({ kind }) => cutsNames(kind));
  if (cutters.length === 0 || cutters.length === matches.length) return asGroups(matches);
  const values = asGroups(cutters);
  const rests: T[] = [];
  for (const match of matches) if (!cutsNames(match.kind)) rests.push(...cutAround(match, values));
  return [...values, ...asGroups(rests)].sort((a, b) => a.start - b.start);
}

/** Postcodes are a part of the address around them, and no value of its own. */
const PARTS: ReadonlySet<EntityKind> = new Set(['UK_POSTCODE', 'DE_PLZ']);
const cutsNames = (kind: EntityKind): boolean => !isNamed(kind) && !PARTS.has(kind);

/** What is left of a match around `values` (sorted, apart from one another). Where nothing is, the first covers its kind. */
function cutAround<T extends Match>(match: T, values: T[]): T[] {
  const rests: T[] = [];
  const first = firstBehind(values, match.start);
  let { start } = match;
  for (let i = first; i < values.length; i++) {
    const value = values[i];
    if (value === undefined || value.start >= match.end) break;
    if (value.start > start) rests.push({ ...match, start, end: value.start });
    start = value.end;
  }
  if (start < match.end) rests.push({ ...match, start });
  const value = values[first];
  // Two kinds for the whole of a value are two opinions, and the better one stands.
  const isPart = value !== undefined && (value.start < match.start || value.end > match.end);
  if (rests.length === 0 && isPart) values[first] = covering(value, match);
  return rests;
}

/** The first of `spans` (sorted, apart from one another) that ends behind a place: by halving, as there can be many. */
function firstBehind(spans: readonly Span[], place: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.end ?? 0) <= place) low = middle + 1;
    else high = middle;
  }
  return low;
}

function covering<T extends Match>(value: T, { kind, covers: others = [] }: T): T {
  const covers = new Set([...(value.covers ?? []), kind, ...others]);
  covers.delete(value.kind);
  return { ...value, covers: [...covers] };
}

function asGroups<T extends Match>(matches: readonly T[]): T[] {
  const result: T[] = [];
  let group: T[] = [];
  let end = -1;
  for (const match of [...matches].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (match.start >= end) {
      if (group.length > 0) result.push(asOne(group, end));
      group = [];
    }
    group.push(match);
    end = Math.max(match.start >= end ? 0 : end, match.end);
  }
  if (group.length > 0) result.push(asOne(group, end));
  return result;
}

/** @param group each overlaps with one before it, which begins no later @param end where the last of them ends */
function asOne<T extends Match>(group: readonly T[], end: number): T {
  const [first, ...others] = group as readonly [T, ...T[]];
  if (others.length === 0) return first;
  const best = others.reduce((best, match) => (isBetter(match, best) ? match : best), first);
  const { start } = first;
  const covers = new Set(group.flatMap((part) => part.covers ?? []));
  // Two kinds for the whole of a value are two opinions, and the better one stands. A part is something of its own.
  for (const part of group) if (part.end - part.start < end - start) covers.add(part.kind);
  covers.delete(best.kind);
  return covers.size === 0 ? { ...best, start, end } : { ...best, start, end, covers: [...covers] };
}

/** Whether one of `spans` (sorted, apart from one another) covers the place: by halving, as there can be many. */
export function isCovered(spans: readonly Span[], start: number, end: number): boolean {
  const behind = spans[firstBehind(spans, start)];
  return behind !== undefined && behind.start <= start && behind.end >= end;
}

/** Whether a place is no part of a longer word or number. */
export const standsAlone = (text: string, start: number, end: number): boolean =>
  !/[\p{L}\p{N}]/u.test(text[start - 1] ?? '') && !/[\p{L}\p{N}]/u.test(text[end] ?? '');

function isBetter(a: Match, b: Match): boolean {
  const longer = a.end - a.start - (b.end - b.start);
  return longer > 0 || (longer === 0 && isSurer(a, b));
}

/** Which of two opinions on one value stands: what its shape says, before what the sentence around it does. */
export function isSurer(a: Pick<Match, 'kind' | 'score'>, b: Pick<Match, 'kind' | 'score'>): boolean {
  if (isNamed(a.kind) !== isNamed(b.kind)) return isNamed(b.kind);
  return a.score > b.score;
}

export interface Masked {
  readonly text: string;
  /** The place in the unmasked text of a span that covers no mask. */
  readonly raw: (start: number, end: number) => readonly [start: number, end: number];
}

/** The text with each span (sorted, apart from one another) replaced by one mask, as a placeholder will replace it. */
export function masked(text: string, spans: readonly Span[]): Masked {
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

/**
 * The conversation is one document: a value found in one leaf is personal data in every leaf, in whatever way it is
 * written there.
 */
import { TiergateError } from '../../errors.ts';
import { Literals } from '../../literals.ts';
import type { EntityKind } from '../../personal-kinds.ts';
import type { Finding, Leaf } from '../../shapes.ts';
import type { InPieces } from '../../turns.ts';
import { isCovered, merged, standsAlone } from '../spans.ts';
import { compact, compacted } from '../views/compact.ts';
import type { LeafViews } from '../views/leaf-views.ts';
import { WINDOW_CHARS } from '../views/view-windows.ts';
import { viewsOf } from '../views/views.ts';
import type { Known, Search } from './known.ts';
import { namesIn } from './spread-names.ts';

/** Distinct values in one request. The guards look for each of them in what leaves. */
export const VALUES_MAX = 5_000;
/** UTF-16 code units of all distinct values together. */
export const VALUE_CHARS_MAX = 1_048_576;

/** From this length a value with a digit or an `@` is found inside of longer words too: `redact` counts on it. */
const CHARS_MIN = 8;
/** From this length a value with a digit is found where it stands alone. Shorter ones would hide half of the prices. */
const CHARS_MIN_ALONE = 5;
/** From so many characters, of which so many are digits, a number is found however its groups are parted. */
const COMPACT_CHARS_MIN = 7;
const COMPACT_DIGITS_MIN = 5;
/** Kinds in which a sign or a capital makes another value. */
const EXACT: ReadonlySet<EntityKind> = new Set(['SECRET', 'URL', 'DATE_OF_BIRTH', 'IP_ADDRESS']);

/**
 * Finds what `findings` found wherever else it is, in pieces of work.
 * @param views of which the last is a leaf as it is read once everything that hides a value is undone
 * @param others values that were found elsewhere, such as in an earlier request of the conversation
 * @throws TiergateError detect_too_much
 */
export function* spread(
  leaves: readonly Leaf[],
  findings: readonly Finding[],
  views: LeafViews,
  others: readonly Known[] = [],
): InPieces<Finding[]> {
  const values = new Map(others.map((known) => [known.value, known]));
  let valueChars = others.reduce((sum, { value }) => sum + value.length, 0);
  for (const { leaf, start, end, kind, score } of findings) {
    const value = leaves[leaf]?.text.slice(start, end) ?? '';
    if (values.has(value)) continue;
    valueChars += value.length;
    values.set(value, { value, kind, score });
  }
  if (values.size > VALUES_MAX || valueChars > VALUE_CHARS_MAX) {
    throw new TiergateError('detect_too_much', { detail: 'values' });
  }
  const searches: Search[] = [];
  for (const ready of [exactly, inOtherWords, namesIn]) {
    const search = ready(values);
    if (search !== undefined) searches.push(search);
    yield;
  }
  if (searches.length === 0) return [];
  const known = Map.groupBy(findings, ({ leaf }) => leaf);
  const found: Finding[] = [];
  let chars = 0;
  for (let leaf = 0; leaf < leaves.length; leaf++) {
    const text = leaves[leaf]?.text ?? '';
    if (text.length < CHARS_MIN_ALONE - 2) continue;
    const spans = merged(known.get(leaf) ?? []);
    const isLong = text.length > WINDOW_CHARS;
    const view = (isLong ? yield* views.inPieces(leaf) : views.of(leaf)).at(-1);
    if (view === undefined) continue;
    for (const search of searches) {
      for (const { start, end, known } of search(text, view)) {
        if (isCovered(spans, start, end)) continue;
        const { kind, score } = known;
        found.push({ leaf, start, end, kind, score, detector: 'spread', view: 'raw' });
      }
      chars += text.length;
      if (chars < WINDOW_CHARS) continue;
      chars = 0;
      yield;
    }
  }
  return found;
}

/** As it was found. */
function exactly(values: ReadonlyMap<string, Known>): Search | undefined {
  const wanted = [...values.values()].filter(
    ({ value }) => value.length >= CHARS_MIN_ALONE && /[\d@]/.test(value),
  );
  if (wanted.length === 0) return undefined;
  const literals = new Literals(wanted.map(({ value }) => value));
  return (text) =>
    literals.find(text).flatMap(({ index, start, end }) => {
      const known = wanted[index];
      if (known === undefined || (known.value.length < CHARS_MIN && !standsAlone(text, start, end)))
        return [];
      return [{ start, end, known }];
    });
}

/** With its groups parted in another way, in other capitals, or hidden in another way. */
function inOtherWords(values: ReadonlyMap<string, Known>): Search | undefined {
  const wanted = new Map<string, Known>();
  for (const known of values.values()) {
    if (EXACT.has(known.kind) || known.value.length > COMPACTED_CHARS_MAX) continue;
    const plain = compact(
      isPlain(known.value) ? known.value : (viewsOf(known.value, false).at(-1)?.text ?? ''),
    );
    const digits = plain.replace(/\D/g, '').length;
    const isNumber = plain.length >= COMPACT_CHARS_MIN && digits >= COMPACT_DIGITS_MIN;
    if ((isNumber || known.kind === 'EMAIL_ADDRESS') && !wanted.has(plain)) wanted.set(plain, known);
  }
  if (wanted.size === 0) return undefined;
  const known = [...wanted.values()];
  const literals = new Literals([...wanted.keys()]);
  return (_text, view) => {
    const { text, origin } = compacted(view);
    return literals.find(text).flatMap(({ index, start, end }) => {
      const value = known[index];
      const first = origin(start);
      const last = origin(end - 1) + 1;
      // Far apart, they are of different numbers; and a number does not begin inside of another.
      if (value === undefined || last - first > (end - start) * SPACING_MAX) return [];
      if (!standsAlone(view.text, first, last)) return [];
      const [from, to] = view.raw(first, last);
      return [{ start: from, end: to, known: value }];
    });
  };
}

/** Whether there is nothing in a value to undo: a number in digits, or an address as it is. */
const isPlain = (value: string): boolean => /^(?:[0-9 ().+/-]+|[\w.+-]+@[\w.-]+)$/.test(value);

/** Longer values (keys, documents) are not written in another way. */
const COMPACTED_CHARS_MAX = 512;
/** How many times as long a number is with its groups parted. */
const SPACING_MAX = 4;

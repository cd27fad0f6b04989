/**
 * Patterns of a policy's own, in the syntax of RE2: whatever its author writes and a stranger sends, a search takes time in
 * proportion to the text (Cox, "Regular Expression Matching Can Be Simple And Fast", 2007).
 */
import { RE2JS, RE2JSException, RE2Set } from 're2js';
import { quote } from '../problem.ts';
import type { Place, Reader } from '../reader.ts';

/** UTF-16 code units of one pattern. */
const PATTERN_CHARS_MAX = 500;
/** Instructions of one compiled pattern: a repetition such as `{1,200}` takes as many. */
const PATTERN_SIZE_MAX = 300;
/** Instructions of all patterns that one text is searched for. */
export const PATTERNS_SIZE_MAX = 1_000;
/** What a pass for many patterns at once may remember of its way, in bytes. */
const STATES_BYTES_MAX = 1_048_576;
/** Longest value that a pattern finds, in UTF-16 code units. */
export const VALUE_CHARS_MAX = 256;
/**
 * A search for all matches looks from the end of each for the next. With a pattern that may look far ahead that would be
 * quadratic in the text, so every look is at a window of this many code units.
 */
const WINDOW_CHARS = 2 * VALUE_CHARS_MAX;

export type Pattern = RE2JS;

/** Compiles a pattern. Null, and a problem reported, where it is not usable. */
export function readPattern(place: Place, reader: Reader): Pattern | null {
  const source = reader.text(place, '`pattern`', PATTERN_CHARS_MAX);
  if (source === '') return null;
  let pattern: Pattern;
  try {
    pattern = RE2JS.compile(source);
  } catch (thrown) {
    if (!(thrown instanceof RE2JSException)) throw thrown;
    const { message } = thrown;
    const advice = message.includes('Perl syntax')
      ? 'RE2’s syntax has no look-ahead, look-behind or back references.'
      : null;
    reader.report(place, `${quote(source)} is not a pattern: ${sentence(message)}`, advice);
    return null;
  }
  if (pattern.programSize() > PATTERN_SIZE_MAX) {
    reader.report(place, 'This pattern is too large.', 'Repeat fewer times, or write several patterns.');
    return null;
  }
  if (PROBES.some((probe) => findsEmpty(pattern, probe))) {
    reader.report(
      place,
      'This pattern matches where there is nothing.',
      'Some part of it must be there: write `+` for `*`.',
    );
    return null;
  }
  return pattern;
}

/** Edges of words and lines of every kind: what matches an empty text somewhere does so in one of these. */
const PROBES = ['', 'a', '0', ' ', '-', 'a 0-é\n'];

function findsEmpty(pattern: Pattern, text: string): boolean {
  const matcher = pattern.matcher(text);
  for (let at = 0; at <= text.length && matcher.find(at); at = matcher.end()) {
    if (matcher.end() === matcher.start()) return true;
  }
  return false;
}

/** RE2 says `error parsing regexp: missing closing ): ...`; the beginning is said already. */
const sentence = (message: string): string =>
  `${message
    .replace(/^error parsing regexp: /, '')
    .slice(0, 200)
    .replace(/\.$/, '')}.`;

/** Where a pattern was found: `index` says which of them. */
export interface PatternMatch {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/** Finds many patterns: one pass tells which of them are in a text at all. */
export class Patterns {
  readonly #patterns: readonly Pattern[];
  readonly #all: RE2Set | null;

  constructor(patterns: readonly Pattern[]) {
    this.#patterns = patterns;
    this.#all = patterns.length === 0 ? null : new RE2Set(RE2Set.UNANCHORED, 0, STATES_BYTES_MAX);
    for (const pattern of patterns) this.#all?.add(pattern.pattern());
    this.#all?.compile();
  }

  find(text: string): PatternMatch[] {
    const present = this.#all?.match(text) ?? [];
    return present.flatMap((index) => {
      const pattern = this.#patterns[index];
      return pattern === undefined ? [] : matchesOf(pattern, text).map((match) => ({ index, ...match }));
    });
  }
}

/** Instructions of some patterns together. */
export const sizeOf = (patterns: readonly Pattern[]): number =>
  patterns.reduce((size, pattern) => size + pattern.programSize(), 0);

/** All matches of one pattern, apart from one another. */
export function matchesOf(
  pattern: Pattern,
  text: string,
): { readonly start: number; readonly end: number }[] {
  const found: { start: number; end: number }[] = [];
  let from = 0;
  while (from < text.length) {
    // A character more, for what asks whether a word or a line begins here.
    const begin = Math.max(0, from - 1);
    const window = text.slice(begin, from + WINDOW_CHARS);
    const isLast = from + WINDOW_CHARS >= text.length;
    const matcher = pattern.matcher(window);
    let at = from - begin;
    let next = isLast ? text.length : from + WINDOW_CHARS - VALUE_CHARS_MAX;
    while (at <= window.length && matcher.find(at)) {
      const [start, end] = [matcher.start(), matcher.end()];
      const isCut = !isLast && end === window.length;
      if (isCut && begin + start > from) {
        // There may be more of it: looked at again, from its start.
        next = begin + start;
        break;
      }
      if (end > start) found.push({ start: begin + start, end: begin + end });
      at = end > start ? end : end + 1;
      next = Math.max(next, begin + end);
      if (isCut) break;
    }
    from = next;
  }
  return found;
}

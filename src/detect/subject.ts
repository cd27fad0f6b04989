/**
 * One text as the structured detectors see it, and the words around it that say what a number is.
 */
import type { EntityKind } from '../personal-kinds.ts';
import type { Leaf, ViewName } from '../shapes.ts';
import { Before, type Context } from './context.ts';
import type { Groups } from './groups.ts';
import { rawView, type View } from './views/view.ts';

/** What a family finds in a text. Offsets are UTF-16 code units, end exclusive. */
export interface Match {
  readonly start: number;
  readonly end: number;
  readonly kind: EntityKind;
  /** How sure, 0 to 1. 1: a checksum held. */
  readonly score: number;
  /** Other kinds that were found in a part of it. */
  readonly covers?: readonly EntityKind[];
}

/** A family of kinds that are told by their shape, a checksum or the words beside them. Linear in the text's length. */
export interface StructuredFamily {
  readonly name: string;
  readonly kinds: readonly EntityKind[];
  find(subject: Subject): Match[];
}

/** How far from a value, in UTF-16 code units, a word may stand that says what the value is. */
export const CONTEXT_CHARS_MAX = 40;

export class Subject {
  readonly text: string;
  /** How the text was read. Families look for the same things in all views. */
  readonly view: ViewName;
  /**
   * Whether the text was put together from what may have nothing to do with one another: the digits of any list make a
   * number. What a shape or a check of a few bits tells counts here only with a word that says what it is.
   */
  readonly needsProof: boolean;
  readonly #source: View;
  readonly #path: Leaf['path'];
  readonly #befores = new Map<number, Before>();
  #key: string | undefined;
  #keys: string | undefined;

  /** @param source a text, or a view of one @param path where it is in its document */
  constructor(source: string | View, path: Leaf['path'] = []) {
    this.#source = typeof source === 'string' ? rawView(source) : source;
    this.text = this.#source.text;
    this.view = this.#source.name;
    this.needsProof = this.#source.guess !== undefined;
    this.#path = path;
  }

  /** Decimal digits in the text: most families have nothing to look for below a few. */
  get digits(): number {
    return this.groups.digitsInAll;
  }

  /** Its runs of letters and digits, cut once for all families. */
  get groups(): Groups {
    return this.#source.groups;
  }

  /** The name of the column in which a place is, where the text is a table; empty otherwise. */
  columnAt(place: number): string {
    return this.#source.columnAt(place);
  }

  /** The nearest key above the text, as it is written; empty if there is none. */
  get nearestKey(): string {
    return keysAbove(this.#path, 1)[0] ?? '';
  }

  /** The nearest key above the text, in words: `dateOfBirth` and `date_of_birth` are both `date of birth`. */
  get key(): string {
    this.#key ??= inWords(keysAbove(this.#path, 1));
    return this.#key;
  }

  /** The two nearest keys above the text, in words. */
  get keys(): string {
    this.#keys ??= inWords(keysAbove(this.#path, 2));
    return this.#keys;
  }

  /** What stands before a place, read once: several families ask about the same number. */
  before(start: number): Before {
    let before = this.#befores.get(start);
    if (before === undefined) {
      before = new Before(this, start);
      this.#befores.set(start, before);
    }
    return before;
  }

  /** The words around the value from `start` to `end`. */
  context(start: number, end: number): Context {
    return this.before(start).context(end);
  }

  /**
   * Whether one of `words` stands shortly before the value at `start` to `end`, or in brackets right after it. With
   * `nearest`, a word before another number (or one that was found already) speaks of that number alone.
   */
  near(words: RegExp, start: number, end: number, nearest = false): boolean {
    let before = this.text.slice(Math.max(0, start - CONTEXT_CHARS_MAX), start);
    if (nearest) before = before.replace(NUMBER_BEFORE, '');
    const after = this.text.slice(end, end + CONTEXT_CHARS_MAX);
    return words.test(before) || (/^\s?[([（]/.test(after) && words.test(after));
  }

  /** Whether one of `words` stands near the value, or names the field it is in. */
  says(words: RegExp, start: number, end: number, nearest = false): boolean {
    return this.near(words, start, end, nearest) || words.test(this.keys);
  }

  /** Whether nothing but a list's separator stands between two values: what is said of the first goes for the second. */
  lists(end: number, start: number): boolean {
    return start > end && start - end <= LIST_GAP_CHARS_MAX && LIST_GAP.test(this.text.slice(end, start));
  }
}

const NUMBER_BEFORE = /^.*(?:\d{4}|\uFDD0)/s;
const LIST_GAP_CHARS_MAX = 12;
const LIST_GAP =
  /^["')\]]?\s{0,2}(?:[,;|/&+]|\r?\n\s?[-*•]?|,? ?(?:and|or|und|oder|et|ou|y|o|e|en|i|och))\s{0,2}["'([]?$/i;

function keysAbove(path: Leaf['path'], most: number): string[] {
  const keys: string[] = [];
  for (let i = path.length - 1; i >= 0 && keys.length < most; i--) {
    const step = path[i];
    // Only the beginning of a key is read: a key can be as long as the body.
    if (typeof step === 'string') keys.unshift(step.slice(0, 64));
  }
  return keys;
}

function inWords(keys: readonly string[]): string {
  return keys
    .join(' ')
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/[_\-.]+/g, ' ')
    .toLowerCase();
}

/** Where a pattern with the flag `g`, that matches no empty text, was found. */
export type Span = RegExpExecArray & { readonly end: number };

/** All matches of a pattern. `matchAll` would copy the pattern first, which costs more than a search of a short text. */
export function spansOf(pattern: RegExp, text: string): Span[] {
  const spans: Span[] = [];
  pattern.lastIndex = 0;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    spans.push(Object.assign(found, { end: pattern.lastIndex }));
  }
  return spans;
}

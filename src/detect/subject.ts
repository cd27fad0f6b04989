/**
 * One text as the structured detectors see it, and the words around it that say what a number is.
 */
import type { EntityKind } from '../personal-kinds.ts';
import type { Leaf, ViewName } from '../shapes.ts';
import type { Groups } from './groups.ts';
import { MASK } from './mask.ts';
import { Before, type Context, otherAt } from './said/context.ts';
import { goesOn, listStart } from './said/lists.ts';
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
  /** Words that say what its values are, where words do. */
  readonly words?: readonly RegExp[];
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
  readonly #hasMasks: boolean;
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
    this.#hasMasks = this.text.includes(MASK);
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
    if (words.test(before)) return true;
    if (this.#hasMasks && words.test(this.#beforeList(start, nearest))) return true;
    const after = this.text.slice(end, end + CONTEXT_CHARS_MAX);
    return /^\s?[([（]/.test(after) && words.test(after);
  }

  /** What stands before the list that a value goes on. */
  #beforeList(start: number, nearest: boolean): string {
    const first = listStart(this.text, start);
    if (first === start) return '';
    const before = this.text.slice(Math.max(0, first - CONTEXT_CHARS_MAX), first);
    return nearest ? before.replace(NUMBER_BEFORE, '') : before;
  }

  /** Whether one of `words` stands near the value, or names the field it is in. */
  says(words: RegExp, start: number, end: number, nearest = false): boolean {
    return this.near(words, start, end, nearest) || words.test(this.keys);
  }

  /** Whether a value goes on with a list: what is said of the value before it goes for it as well. */
  lists(value: Pick<Match, 'start' | 'end'> | undefined, start: number): boolean {
    if (value === undefined || !goesOn(this.text, value, start)) return false;
    // `MRN 1234567, Order 2345678` is no list of one kind.
    return start - value.end <= 2 || otherAt(this.text.slice(value.end, start)) === -1;
  }
}

const NUMBER_BEFORE = /^.*(?:\d{4}|\uFDD0)/s;

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

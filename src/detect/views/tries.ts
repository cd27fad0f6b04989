/** What is still to be put together of a view, and how much of that may be tried. */
import { isCovered } from '../spans.ts';
import type { View } from './view.ts';

/** Stretches that are tried in any text, and one more for so many of its UTF-16 code units: tables of codes have more. */
const TRIES_MIN = 64;
const CHARS_PER_TRY = 64;

export class Tries {
  readonly #view: View;
  readonly #found: readonly { readonly start: number; readonly end: number }[];
  #left: number;

  /** @param found what is found already, sorted, apart from one another */
  constructor(view: View, found: readonly { readonly start: number; readonly end: number }[]) {
    this.#view = view;
    this.#found = found;
    this.#left = TRIES_MIN + Math.floor(view.text.length / CHARS_PER_TRY);
  }

  /** Whether a stretch of the view is known already. */
  knows(start: number, end: number): boolean {
    return this.#found.length > 0 && isCovered(this.#found, ...this.#view.raw(start, end));
  }

  /** Whether a stretch may be put together anew; each time, one less may. */
  take(start: number, end: number): boolean {
    if (this.#left <= 0 || this.knows(start, end)) return false;
    this.#left--;
    return true;
  }
}

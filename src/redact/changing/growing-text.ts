/** A text of an answer that is changed as it grows: its placeholders restored, or its personal data masked. */
import type { Notation } from './place.ts';

export interface GrowingText {
  /** Takes the next piece and gives all that can be shown. */
  push(piece: string): string;
  /** Gives what was held back: no more is coming. */
  end(): string;
  /** UTF-16 code units held back. */
  readonly held: number;
  /** Where an offset into what came in is in what was given. Offsets are Unicode code points, as OpenAI counts them. */
  moved(offset: number): number;
}

export type StartText = (notation: Notation) => GrowingText;

/** Replacements whose places are kept, for what refers to them. Those after them are not told. */
const MOVES_MAX = 100_000;

/** Where replacements have moved what is behind them. */
export class Moves {
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #shifts: number[] = [];
  #passed = 0;
  #shift = 0;

  /** Text that was given as it came. */
  pass(text: string): void {
    this.#passed += codePoints(text);
  }

  replace(came: string, given: string): void {
    const length = codePoints(came);
    this.#shift += codePoints(given) - length;
    if (this.#starts.length < MOVES_MAX) {
      this.#starts.push(this.#passed);
      this.#ends.push(this.#passed + length);
      this.#shifts.push(this.#shift);
    }
    this.#passed += length;
  }

  /** An offset inside of what was replaced becomes the end of what stands there now. */
  moved(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return offset;
    return Math.max(offset, this.#ends[low - 1] ?? 0) + (this.#shifts[low - 1] ?? 0);
  }
}

function codePoints(text: string): number {
  let pairs = 0;
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xfc00) === 0xdc00) pairs++;
  return text.length - pairs;
}

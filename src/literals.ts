/**
 * Finds many exact strings in a text in one pass, however many there are: Aho and Corasick, "Efficient string matching"
 * (Communications of the ACM 18, 1975). Time is linear in the strings and the text, whatever they are. A few short ones
 * are looked for one after the other: that costs less than to build the automaton.
 */

/** An occurrence: `index` says which of the strings; of equal ones, the last. */
export interface Occurrence {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

const ROOT = 0;
/** A state and the code unit that leads on from it, as one key; 0 is a free place, so keys begin at 1. */
const CODES = 0x10000;
const PAIRS = 4096;
/** Strings, and the length of each, that are looked for without an automaton. */
const FEW = 4;
const SHORT_CHARS_MAX = 64;

export class Literals {
  readonly #strings: readonly string[];
  readonly #lengths: readonly number[];
  readonly #areFew: boolean;
  /** The steps between states, a hash table with open addressing: several times as fast as a Map of numbers. */
  readonly #keys: Float64Array;
  readonly #targets: Int32Array;
  readonly #shift: number;
  /** For each state: the string that ends there or -1, where to go on a mismatch, the next shorter one that ends there. */
  readonly #ends: Int32Array;
  readonly #fall: Int32Array;
  readonly #shorter: Int32Array;
  /** Which pairs of code units a string begins with, by a hash: most text is passed over by this alone. */
  readonly #begins: Uint8Array;
  #states = 1;

  constructor(strings: readonly string[]) {
    this.#strings = strings;
    this.#lengths = strings.map((text) => text.length);
    this.#areFew =
      strings.length <= FEW && this.#lengths.every((length) => length > 0 && length <= SHORT_CHARS_MAX);
    const states = this.#areFew ? 0 : this.#lengths.reduce((sum, length) => sum + length, 1);
    this.#begins = new Uint8Array(this.#areFew ? 0 : PAIRS);
    // At most half full.
    const bits = Math.max(3, 33 - Math.clz32(states));
    this.#shift = 32 - bits;
    this.#keys = new Float64Array(2 ** bits);
    this.#targets = new Int32Array(2 ** bits);
    this.#ends = new Int32Array(states).fill(-1);
    this.#fall = new Int32Array(states);
    this.#shorter = new Int32Array(states);
    if (this.#areFew) return;
    strings.forEach((text, index) => {
      this.#add(text, index);
    });
    this.#link(strings);
  }

  #add(text: string, index: number): void {
    let state = ROOT;
    for (let i = 0; i < text.length; i++) {
      const place = this.#placeOf(state, text.charCodeAt(i));
      if (this.#keys[place] === 0) {
        this.#keys[place] = state * CODES + text.charCodeAt(i) + 1;
        this.#targets[place] = this.#states++;
      }
      state = this.#targets[place] ?? ROOT;
    }
    this.#ends[state] = index;
    if (text.length > 1) this.#begins[pairOf(text.charCodeAt(0), text.charCodeAt(1))] = 1;
    else if (text.length === 1)
      for (let next = 0; next < PAIRS; next++) this.#begins[pairOf(text.charCodeAt(0), next)] = 1;
  }

  /** Where a step is in the table, or would be. */
  #placeOf(state: number, code: number): number {
    const key = state * CODES + code + 1;
    const last = this.#keys.length - 1;
    let place = Math.imul(Math.imul(state, 0x9e3779b1) ^ code, 0x85ebca6b) >>> this.#shift;
    while (this.#keys[place] !== key && this.#keys[place] !== 0) place = (place + 1) & last;
    return place;
  }

  /** Links every state, shallow ones first, to the longest other state that ends in the same characters. */
  #link(strings: readonly string[]): void {
    let level = strings.filter((text) => text.length > 0).map((text) => ({ text, state: ROOT }));
    for (let depth = 0; level.length > 0; depth++) {
      for (const row of level) {
        const code = row.text.charCodeAt(depth);
        const above = row.state;
        row.state = this.#targets[this.#placeOf(above, code)] ?? ROOT;
        const fall = depth === 0 ? ROOT : this.#step(this.#fall[above] ?? ROOT, code);
        this.#fall[row.state] = fall;
        this.#shorter[row.state] = (this.#ends[fall] ?? -1) >= 0 ? fall : (this.#shorter[fall] ?? ROOT);
      }
      level = level.filter(({ text }) => text.length > depth + 1);
    }
  }

  #step(from: number, code: number): number {
    for (let state = from; ; state = this.#fall[state] ?? ROOT) {
      const place = this.#placeOf(state, code);
      if (this.#keys[place] !== 0) return this.#targets[place] ?? ROOT;
      if (state === ROOT) return ROOT;
    }
  }

  /** Whether any of the strings is in the text, at a place that counts; every place does, if not said otherwise. */
  isIn(text: string, counts: (found: Occurrence) => boolean = () => true): boolean {
    return this.#search(text, (index, end) =>
      counts({ index, start: end - (this.#lengths[index] ?? 0), end }),
    );
  }

  /** Every occurrence of every string, in order of their ends. */
  find(text: string): Occurrence[] {
    const found: Occurrence[] = [];
    this.#search(text, (index, end) => {
      found.push({ index, start: end - (this.#lengths[index] ?? 0), end });
      return false;
    });
    return this.#areFew ? found.sort((a, b) => a.end - b.end || a.start - b.start) : found;
  }

  /** The same for a few strings, each by itself. */
  #searchInTurn(text: string, visit: (index: number, end: number) => boolean): boolean {
    for (const [index, string] of this.#strings.entries()) {
      if (this.#strings.lastIndexOf(string) !== index) continue;
      for (let at = text.indexOf(string); at !== -1; at = text.indexOf(string, at + 1))
        if (visit(index, at + string.length)) return true;
    }
    return false;
  }

  /** Calls `visit` for each occurrence until it says that it has seen enough; whether it did. */
  #search(text: string, visit: (index: number, end: number) => boolean): boolean {
    if (this.#areFew) return this.#searchInTurn(text, visit);
    const begins = this.#begins;
    let state = ROOT;
    let code = text === '' ? 0 : text.charCodeAt(0);
    for (let i = 0; i < text.length; i++) {
      const here = code;
      // Not NaN after the last one: numbers of two sorts cost the loop half of its speed.
      code = i + 1 < text.length ? text.charCodeAt(i + 1) : 0;
      if (state === ROOT && begins[pairOf(here, code)] === 0) continue;
      state = this.#step(state, here);
      for (let at = state; at !== ROOT; at = this.#shorter[at] ?? ROOT) {
        const index = this.#ends[at] ?? -1;
        if (index >= 0 && visit(index, i + 1)) return true;
      }
    }
    return false;
  }
}

const pairOf = (first: number, second: number): number => ((first << 6) ^ second) & (PAIRS - 1);

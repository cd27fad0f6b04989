/**
 * Finds many exact strings in a text in one pass, however many there are: Aho and Corasick, "Efficient string matching"
 * (Communications of the ACM 18, 1975).
 */

/** An occurrence: `index` says which of the strings. */
export interface Occurrence {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

const ROOT = 0;
/** A state and the code unit that leads on from it, as one key. */
const CODES = 0x10000;

export class Literals {
  readonly #lengths: readonly number[];
  readonly #next = new Map<number, number>();
  /** For each state: the string that ends there or -1, where to go on a mismatch, the next shorter one that ends there. */
  readonly #ends: number[] = [-1];
  readonly #fall: number[] = [ROOT];
  readonly #shorter: number[] = [ROOT];
  /** Whether any string begins with a code unit of these low eight bits: most text is passed over by this alone. */
  readonly #first = new Uint8Array(256);

  constructor(strings: readonly string[]) {
    this.#lengths = strings.map((text) => text.length);
    strings.forEach((text, index) => {
      this.#add(text, index);
    });
    this.#link(strings);
  }

  #add(text: string, index: number): void {
    let state = ROOT;
    for (let i = 0; i < text.length; i++) {
      const step = state * CODES + text.charCodeAt(i);
      let next = this.#next.get(step);
      if (next === undefined) {
        next = this.#ends.length;
        this.#next.set(step, next);
        this.#ends.push(-1);
        this.#fall.push(ROOT);
        this.#shorter.push(ROOT);
      }
      state = next;
    }
    this.#ends[state] = index;
    this.#first[text.charCodeAt(0) & 255] = 1;
  }

  /** Links every state, shallow ones first, to the longest other state that ends in the same characters. */
  #link(strings: readonly string[]): void {
    let level = strings.filter((text) => text.length > 0).map((text) => ({ text, state: ROOT, above: ROOT }));
    for (let depth = 0; level.length > 0; depth++) {
      for (const row of level) {
        row.above = row.state;
        row.state = this.#next.get(row.state * CODES + row.text.charCodeAt(depth)) ?? ROOT;
        const fall =
          depth === 0 ? ROOT : this.#step(this.#fall[row.above] ?? ROOT, row.text.charCodeAt(depth));
        this.#fall[row.state] = fall;
        this.#shorter[row.state] = (this.#ends[fall] ?? -1) >= 0 ? fall : (this.#shorter[fall] ?? ROOT);
      }
      level = level.filter(({ text }) => text.length > depth + 1);
    }
  }

  #step(from: number, code: number): number {
    for (let state = from; ; state = this.#fall[state] ?? ROOT) {
      const next = this.#next.get(state * CODES + code);
      if (next !== undefined) return next;
      if (state === ROOT) return ROOT;
    }
  }

  /** Whether any of the strings is in the text. */
  isIn(text: string): boolean {
    return this.#search(text, () => true);
  }

  /** Every occurrence of every string, in order of their ends. */
  find(text: string): Occurrence[] {
    const found: Occurrence[] = [];
    this.#search(text, (index, end) => {
      found.push({ index, start: end - (this.#lengths[index] ?? 0), end });
      return false;
    });
    return found;
  }

  /** Calls `visit` for each occurrence until it says that it has seen enough; whether it did. */
  #search(text: string, visit: (index: number, end: number) => boolean): boolean {
    let state = ROOT;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (state === ROOT && this.#first[code & 255] === 0) continue;
      state = this.#step(state, code);
      for (let at = state; at !== ROOT; at = this.#shorter[at] ?? ROOT) {
        const index = this.#ends[at] ?? -1;
        if (index >= 0 && visit(index, i + 1)) return true;
      }
    }
    return false;
  }
}

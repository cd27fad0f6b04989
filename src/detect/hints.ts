/** Whether a text may hold one of many words: one pass over its characters, where a pattern tries each word at each place. */

/** Five bits of each of three characters: small letters and capitals have the same. */
const INDEX_MASK = 0x7fff;
const LATIN_END = 0x2ff;

export class Hints {
  readonly #table = new Uint8Array(INDEX_MASK + 1);

  /**
   * @param trigrams three characters of each word, the rarest. A text with a letter that is not Latin may hold anything.
   */
  constructor(trigrams: readonly string[]) {
    for (const trigram of trigrams) {
      let index = 0;
      for (let i = 0; i < trigram.length; i++) index = next(index, trigram.charCodeAt(i));
      this.#table[index] = 1;
    }
  }

  /** False only where none of the words is. */
  mayBeIn(text: string): boolean {
    const table = this.#table;
    let index = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      index = next(index, code);
      if (table[index] === 1 || code > LATIN_END) return true;
    }
    return false;
  }
}

const next = (index: number, code: number): number => ((index << 5) | (code & 31)) & INDEX_MASK;

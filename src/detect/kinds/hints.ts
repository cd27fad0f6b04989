/** Whether a text may hold one of many words: one pass over its characters, where a pattern tries each word at each place. */

/** Characters in five bits: small letters and capitals are the same, and so are spaces, and other signs. */
const LATIN_END = 0x2ff;
const BITS = 5;
const OTHER_SIGN = 31;
const FIVE_BITS = Uint8Array.from({ length: LATIN_END + 1 }, (_, code) => {
  const char = String.fromCharCode(code);
  if (/\p{L}/u.test(char)) return code & OTHER_SIGN || 1;
  if (/\s/.test(char)) return 0;
  return { '-': 27, ':': 28, '=': 28, '"': 29, "'": 29 }[char] ?? (/\d/.test(char) ? 30 : OTHER_SIGN);
});
const INDEX_MASK = (1 << (3 * BITS)) - 1;

export class Hints {
  readonly #table = new Uint8Array(INDEX_MASK + 1);

  /**
   * @param trigrams three characters of each word, the rarest. A text with a letter that is not Latin may hold anything.
   */
  constructor(trigrams: readonly string[]) {
    for (const trigram of trigrams) {
      let index = 0;
      for (const char of trigram) index = next(index, char.charCodeAt(0));
      this.#table[index] = 1;
    }
  }

  /** False only where none of the words is. */
  mayBeIn(text: string): boolean {
    const table = this.#table;
    let index = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > LATIN_END) return true;
      index = next(index, code);
      if (table[index] === 1) return true;
    }
    return false;
  }
}

const next = (index: number, code: number): number =>
  ((index << BITS) | (FIVE_BITS[code] ?? OTHER_SIGN)) & INDEX_MASK;

/** Tables that a tokenizer looks up for each character, without making a string for it: typed arrays, hashed. */

/** Numbers by pairs of numbers, all of them 1 or more; 0 means nothing. Open addressing, at most half full. */
export class PairTable {
  /** Three to a slot: the pair and its value. */
  #slots: Int32Array;
  #mask: number;
  #size = 0;

  /** @param expected pairs there will be, about; more of them take longer to enter */
  constructor(expected: number) {
    const capacity = 2 ** Math.ceil(Math.log2(2 * expected + 2));
    this.#slots = new Int32Array(3 * capacity);
    this.#mask = capacity - 1;
  }

  get(first: number, second: number): number {
    return this.#slots[this.#find(first, second) + 2] ?? 0;
  }

  set(first: number, second: number, value: number): void {
    const slot = this.#find(first, second);
    if (this.#slots[slot] === 0) this.#size += 1;
    this.#slots[slot] = first;
    this.#slots[slot + 1] = second;
    this.#slots[slot + 2] = value;
    if (2 * this.#size > this.#mask) this.#grow();
  }

  /** Where the pair is, or the empty slot where it belongs. */
  #find(first: number, second: number): number {
    const slots = this.#slots;
    // Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4) of both, the high bits brought down.
    let hash = Math.imul(first, 0x9e3779b1) + Math.imul(second, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let index = hash & this.#mask; ; index = (index + 1) & this.#mask) {
      const slot = 3 * index;
      if (slots[slot] === 0 || (slots[slot] === first && slots[slot + 1] === second)) return slot;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(2 * old.length);
    this.#mask = 2 * this.#mask + 1;
    this.#size = 0;
    for (let slot = 0; slot < old.length; slot += 3) {
      const first = old[slot] ?? 0;
      if (first !== 0) this.set(first, old[slot + 1] ?? 0, old[slot + 2] ?? 0);
    }
  }
}

/** No node of a trie. */
export const NOWHERE = 0;
/** No piece ends here. */
export const NO_PIECE = -1;

/** What vocabularies have, about. */
const NODES_A_PIECE = 2;

/** A vocabulary as a tree of UTF-16 code units: found letter by letter, each in constant time. */
export class Trie {
  readonly root = 1;
  readonly #edges: PairTable;
  /** By node: id of the piece that ends there. */
  readonly #ids: number[] = [NO_PIECE, NO_PIECE];

  /** @param idOf gives a piece's id; where a piece stands twice, the last one counts */
  constructor(pieces: readonly string[], idOf: (piece: string, index: number) => number) {
    this.#edges = new PairTable(NODES_A_PIECE * pieces.length);
    pieces.forEach((piece, index) => {
      this.#ids[this.#enter(piece)] = idOf(piece, index);
    });
  }

  #enter(piece: string): number {
    let node = this.root;
    for (let index = 0; index < piece.length; index += 1) {
      const unit = piece.charCodeAt(index);
      let next = this.next(node, unit);
      if (next === NOWHERE) {
        next = this.#ids.push(NO_PIECE) - 1;
        this.#edges.set(node, unit + 1, next);
      }
      node = next;
    }
    return node;
  }

  /** The node that a code unit leads to. */
  next(node: number, unit: number): number {
    return this.#edges.get(node, unit + 1);
  }

  /** Id of the piece that ends at the node. */
  id(node: number): number {
    return this.#ids[node] ?? NO_PIECE;
  }

  /** The node that a text leads to. */
  walk(text: string): number {
    let node = this.root;
    for (let index = 0; index < text.length && node !== NOWHERE; index += 1) {
      node = this.next(node, text.charCodeAt(index));
    }
    return node;
  }
}

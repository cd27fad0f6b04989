/**
 * Byte pair encoding on bytes (Sennrich et al. 2016, arXiv 1508.07909; on bytes: GPT-2): a word's UTF-8 bytes, of which the
 * neighbours that were merged first in training are merged first, until none are left to merge.
 */
import { PairTable } from './trie.ts';

export interface BytePairModel {
  /** Pieces in GPT-2's letters for bytes. */
  readonly vocab: Readonly<Record<string, number>>;
  readonly merges: readonly (string | readonly [left: string, right: string])[];
  readonly dropout?: number | null;
  readonly continuing_subword_prefix?: string | null;
  readonly end_of_word_suffix?: string | null;
  readonly byte_fallback?: boolean;
  readonly ignore_merges?: boolean;
}

/** No neighbour. */
const NONE = -1;
/** More places than a text has; a merge's rank and its place are one number that orders by rank, then by place. */
const PLACES = 2 ** 31;

/** Time grows with n·log(n) of the word's bytes. */
export function bytePairs(model: BytePairModel): (word: string, ids: number[]) => void {
  refuseOptions(model);
  const { bytes, ranks, merged } = readMerges(model);
  const utf8 = new TextEncoder();

  return (word, ids) => {
    // By place in the word: the piece that begins there, and the places of its neighbours.
    const id: number[] = [];
    const previous: number[] = [];
    const next: number[] = [];
    for (const byte of utf8.encode(word)) {
      previous.push(id.length - 1);
      id.push(bytes[byte] ?? 0);
      next.push(id.length);
    }
    next[id.length - 1] = NONE;
    const waiting = new SmallestFirst();
    const rankAt = (place: number): number => {
      const right = next[place] ?? NONE;
      return right === NONE ? 0 : ranks.get((id[place] ?? 0) + 1, (id[right] ?? 0) + 1);
    };
    const consider = (place: number) => {
      const rank = place === NONE ? 0 : rankAt(place);
      if (rank > 0) waiting.push(rank * PLACES + place);
    };
    for (let place = 0; place + 1 < id.length; place += 1) consider(place);
    for (let top = waiting.pop(); top !== undefined; top = waiting.pop()) {
      const place = top % PLACES;
      const rank = Math.floor(top / PLACES);
      // Merged into its left neighbour since, or with another right neighbour than then.
      if (id[place] === NONE || rankAt(place) !== rank) continue;
      const right = next[place] ?? NONE;
      const after = next[right] ?? NONE;
      id[place] = merged[rank] ?? NONE;
      id[right] = NONE;
      next[place] = after;
      if (after !== NONE) previous[after] = place;
      consider(previous[place] ?? NONE);
      consider(place);
    }
    for (const each of id) if (each !== NONE) ids.push(each);
  };
}

function refuseOptions(model: BytePairModel): void {
  const { dropout, continuing_subword_prefix, end_of_word_suffix, byte_fallback, ignore_merges } = model;
  if (dropout || continuing_subword_prefix || end_of_word_suffix || byte_fallback || ignore_merges) {
    throw new Error(
      'A byte pair tokenizer is supported without dropout, affixes, byte fallback and ignored merges only.',
    );
  }
}

/** Ids of the single bytes; ranks (from 1) of the pairs that merge, by both ids plus 1; what they merge into, by rank. */
function readMerges({ vocab, merges }: BytePairModel) {
  const idOf = (piece: string): number => {
    const id = vocab[piece];
    if (id === undefined)
      throw new Error('The tokenizer merges or lacks a piece that is not in its vocabulary.');
    return id;
  };
  const ranks = new PairTable(merges.length);
  const merged = Int32Array.from([NONE, ...merges], (merge, rank) => {
    if (typeof merge === 'number') return NONE;
    const [left = '', right = ''] = typeof merge === 'string' ? merge.split(' ') : merge;
    ranks.set(idOf(left) + 1, idOf(right) + 1, rank);
    return idOf(left + right);
  });
  return { bytes: byteLetters().map(idOf), ranks, merged };
}

/** GPT-2's letter for each byte: itself if it prints in Latin-1, else the next of the letters from U+0100. */
function byteLetters(): string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const prints = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    return String.fromCharCode(prints ? byte : next++);
  });
}

/** A binary heap of numbers (Williams 1964). */
class SmallestFirst {
  readonly #heap: number[] = [];

  push(value: number): void {
    const heap = this.#heap;
    let hole = heap.push(value) - 1;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = heap[parent] ?? value;
      if (above <= value) break;
      heap[hole] = above;
      hole = parent;
    }
    heap[hole] = value;
  }

  pop(): number | undefined {
    const heap = this.#heap;
    const smallest = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return last;
    let hole = 0;
    for (let child = 1; child < heap.length; child = 2 * hole + 1) {
      const right = heap[child + 1] ?? Infinity;
      let below = heap[child] ?? Infinity;
      if (right < below) {
        below = right;
        child += 1;
      }
      if (below >= last) break;
      heap[hole] = below;
      hole = child;
    }
    heap[hole] = last;
    return smallest;
  }
}

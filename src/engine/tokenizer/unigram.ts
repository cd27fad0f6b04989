/**
 * Unigram (Kudo 2018, arXiv 1804.10959), SentencePiece's model: of all ways to cut a word into pieces, the one whose
 * log probabilities sum to the most, found by Viterbi's algorithm.
 */
import { NO_PIECE, NOWHERE, Trie } from './trie.ts';

export interface UnigramModel {
  /** Pieces and their log probabilities; the index is the id. */
  readonly vocab: readonly (readonly [piece: string, score: number])[];
  readonly unk_id: number;
  readonly byte_fallback?: boolean;
}

/** How much less likely than the least likely piece a character is that no piece holds. */
const UNKNOWN_PENALTY = 10;

/** Time is linear in the word's length: no more is looked at from any place than the vocabulary's longest piece. */
export function unigram(model: UnigramModel): (word: string, ids: number[]) => void {
  const { vocab, unk_id: unknown, byte_fallback = false } = model;
  if (byte_fallback) throw new Error('A tokenizer that falls back to bytes is not supported.');
  if (vocab[unknown] === undefined) throw new Error('The tokenizer has no id for unknown words.');
  const trie = new Trie(
    vocab.map(([piece]) => piece),
    (_, index) => index,
  );
  const scores = Float64Array.from(vocab, ([, score]) => asRustReads(score));
  const unknownScore = scores.reduce((least, score) => Math.min(least, score), Infinity) - UNKNOWN_PENALTY;

  return (word, ids) => {
    // By place in the word: the best way that ends there, as its last piece, where that begins, and the whole score.
    const piece = new Int32Array(word.length + 1);
    const begin = new Int32Array(word.length + 1).fill(-1);
    const best = new Float64Array(word.length + 1);
    const offer = (start: number, end: number, id: number, score: number) => {
      const whole = (best[start] ?? 0) + score;
      if (begin[end] !== -1 && whole <= (best[end] ?? 0)) return;
      best[end] = whole;
      begin[end] = start;
      piece[end] = id;
    };
    for (let start = 0, char = 1; start < word.length; start += char) {
      char = (word.codePointAt(start) ?? 0) > 0xffff ? 2 : 1;
      let node = trie.root;
      let single = false;
      for (let index = start; index < word.length; index += 1) {
        node = trie.next(node, word.charCodeAt(index));
        if (node === NOWHERE) break;
        const id = trie.id(node);
        if (id === NO_PIECE) continue;
        offer(start, index + 1, id, scores[id] ?? 0);
        if (index + 1 === start + char) single = true;
      }
      if (!single) offer(start, start + char, unknown, unknownScore);
    }
    const found: number[] = [];
    for (let end = word.length; end > 0; end = begin[end] ?? 0) {
      const id = piece[end] ?? unknown;
      // Unknown characters in a row are one unknown token.
      if (id !== unknown || found.at(-1) !== unknown) found.push(id);
    }
    for (let index = found.length - 1; index >= 0; index -= 1) ids.push(found[index] ?? unknown);
  };
}

/**
 * The number that Rust's serde_json reads where JavaScript reads `value`, at times its neighbour: the digits as a whole number,
 * divided by a power of ten, each rounded. It decides between two ways to cut a word that are as good as equal.
 */
function asRustReads(value: number): number {
  const [, sign, whole = '', fraction = ''] = /^(-?)(\d+)\.(\d+)$/.exec(String(value)) ?? [];
  const size = Number(whole + fraction) / 10 ** fraction.length;
  if (sign === undefined) return value;
  return sign === '-' ? -size : size;
}

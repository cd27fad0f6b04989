/**
 * WordPiece: from the left, always the longest piece that the vocabulary has (Wu et al. 2016, arXiv 1609.08144); pieces
 * that continue a word have a prefix. A word that cannot be cut so, or is too long, is unknown as a whole.
 */
import { NO_PIECE, NOWHERE, Trie } from './trie.ts';

export interface WordPieceModel {
  readonly vocab: Readonly<Record<string, number>>;
  readonly unk_token: string;
  readonly continuing_subword_prefix?: string;
  /** Most characters (code points) of a word that is not unknown. */
  readonly max_input_chars_per_word?: number;
}

const CHARS_MAX = 100;

/** Time is linear in the word's length: no more is looked at from any place than the vocabulary's longest piece. */
export function wordPieces(model: WordPieceModel): (word: string, ids: number[]) => void {
  const { vocab, unk_token, continuing_subword_prefix = '##', max_input_chars_per_word = CHARS_MAX } = model;
  const unknown = vocab[unk_token];
  if (unknown === undefined) throw new Error('The tokenizer has no id for unknown words.');
  const trie = new Trie(Object.keys(vocab), (piece) => vocab[piece] ?? unknown);
  const continuing = trie.walk(continuing_subword_prefix);

  return (word, ids) => {
    if (longerThan(word, max_input_chars_per_word)) {
      ids.push(unknown);
      return;
    }
    const before = ids.length;
    for (let start = 0; start < word.length; ) {
      let longest = NO_PIECE;
      let end = start;
      let node = start === 0 ? trie.root : continuing;
      for (let index = start; index < word.length; index += 1) {
        node = trie.next(node, word.charCodeAt(index));
        if (node === NOWHERE) break;
        const id = trie.id(node);
        if (id !== NO_PIECE) {
          longest = id;
          end = index + 1;
        }
      }
      if (longest === NO_PIECE) {
        ids.length = before;
        ids.push(unknown);
        return;
      }
      ids.push(longest);
      start = end;
    }
  };
}

/** More than `most` code points. */
function longerThan(word: string, most: number): boolean {
  if (word.length <= most) return false;
  return word.length > 2 * most || Array.from(word).length > most;
}

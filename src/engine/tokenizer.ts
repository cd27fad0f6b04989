/** Text to token ids, by a model pack's own `tokenizer.json`. */
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';

export interface Tokenizer {
  /** Ids of the text's tokens, without the special ones around them. Takes any string, broken surrogates included. */
  encode(text: string): number[];
  /** Ids that stand before and after every text. */
  readonly before: number;
  readonly after: number;
}

/** @throws Error when the tokenizer is no WordPiece, or does not put one token before and one after a text. */
export function createTokenizer(tokenizer: object, config: object): Tokenizer {
  const encoder = new HuggingFaceTokenizer(tokenizer, config);
  const [before, after, ...more] = encoder.encode('').ids;
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error('The tokenizer must put exactly one token before a text and one after it.');
  }
  const { model } = encoder;
  if (model?.config.type !== 'WordPiece') throw new Error('The tokenizer must be a WordPiece.');
  const { continuing_subword_prefix: prefix, max_input_chars_per_word: charsMax = 100 } = model.config;
  const cut = wordPieces(model.tokens_to_ids, prefix, model.config.unk_token, charsMax);
  // The library's own cutting takes time in the cube of a word's length, 0.6 s for a text made to be slow.
  model.encode = (words: string[]) => words.flatMap(cut);
  return {
    before,
    after,
    encode: (text) => encoder.encode(text.toWellFormed(), { add_special_tokens: false }).ids,
  };
}

/**
 * WordPiece: from the left, always the longest piece that the vocabulary has (Wu et al. 2016, arXiv 1609.08144). A word
 * that cannot be cut so, or has more than `charsMax` characters, is unknown as a whole. No piece longer than the
 * longest of the vocabulary is looked up, so time is linear in the word's length.
 */
export function wordPieces(
  vocabulary: ReadonlyMap<string, number>,
  prefix: string,
  unknown: string,
  charsMax: number,
): (word: string) => string[] {
  const longest = Math.max(0, ...Array.from(vocabulary.keys(), (piece) => piece.length));
  return (word) => {
    if (vocabulary.has(word)) return [word];
    const chars = Array.from(word);
    if (chars.length > charsMax) return [unknown];
    const pieces: string[] = [];
    for (let start = 0; start < chars.length; ) {
      let end = Math.min(chars.length, start + longest);
      const candidate = () => (start > 0 ? prefix : '') + chars.slice(start, end).join('');
      while (end > start && !vocabulary.has(candidate())) end -= 1;
      if (end === start) return [unknown];
      pieces.push(candidate());
      start = end;
    }
    return pieces;
  };
}

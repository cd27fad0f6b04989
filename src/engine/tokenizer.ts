/** Text to token ids, by a model pack's own `tokenizer.json`. */
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';

export interface Tokenizer {
  /** Ids of the text's tokens, without the special ones around them. Takes any string, broken surrogates included. */
  encode(text: string): number[];
  /** Ids that stand before and after every text. */
  readonly before: number;
  readonly after: number;
}

/** @throws Error when the tokenizer does not put one token before and one after a text, as BERT's does. */
export function createTokenizer(tokenizer: object, config: object): Tokenizer {
  const encoder = new HuggingFaceTokenizer(tokenizer, config);
  const [before, after, ...more] = encoder.encode('').ids;
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error('The tokenizer must put exactly one token before a text and one after it.');
  }
  return {
    before,
    after,
    encode: (text) => encoder.encode(text.toWellFormed(), { add_special_tokens: false }).ids,
  };
}

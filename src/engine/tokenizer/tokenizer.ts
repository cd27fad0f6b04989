/**
 * Text to token ids, by a model pack's own `tokenizer.json`: every id as Hugging Face's tokenizers give it, in time linear in
 * the text (n·log n of the longest word for byte pairs), whatever the text. The kinds that BERT, RoBERTa, XLM-R, ModernBERT
 * and their descendants use; any other is refused when the pack is loaded.
 */
import { type AddedToken, addedTokens } from './added.ts';
import { type BytePairModel, bytePairs } from './bpe.ts';
import { createNormalizer, type NormalizerPart } from './normalizer.ts';
import { createSplitter, type SplitterPart } from './splitter.ts';
import { type UnigramModel, unigram } from './unigram.ts';
import { type WordPieceModel, wordPieces } from './wordpiece.ts';

export interface Tokenizer {
  /** Ids of the text's tokens, without the special ones around them. Takes any string, broken surrogates included. */
  encode(text: string): number[];
  /** Ids that stand before and after every text. */
  readonly before: number;
  readonly after: number;
}

/** What is read of a `tokenizer.json`; truncation and padding are not, for the engine cuts windows of its own. */
interface TokenizerJson {
  readonly added_tokens: readonly AddedToken[];
  readonly normalizer: NormalizerPart;
  readonly pre_tokenizer: SplitterPart | null;
  readonly post_processor: PostProcessor | null;
  readonly model:
    | ({ readonly type: 'WordPiece' } & WordPieceModel)
    | ({ readonly type: 'BPE' } & BytePairModel)
    | ({ readonly type: 'Unigram' } & UnigramModel);
}

type PostProcessor =
  | { readonly type: 'BertProcessing' | 'RobertaProcessing'; readonly cls: Special; readonly sep: Special }
  | {
      readonly type: 'TemplateProcessing';
      readonly single: readonly TemplatePiece[];
      readonly special_tokens: Readonly<Record<string, { readonly ids: readonly number[] }>>;
    };
type Special = readonly [content: string, id: number];
type TemplatePiece = { readonly Sequence: object } | { readonly SpecialToken: { readonly id: string } };

/** @throws Error when the tokenizer is of a kind not known here, or does not put one token before and one after a text. */
export function createTokenizer(tokenizer: object): Tokenizer {
  const { added_tokens = [], ...json } = tokenizer as TokenizerJson;
  const [before, after] = surroundings(json.post_processor);
  const normalize = createNormalizer(json.normalizer);
  const split = createSplitter(json.pre_tokenizer);
  const cut = createModel(json.model);
  const findRaw = addedTokens(added_tokens.filter(({ normalized }) => !normalized));
  const findNormalized = addedTokens(
    added_tokens
      .filter(({ normalized }) => normalized)
      .map((token) => ({ ...token, content: normalize(token.content) })),
  );

  return {
    before,
    after,
    encode: (text) => {
      const ids: number[] = [];
      for (const raw of findRaw(text.toWellFormed())) {
        for (const part of typeof raw === 'number' ? [raw] : findNormalized(normalize(raw))) {
          if (typeof part === 'number') ids.push(part);
          else for (const word of split(part)) cut(word, ids);
        }
      }
      return ids;
    },
  };
}

/** What turns a word into ids, which it appends. */
function createModel(model: TokenizerJson['model']): (word: string, ids: number[]) => void {
  switch (model?.type) {
    case 'WordPiece':
      return wordPieces(model);
    case 'BPE':
      return bytePairs(model);
    case 'Unigram':
      return unigram(model);
    default:
      throw new Error(
        `The tokenizer's model "${(model as { type: unknown } | undefined)?.type}" is not supported.`,
      );
  }
}

/** The token before a text and the one after it. */
function surroundings(part: PostProcessor | null): [before: number, after: number] {
  if (part?.type === 'BertProcessing' || part?.type === 'RobertaProcessing')
    return [part.cls[1], part.sep[1]];
  if (part?.type === 'TemplateProcessing') {
    const ids = part.single.map((piece) =>
      'SpecialToken' in piece ? (part.special_tokens[piece.SpecialToken.id]?.ids ?? []) : [NaN],
    );
    const [before, text, after, ...more] = ids.flat();
    if (before !== undefined && Number.isNaN(text) && after !== undefined && more.length === 0)
      return [before, after];
  }
  throw new Error('The tokenizer must put exactly one token before a text and one after it.');
}

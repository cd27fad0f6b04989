/** How a normalized text is cut into words, none of which a token crosses, by the `pre_tokenizer` of a `tokenizer.json`. */
import { NEWER_ALPHANUMERIC, PUNCTUATION } from './unicode.ts';

export type SplitterPart =
  | { readonly type: 'Sequence'; readonly pretokenizers: readonly SplitterPart[] }
  | { readonly type: 'BertPreTokenizer' }
  | { readonly type: 'ByteLevel'; readonly add_prefix_space: boolean; readonly use_regex?: boolean }
  | { readonly type: 'WhitespaceSplit' }
  | Metaspace;

interface Metaspace {
  readonly type: 'Metaspace';
  readonly replacement: string;
  readonly add_prefix_space?: boolean;
  readonly prepend_scheme?: string;
  readonly split?: boolean;
}

type Split = (text: string) => readonly string[];

/** Punctuation stands alone. */
const BERT_WORDS = new RegExp(`[${PUNCTUATION}]|[^${PUNCTUATION}\\p{White_Space}]+`, 'gu');
const SPACED_WORDS = /\P{White_Space}+/gu;

const LETTER = `[\\p{L}--[${NEWER_ALPHANUMERIC}]]`;
const NUMBER = `[\\p{N}--[${NEWER_ALPHANUMERIC}]]`;
const OTHER = `[^${LETTER}${NUMBER}\\p{White_Space}]`;
/** GPT-2's: English endings, letters, numbers, others, each with a space before it if there is one, and what space is left. */
const BYTE_LEVEL_WORDS = new RegExp(
  `'s|'t|'re|'ve|'m|'ll|'d| ?${LETTER}+| ?${NUMBER}+| ?${OTHER}+|\\p{White_Space}+(?!\\P{White_Space})|\\p{White_Space}+`,
  'gv',
);

export function createSplitter(part: SplitterPart | null): Split {
  switch (part?.type) {
    case 'Sequence': {
      const splits = part.pretokenizers.map(createSplitter);
      return (text) => splits.reduce((words: readonly string[], split) => words.flatMap(split), [text]);
    }
    case 'BertPreTokenizer':
      return (text) => text.match(BERT_WORDS) ?? [];
    case 'ByteLevel': {
      const { add_prefix_space, use_regex = true } = part;
      if (!use_regex)
        throw new Error('A byte level tokenizer without the splitting by GPT-2 is not supported.');
      return (text) =>
        (add_prefix_space && !text.startsWith(' ') ? ` ${text}` : text).match(BYTE_LEVEL_WORDS) ?? [];
    }
    case 'WhitespaceSplit':
      return (text) => text.match(SPACED_WORDS) ?? [];
    case 'Metaspace':
      return metaspace(part);
    default:
      throw new Error(
        `The tokenizer's pre-tokenizer "${(part as { type: unknown } | null)?.type}" is not supported.`,
      );
  }
}

/** SentencePiece's: a visible character for each space, one before the text, and words begin with it. */
function metaspace({ replacement, add_prefix_space, prepend_scheme, split = true }: Metaspace): Split {
  if (
    replacement.length !== 1 ||
    add_prefix_space === false ||
    (prepend_scheme ?? 'always') !== 'always' ||
    !split
  ) {
    throw new Error(
      'A Metaspace that does not put its mark before each text and split there is not supported.',
    );
  }
  return (text) => {
    const marked = text.replaceAll(' ', replacement);
    const whole = marked.startsWith(replacement) ? marked : replacement + marked;
    return whole
      .slice(1)
      .split(replacement)
      .map((word) => replacement + word);
  };
}

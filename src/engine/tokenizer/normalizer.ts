/** How a text is made uniform before it is cut into words, by the `normalizer` of a `tokenizer.json`. */
import { charsmap } from './charsmap.ts';
import { CONTROL, IDEOGRAPH, MARK, normalizeUnicode } from './unicode.ts';

export type NormalizerPart =
  | null
  | { readonly type: 'Sequence'; readonly normalizers: readonly NormalizerPart[] }
  | { readonly type: 'NFC' }
  | { readonly type: 'Precompiled'; readonly precompiled_charsmap: string }
  | { readonly type: 'Replace'; readonly pattern: object; readonly content: string }
  | BertNormalizer;

interface BertNormalizer {
  readonly type: 'BertNormalizer';
  readonly clean_text: boolean;
  readonly handle_chinese_chars: boolean;
  /** Null: as `lowercase` is. */
  readonly strip_accents: boolean | null;
  readonly lowercase: boolean;
}

type Step = (text: string) => string;

export function createNormalizer(part: NormalizerPart): Step {
  switch (part?.type) {
    case undefined:
      return (text) => text;
    case 'Sequence': {
      const steps = part.normalizers.map(createNormalizer);
      return (text) => steps.reduce((before, step) => step(before), text);
    }
    case 'NFC':
      return (text) => normalizeUnicode(text, 'NFC');
    case 'Precompiled':
      return charsmap(part.precompiled_charsmap);
    case 'Replace':
      return replace(part);
    case 'BertNormalizer':
      return bertNormalizer(part);
    default:
      throw new Error(`The tokenizer's normalizer "${(part as { type: unknown }).type}" is not supported.`);
  }
}

const CONTROLS = new RegExp(`[${CONTROL}]+`, 'gu');
const SPACES = /\p{White_Space}/gu;
const IDEOGRAPHS = new RegExp(`[${IDEOGRAPH}]`, 'gu');
const MARKS = new RegExp(`[${MARK}]+`, 'gu');

function bertNormalizer(part: BertNormalizer): Step {
  const { clean_text, handle_chinese_chars, strip_accents, lowercase } = part;
  if (!clean_text) throw new Error('A BERT normalizer that does not clean the text is not supported.');
  const steps: Step[] = [(text) => text.replace(CONTROLS, '').replace(SPACES, ' ')];
  if (handle_chinese_chars) steps.push((text) => text.replace(IDEOGRAPHS, ' $& '));
  if (strip_accents ?? lowercase) steps.push((text) => normalizeUnicode(text, 'NFD').replace(MARKS, ''));
  if (lowercase) steps.push(lowerCase);
  return (text) => steps.reduce((before, step) => step(before), text);
}

/** Each letter by itself: JavaScript alone would write a capital sigma at a word's end as ς. */
const lowerCase = (text: string): string => text.replaceAll('Σ', 'σ').toLowerCase();

/** Literal texts, and the one regular expression that is about: patterns from a file could take forever. */
function replace({ pattern, content }: { readonly pattern: object; readonly content: string }): Step {
  if ('String' in pattern && typeof pattern.String === 'string') {
    const literal = pattern.String;
    return (text) => text.replaceAll(literal, () => content);
  }
  if ('Regex' in pattern && pattern.Regex === ' {2,}') return (text) => text.replace(/ {2,}/g, () => content);
  throw new Error(
    'The tokenizer replaces by a regular expression other than " {2,}", which is not supported.',
  );
}

/** What is known of one kind of number that an authority issues. */
import type { EntityKind } from '../../../personal-kinds.ts';

export interface NumberRow {
  readonly kind: EntityKind;
  /**
   * The forms in which it is written: `9` is a digit, `A` a letter, `N` either; `-` is where its groups are usually
   * parted, by whatever sign. Each is also found without separators.
   */
  readonly forms: readonly string[];
  /** Whether characters of that form, separators removed and in capitals, can be one: check digits, ranges, dates. */
  readonly holds?: (compact: string) => boolean;
  /** Words that speak of it, in English and the languages of its country (`wordsOf`). */
  readonly words: RegExp;
  /**
   * When a word is needed: never (form and check are rare by chance), for bare characters only (its usual groups are as
   * good as a word), or always.
   */
  readonly needsWord: 'never' | 'bare' | 'always';
  /** Whether less than one in fifty of all numbers of its form hold: enough even where digits were put together. */
  readonly isRare?: true;
  /** The separators that make its groups its own; without: a space or a hyphen, the same between all. */
  readonly partedBy?: string;
}

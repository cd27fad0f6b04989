/** What is known of one kind of national number. */
import type { EntityKind } from '../../shapes.ts';

export interface NationalId {
  readonly kind: EntityKind;
  /** Decimal digits it has at least: texts with fewer are not searched. */
  readonly digitsMin: number;
  /** Its shape with its usual separators, flag `g`. Not beside other letters or digits. */
  readonly shape: RegExp;
  /** Whether a number of that shape, separators removed and in capitals, can be one. */
  readonly holds: (compact: string) => boolean;
  /** Words that speak of it, in the languages of its country. */
  readonly words: RegExp;
  /**
   * When a word is needed: never (the shape and check are rare by chance), for bare digits only (its usual separators
   * are as good as a word), or always.
   */
  readonly needsWord: 'never' | 'bare' | 'always';
}

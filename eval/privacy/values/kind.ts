/** What is said of one kind of personal data to make values of it, with the words and fields that call it by name. */
import type { EntityKind } from '../../../src/personal-kinds.ts';
import type { Random } from '../../reading/random.ts';

export const LANGUAGES = [
  'en',
  'de',
  'fr',
  'es',
  'it',
  'pt',
  'nl',
  'pl',
  'sv',
  'fi',
  'tr',
  'ru',
  'ko',
  'ja',
  'zh',
  'th',
  'hi',
] as const;
export type Language = (typeof LANGUAGES)[number];

export interface MadeKind {
  readonly kind: EntityKind;
  /** What people call it. */
  readonly words: Readonly<Partial<Record<Language, readonly string[]>>>;
  /** What a field that holds it is called. */
  readonly fields: readonly string[];
  /** Its shape or its check tells it without a word. */
  readonly isPlain?: boolean;
  readonly value: (random: Random) => string;
}

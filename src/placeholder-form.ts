/**
 * The form of a placeholder, for all who must know one when they see it: `EMAIL_ADDRESS_482KQX917`, the kind and an
 * identity. No sign in it is one that Markdown, HTML, JSON, a URL or a tokenizer does anything with, but `_`, which is
 * read back in whatever way it is written (docs/personal-data.md says how the form was chosen).
 */
import { ENTITY_KINDS } from './personal-kinds.ts';

/** Letters of an identity: no vowel, so that no word comes of them; none that is taken for a digit or for another. */
export const ID_LETTERS = 'BCDFGHJKMNPQRSTVWXZ';
/** An identity: three digits, three letters, three digits. Nine characters, of one length, so that it ends where it ends. */
const ID = `\\d{3}[${ID_LETTERS}]{3}\\d{3}`;
export const ID_CHARS = 9;

/** Parts of a person's name that a placeholder can stand for. */
export const NAME_PARTS = ['FIRST', 'LAST'] as const;
export type NamePart = (typeof NAME_PARTS)[number];

const KIND = `(?:${ENTITY_KINDS.join('|')}|CUSTOM_[A-Z_]{1,25})`;
const PLACEHOLDER = `${KIND}(?:_(?:${NAME_PARTS.join('|')}))?(?:_\\d{1,6})?_${ID}`;
const STAND_IN = new RegExp(`${PLACEHOLDER}|\\[${KIND}\\]`, 'g');
/** Cheaper than the whole form, and in every text that has it. */
const HINT = new RegExp(`_${ID}|\\[[A-Z][A-Z_]{1,31}\\]`);

/** What stands in the place of a value that is never put back: its kind, the same for every value of it. */
export const maskOf = (kind: string): string => `[${kind}]`;

/** The placeholder of an identity. @param part which part or spelling of the value it stands for: `FIRST`, `2`, `LAST_2` */
export const placeholderOf = (kind: string, part: string, id: string): string =>
  part === '' ? `${kind}_${id}` : `${kind}_${part}_${id}`;

/** Replaces everything that has the exact form of a placeholder or a mask, whoever wrote it. */
export function replacePlaceholders(text: string, replacement: (written: string) => string): string {
  return HINT.test(text) ? text.replace(STAND_IN, replacement) : text;
}

/** Whether anything in the text has the exact form of a placeholder or a mask. */
export const holdsPlaceholder = (text: string): boolean => HINT.test(text) && text.search(STAND_IN) !== -1;

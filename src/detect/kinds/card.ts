/** Payment cards: an issuer's prefix, a length that this issuer uses, and Luhn's check digit (ISO/IEC 7812). */

import type { Groups } from '../groups.ts';
import { type Match, type Span, type StructuredFamily, type Subject, spansOf } from '../subject.ts';
import { luhn } from './checksums.ts';

/** Issuer prefixes with their lengths. The more of a number is digits alone, the less else it can be. */
const ISSUERS: readonly (readonly [prefix: RegExp, lengths: readonly number[]])[] = [
  [/^4/, [13, 16, 19]], // Visa
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]], // Mastercard
  [/^3[47]/, [15]], // American Express
  [/^(?:6011|65|64[4-9])/, [16, 19]], // Discover
  [/^3(?:0[0-5]|[689])/, [14]], // Diners Club
  [/^35(?:2[89]|[3-8])/, [16]], // JCB
  [/^62/, [16, 17, 18, 19]], // UnionPay
  [/^(?:220[0-4]|9792)/, [16]], // Mir, Troy
  [/^(?:5[06]|6[0-9])/, [16]], // Maestro, RuPay
];

/** What may stand between groups: a space or two, a dot, a hyphen, a line's end. No two ways to read one text. */
const SEPARATOR = '(?: ?(?:[.-]|\\r?\\n) ?| {1,2})?';
/** Digits with separators between some of them: a card, and perhaps other numbers before and after it. */
const RUN = new RegExp(`(?<![0-9A-Za-z]|\\d\\.)\\d(?:${SEPARATOR}\\d){12,}`, 'g');
const DIGITS_MIN = 13;
const DIGITS_MAX = 19;
/** Digits of a card's first group and of those between it and the last. */
const FIRST_GROUP_MIN = 4;
const GROUP_MIN = 3;

export const card: StructuredFamily = { name: 'card', kinds: ['CREDIT_CARD'], find };

function find({ text, digits, groups }: Subject): Match[] {
  if (digits < DIGITS_MIN) return [];
  if (!hasDigitsTogether(groups)) return [];
  return spansOf(RUN, text).flatMap((run) => cardsIn(text, run, /[A-Za-z]/.test(text[run.end] ?? '')));
}

/** UTF-16 code units between two groups of one card. */
const BETWEEN_CHARS_MAX = 4;

/** Whether groups side by side have as many digits as a card. */
function hasDigitsTogether({ starts, ends, digits, withDigits }: Groups): boolean {
  let together = 0;
  let read = Number.NEGATIVE_INFINITY;
  for (const group of withDigits) {
    const start = starts[group] ?? 0;
    together = (start - read <= BETWEEN_CHARS_MAX ? together : 0) + (digits[group] ?? 0);
    if (together >= DIGITS_MIN) return true;
    read = ends[group] ?? 0;
  }
  return false;
}

/** Things, telephones and SIM cards have numbers of such lengths, with the same check digit. */
const ARTICLE =
  /(?<!\p{L})(?:ean|gtin|isbn|upc|imei|iccid|barcode|jan)(?:[ -]?1[0-4])?(?: (?:no|nr|number|code))?[\s.:#=]{0,3}$/iu;
const ARTICLE_CHARS_MAX = 24;

/** A group of digits, and what stands before it. */
interface Group {
  readonly digits: string;
  readonly start: number;
  readonly separator: string;
}

/** Cards among the groups of a run: each begins and ends where a group does. A group that a letter ends is no number. */
function cardsIn(text: string, { 0: run, index: offset }: Span, isCut: boolean): Match[] {
  const groups: Group[] = [];
  for (const { 0: digits, index } of run.matchAll(/\d+/g)) {
    const last = groups.at(-1);
    const separator = last === undefined ? '' : run.slice(last.start + last.digits.length, index);
    groups.push({ digits, start: index, separator });
  }
  if (isCut) groups.pop();
  const matches: Match[] = [];
  for (let first = 0; first < groups.length; first++) {
    let digits = '';
    for (let last = first; last < groups.length && digits.length < DIGITS_MAX; last++) {
      const group = groups[last];
      if (last > first && (groups[first]?.digits.length ?? 0) < FIRST_GROUP_MIN) break;
      if (last > first + 1 && (groups[last - 1]?.digits.length ?? 0) < GROUP_MIN) break;
      digits += group?.digits.slice(0, DIGITS_MAX + 1) ?? '';
      if (digits.length < DIGITS_MIN || digits.length > DIGITS_MAX) continue;
      if (!isCard(digits) || !isOneNumber(groups.slice(first, last + 1))) continue;
      const start = offset + (groups[first]?.start ?? 0);
      const end = offset + (group?.start ?? 0) + (group?.digits.length ?? 0);
      if (ARTICLE.test(text.slice(Math.max(0, start - ARTICLE_CHARS_MAX), start))) continue;
      matches.push({ start, end, kind: 'CREDIT_CARD', score: 1 });
    }
  }
  return matches;
}

/** Whether groups are parted as one number is: all in one way, but for a line that may end at one space. */
function isOneNumber([first, ...rest]: readonly Group[]): boolean {
  if (first === undefined || rest.length === 0) return true;
  const written = rest.map(({ separator }) => separator.trim() || separator.replace(/^ +$/, ' '));
  const others = written.filter((separator) => !separator.includes('\n'));
  return written.length - others.length <= 1 && new Set(others).size <= 1;
}

function isCard(digits: string): boolean {
  if (/^(\d)\1+$/.test(digits)) return false;
  return (
    ISSUERS.some(([prefix, lengths]) => lengths.includes(digits.length) && prefix.test(digits)) &&
    luhn(digits)
  );
}

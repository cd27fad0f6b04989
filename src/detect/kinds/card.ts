/** Payment cards: an issuer's prefix, a length that this issuer uses, and Luhn's check digit (ISO/IEC 7812). */
import { luhn } from '../checksums.ts';
import { type Match, type StructuredFamily, type Subject, spansOf } from '../subject.ts';

/** Issuer prefixes with their lengths. The more of a number is digits alone, the less else it can be. */
const ISSUERS: readonly (readonly [prefix: RegExp, lengths: readonly number[]])[] = [
  [/^4/, [13, 16, 19]], // Visa
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]], // Mastercard
  [/^3[47]/, [15]], // American Express
  [/^(?:6011|65|64[4-9])/, [16, 19]], // Discover
  [/^3(?:0[0-5]|[689])/, [14]], // Diners Club
  [/^35(?:2[89]|[3-8])/, [16]], // JCB
  [/^62/, [16, 17, 18, 19]], // UnionPay
  [/^(?:5[06]|6[0-9])/, [16]], // Maestro, RuPay
];

/** Digits with single separators between some of them: a card, and perhaps other numbers before and after it. */
const RUN = /(?<![0-9A-Za-z]|\d[.,])\d(?:[ .-]?\d){12,}(?![A-Za-z])/g;
const DIGITS_MIN = 13;
const DIGITS_MAX = 19;

export const card: StructuredFamily = { name: 'card', kinds: ['CREDIT_CARD'], find };

function find({ text, digits }: Subject): Match[] {
  if (digits < DIGITS_MIN) return [];
  return spansOf(RUN, text).flatMap((run) => cardsIn(run[0], run.index));
}

/** Cards among the groups of digits of a run: each begins and ends where a group does. */
function cardsIn(run: string, offset: number): Match[] {
  const groups = [...run.matchAll(/\d+/g)];
  const matches: Match[] = [];
  for (let first = 0; first < groups.length; first++) {
    let digits = '';
    for (let last = first; last < groups.length && digits.length < DIGITS_MAX; last++) {
      const group = groups[last];
      digits += group?.[0].slice(0, DIGITS_MAX + 1) ?? '';
      if (digits.length < DIGITS_MIN || digits.length > DIGITS_MAX || !isCard(digits)) continue;
      const start = offset + (groups[first]?.index ?? 0);
      const end = offset + (group?.index ?? 0) + (group?.[0].length ?? 0);
      matches.push({ start, end, kind: 'CREDIT_CARD', score: 1 });
    }
  }
  return matches;
}

function isCard(digits: string): boolean {
  if (/^(\d)\1+$/.test(digits)) return false;
  return (
    ISSUERS.some(([prefix, lengths]) => lengths.includes(digits.length) && prefix.test(digits)) &&
    luhn(digits)
  );
}

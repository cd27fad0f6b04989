/** Bank accounts: a country, that country's length, and the check of ISO 13616 (mod 97). */

import { type Groups, isAlphanumeric } from '../groups.ts';
import type { Match, StructuredFamily, Subject } from '../subject.ts';
import { iban97 } from './checksums.ts';

/** Characters of an IBAN by country: SWIFT IBAN registry, release 99. */
const LENGTHS: Readonly<Record<string, number>> = Object.assign(
  Object.create(null),
  Object.fromEntries(
    `AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24
     FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32
     LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24
     RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30`
      .split(/\s+/)
      .map((row) => [row.slice(0, 2), Number(row.slice(2))]),
  ),
);

const BEGINNING = /[A-Za-z]{2}[ .-]?\d[ -]?\d/y;

export const iban: StructuredFamily = { name: 'iban', kinds: ['IBAN_CODE'], find };

function find({ text, digits, groups }: Subject): Match[] {
  if (digits < 6) return [];
  const matches: Match[] = [];
  for (const start of beginnings(groups)) {
    const beginning = text.slice(start, start + 2);
    const length = LENGTHS[beginning.toUpperCase()];
    if (length === undefined) continue;
    const end = endOf(text, start, length);
    if (end !== undefined && isIban(text.slice(start, end))) {
      matches.push({ start, end, kind: 'IBAN_CODE', score: 1 });
    }
  }
  return matches;
}

/** Where two letters stand with digits right behind them, as groups of their own or not. */
function beginnings({ text, starts, ends, digits, withDigits }: Groups): number[] {
  const begins: number[] = [];
  const addIfOne = (start: number): void => {
    BEGINNING.lastIndex = start;
    if (BEGINNING.test(text)) begins.push(start);
  };
  for (const group of withDigits) {
    const start = starts[group] ?? 0;
    if ((digits[group] ?? 0) < (ends[group] ?? 0) - start) addIfOne(start);
    else if (group > 0 && digits[group - 1] === 0 && isCountryLong(starts, ends, group - 1))
      addIfOne(starts[group - 1] ?? 0);
  }
  return begins;
}

const isCountryLong = (starts: readonly number[], ends: readonly number[], group: number): boolean =>
  (ends[group] ?? 0) - (starts[group] ?? 0) === 2;

/** In fours, as banks print it, or not parted at all. */
const PRINTED = /^[A-Z]{2}\d\d(?:([ .-]?)[0-9A-Z]{4}(?:\1[0-9A-Z]{4}){0,7}(?:\1[0-9A-Z]{1,3})?)$/i;

/** The check holds once in 97 times by chance, also for "no 15 …": parted in another way, it is half digits at least. */
function isIban(written: string): boolean {
  const compact = written.replace(/[^0-9A-Za-z]/g, '');
  if (!iban97(compact)) return false;
  return PRINTED.test(written) || compact.replace(/\D/g, '').length * 2 >= compact.length;
}

/** What may part the characters: a space or two, a line's end, a hyphen or a dot. */
const SEPARATORS = ' .-\r\n\t';
const SEPARATOR_CHARS_MAX = 3;

/** Where `length` letters and digits end that begin at `start`, separators between them allowed. */
function endOf(text: string, start: number, length: number): number | undefined {
  let left = length;
  let read = start;
  for (let i = start; i < text.length; i++) {
    if (isAlphanumeric(text.charCodeAt(i))) {
      left--;
      read = i;
    } else if (i - read > SEPARATOR_CHARS_MAX || !SEPARATORS.includes(text.charAt(i))) return undefined;
    if (left === 0) return isAlphanumeric(text.charCodeAt(i + 1)) ? undefined : i + 1;
  }
  return undefined;
}

/** Dates of birth: a date beside a word that says so, or in a field named so. A date alone is no personal data. */

import type { Groups } from '../groups.ts';
import { isSpokenOfBehind } from '../said/context.ts';
import { type Match, type Span, type StructuredFamily, type Subject, spansOf } from '../subject.ts';
import { isDate } from './checksums.ts';

/** As people write them; in programs, the words of one are joined: `date_of_birth`, `dateOfBirth`. */
const WORDS =
  /(?<![\p{Script=Latin}\p{Script=Cyrillic}])(?:d\.?\s?o\.?\s?bs?(?![a-z])|(?:date|day|year)s?[ _-]?of[ _-]?birth|birth[ _-]?date|birth[ _-]?day|b-?day|born|geboren|geburtsdat(?:um|en)|geburtstag|geb\.|n[ée]e? le|dates?[ _-]?de[ _-]?naissance|fechas?[ _-]?(?:de[ _-]?)?nac|nacid[oa]|nac[ií] el|dat[ae][ _-]?(?:di[ _-]?)?nascita|nat[oa] il|datas?[ _-]?(?:de[ _-]?)?nasc|nascid[oa]|nasci em|geboortedat(?:um|a)|urodz|data[ _-]?urodzenia|ur\.|född|födelsedat|fødselsdato|født|synt|narozen|született|születési|lahir|sinh |do[ğg]um[ _-]?tarihi|doğum günü|дата рождения|родил|ngày sinh|जन्म)|生年月日|出生|生于|生日|생년월일|تاريخ الميلاد/iu;

const MONTH =
  '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|janv|févr|avr|juin|juil|août|déc|ene|abr|ago|dic|gen|mag|giu|lug|set|ott|fev|out|maa|mei|maj|sty|lut|kwi|cze|lip|sie|wrz|paź|lis|gru|mrt|des|oca|şub|nis|haz|tem|ağu|eyl|eki|kas|ara|tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu|led|úno|bře|dub|kvě|črv|srp|zář|říj|pro|janu|febr|márc|ápr|szept|agu|янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек)[\\p{L}]{0,10}\\.?';
const BEFORE = '(?<![\\p{Script=Latin}\\p{Script=Cyrillic}\\p{N}])';
const AFTER = '(?![\\p{Script=Latin}\\p{Script=Cyrillic}\\p{N}])';
/** Each names its parts, so that the day can be checked to exist. */
const DATES: readonly RegExp[] = [
  new RegExp(`${BEFORE}(?<y>(?:1[89]|20)\\d\\d)([-/.]| - )(?<m>\\d{1,2})\\2(?<d>\\d{1,2})(?!\\d)`, 'gu'),
  new RegExp(
    `${BEFORE}(?<a>\\d{1,2})([-/.]|\\. | / | )(?<b>\\d{1,2})\\2(?<y>(?:1[89]|20)?\\d\\d)(?!\\d)`,
    'gu',
  ),
  new RegExp(
    `${BEFORE}(?<d>\\d{1,2})(?:st|nd|rd|th|\\.|er|º|°)?(?: of| de)?[ -]?${MONTH}(?: de| del|,)?[ -]?['’]?(?<y>(?:1[89]|20)?\\d\\d)${AFTER}`,
    'giu',
  ),
  new RegExp(
    `${BEFORE}${MONTH},?[ -](?<d>\\d{1,2})(?:st|nd|rd|th)?,?[ -](?<y>(?:1[89]|20)\\d\\d)${AFTER}`,
    'giu',
  ),
  new RegExp(`${BEFORE}(?<y>(?:1[89]|20)\\d\\d)[ -]${MONTH}[ -](?<d>\\d{1,2})${AFTER}`, 'giu'),
  /(?<y>(?:1[89]|20)\d\d) ?[年년] ?(?<m>\d{1,2}) ?[月월] ?(?<d>\d{1,2}) ?[日일]?/gu,
  new RegExp(`${BEFORE}(?<y>(?:19|20)\\d\\d)(?<m>\\d\\d)(?<d>\\d\\d)${AFTER}`, 'gu'),
  new RegExp(`${BEFORE}(?<a>\\d\\d)(?<b>\\d\\d)(?<y>(?:19|20)\\d\\d)${AFTER}`, 'gu'),
];

/** A year alone, right behind words that speak of a birth. */
const YEAR =
  /(?:19|20)\d\d(?![\p{L}\p{N}]|[-/.]\d)(?<=(?<!\p{L})(?:born in|year of birth|birth year|yob|geburtsjahr|jahrgang|née? en|année de naissance|nacid[oa] en|año de nacimiento|nat[oa] nel|anno di nascita|nascid[oa] em|geboren in|rok urodzenia|födelseår)(?: is)?[ :=]{1,3}\d{4})/giu;

/** Of `DATES`, those whose year may have two digits, and the first of those of eight digits. */
const SHORT_YEARS = [1, 2];
const EIGHT_DIGITS = 6;
const YEAR_ALONE = /(?<!\d)(?:1[89]|20)\d\d(?!\d)/;
/** Characters from a day to a year of two digits, its month between them. */
const DAY_TO_YEAR_CHARS_MAX = 32;

/** What a text's groups could be: most texts with numbers have no date, and need not be searched for each way of writing one. */
function datesIn({
  text,
  starts,
  ends,
  digits,
  withDigits,
}: Groups): Record<'hasYear' | 'hasShortYear' | 'hasEight', boolean> {
  let [hasYear, hasShortYear, hasEight] = [false, false, false];
  let dayEnd = Number.NEGATIVE_INFINITY;
  for (const i of withDigits) {
    const count = digits[i] ?? 0;
    const start = starts[i] ?? 0;
    const end = ends[i] ?? 0;
    if (count >= 8) hasEight = true;
    if (count >= 4) hasYear ||= YEAR_ALONE.test(text.slice(start, end));
    if (count > 2 || end - start > 4) continue;
    hasShortYear ||= count === 2 && start - dayEnd <= DAY_TO_YEAR_CHARS_MAX;
    dayEnd = end;
  }
  return { hasYear, hasShortYear, hasEight };
}

export const birth: StructuredFamily = { name: 'birth', kinds: ['DATE_OF_BIRTH'], words: [WORDS], find };

function find(subject: Subject): Match[] {
  if (subject.digits < 3) return [];
  const { hasYear, hasShortYear, hasEight } = datesIn(subject.groups);
  if (!hasYear && !hasShortYear && !hasEight) return [];
  const dates: Span[] = [];
  for (const [i, pattern] of DATES.entries()) {
    if (!(i >= EIGHT_DIGITS ? hasEight : hasYear || (hasShortYear && SHORT_YEARS.includes(i)))) continue;
    for (const found of spansOf(pattern, subject.text)) if (exists(found.groups ?? {})) dates.push(found);
  }
  const matches = ofBirth(subject, dates);
  for (const { index, end } of spansOf(YEAR, subject.text)) {
    matches.push({ start: index, end, kind: 'DATE_OF_BIRTH', score: 0.8 });
  }
  return matches;
}

/** Those of the dates that are of a birth. A list can have days written in several ways. */
function ofBirth(subject: Subject, dates: Span[]): Match[] {
  const matches: Match[] = [];
  // The last two that are apart: what is read in two ways goes on from what stands before both.
  let said: Match | undefined;
  let before: Match | undefined;
  for (const { index: start, end } of dates.sort((a, b) => a.index - b.index || b.end - a.end)) {
    const isApart = said === undefined || said.end <= start;
    if (!subject.lists(isApart ? said : before, start) && !isSaid(subject, start, end)) continue;
    if (isApart) before = said;
    said = { start, end, kind: 'DATE_OF_BIRTH', score: 0.9 };
    matches.push(said);
  }
  return matches;
}

/** Whether a word of birth stands before the date, speaks of it right behind, or names its field or column. */
function isSaid(subject: Subject, start: number, end: number): boolean {
  if (subject.says(WORDS, start, end)) return true;
  if (!isSpokenOfBehind(subject.text, end)) return WORDS.test(subject.columnAt(start));
  return subject.context(start, end).says(WORDS);
}

/** Whether the parts make a day, in either order where the order cannot be told. */
function exists({ y, m, d, a, b }: Record<string, string>): boolean {
  const year = Number(y);
  if (a !== undefined) return isDate(year, Number(b), Number(a)) || isDate(year, Number(a), Number(b));
  return isDate(year, m === undefined ? 1 : Number(m), Number(d));
}

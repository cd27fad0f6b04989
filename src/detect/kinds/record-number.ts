/**
 * Numbers that nothing but a word beside them tells: of medical records, passports, driving licences and bank accounts.
 * Their forms differ by country, state and house, so that any run of letters and digits will do.
 */

import { type Groups, separatorAt } from '../groups.ts';
import { type Context, isSpokenOfBehind, RIGHT_BEFORE, wordsOf } from '../said/context.ts';
import type { Match, StructuredFamily, Subject } from '../subject.ts';
import { LICENCE_WORDS, licenceKind } from './driving-licence.ts';
import { machineReadable, PASSPORT_WORDS, passportKind } from './passport.ts';

interface Row {
  /** The kind of a value, its separators removed and in capitals, by what is said around it. */
  readonly kind: (compact: string, context: Context) => Match['kind'];
  readonly kinds: readonly Match['kind'][];
  readonly words: RegExp;
  readonly charsMin: number;
  readonly charsMax: number;
  readonly digitsMin: number;
  /** Whether letters may be part of it. */
  readonly hasLetters: boolean;
  /** The signs that may tie its groups, a space among them. */
  readonly ties: string;
}

const RECORD_WORDS = wordsOf(
  "(?:mrn|m\\.r\\.n|(?:medical|health|clinical|hospital|patient)(?:'s)? (?:record|chart|file|case|registration)|(?:patient|hospital|chart|ehr|emr|subscriber|health (?:card|plan|insurance|record)|insurance member)(?:'s)? ?(?:id|no|nr|num|number|#|identifier)|health (?:card|id)(?![a-z]))",
  '(?:patientennummer|patienten ?id|krankenakte|fallnummer|dossier m[ée]dical|num[ée]ro de (?:patient|dossier)|historia cl[ií]nica|n[uú]mero de (?:paciente|historia)|cartella clinica|prontu[áa]rio|patiëntnummer|numer pacjenta|journalnummer|номер карты|мед(?:ицинская|\\.) карт)',
  '病历号',
  '病歷號',
  '患者番号',
  'カルテ番号',
  '(?<!사업자|주민|외국인|차량)등록번호',
);

const ACCOUNT_WORDS = wordsOf(
  'bank(?:ing)? (?:account|acct|number|no|details|info)',
  '(?:checking|savings?|current|deposit|debit|credit union|chequing|payroll|brokerage|giro) (?:account|acct|number|no|a/c)',
  `accounts?(?: (?:number|no|num|nr|id|is|was))?${RIGHT_BEFORE}`,
  'accounts? ?(?:number|no|num|nr|#)',
  'acct',
  'a/c',
  'direct deposit',
  'checking',
  'savings',
  'wire (?:to|transfer)',
  'debit',
  'kontonummer',
  'konto(?:nr|\\.|:| )',
  'numéro de compte',
  'n[úu]mero de cuenta',
  'numero di conto',
  'rekeningnummer',
  `bank${RIGHT_BEFORE}`,
);

const ROWS: readonly Row[] = [
  {
    kind: () => 'MEDICAL_RECORD_NUMBER',
    kinds: ['MEDICAL_RECORD_NUMBER'],
    words: RECORD_WORDS,
    charsMin: 5,
    // A UUID is a record's number too.
    charsMax: 40,
    digitsMin: 4,
    hasLetters: true,
    ties: '-/._',
  },
  {
    kind: passportKind,
    kinds: [
      'PASSPORT',
      'US_PASSPORT',
      'UK_PASSPORT',
      'ES_PASSPORT',
      'IT_PASSPORT',
      'DE_PASSPORT',
      'IN_PASSPORT',
      'KR_PASSPORT',
    ],
    words: PASSPORT_WORDS,
    charsMin: 6,
    charsMax: 12,
    digitsMin: 3,
    hasLetters: true,
    ties: ' ',
  },
  {
    kind: licenceKind,
    kinds: ['US_DRIVER_LICENSE'],
    words: LICENCE_WORDS,
    charsMin: 5,
    charsMax: 24,
    digitsMin: 3,
    hasLetters: true,
    ties: '- ',
  },
  {
    kind: () => 'US_BANK_NUMBER',
    kinds: ['US_BANK_NUMBER'],
    words: ACCOUNT_WORDS,
    charsMin: 7,
    charsMax: 24,
    digitsMin: 7,
    hasLetters: false,
    ties: '- ',
  },
];

/** No row has a value with fewer digits, or with fewer in its first two groups. */
const DIGITS_MIN = 3;
const GROUPS_MAX = 8;

export const recordNumber: StructuredFamily = {
  name: 'record number',
  kinds: ROWS.flatMap(({ kinds }) => kinds),
  words: ROWS.map(({ words }) => words),
  find,
};

function find(subject: Subject): Match[] {
  if (subject.digits < DIGITS_MIN) return [];
  const { digits, starts, withDigits } = subject.groups;
  const matches: Match[] = machineReadable(subject.text);
  const search: Search = { subject, matches, said: new Map() };
  let read = -1;
  for (const i of withDigits) {
    // The rest of a number is not a number of its own.
    if (i <= read || subject.text[(starts[i] ?? 0) - 1] === '+') continue;
    const last = lastTied(subject.groups, i, '-/._+ ');
    let sum = 0;
    for (let group = i; group <= last; group++) sum += digits[group] ?? 0;
    if (sum >= DIGITS_MIN) {
      const first = withLetters(subject.groups, i);
      // "CDL 1234567": letters before the number may be the word that tells it.
      if (!look(search, i, first) && first !== i) look(search, i, i);
    }
    read = lastTied(subject.groups, i, '-/._+');
  }
  return matches;
}

interface Search {
  readonly subject: Subject;
  readonly matches: Match[];
  /** By row: the last value of which its words spoke. */
  readonly said: Map<Row, Pick<Match, 'start' | 'end'>>;
}

/** The last of the groups that `ties` join to the one at `first`; over a space, only groups with digits. */
function lastTied(groups: Groups, first: number, ties: string): number {
  let last = first;
  while (last - first < GROUPS_MAX) {
    const sign = separatorAt(groups, last);
    if (sign === undefined || !ties.includes(sign)) break;
    // Over a space, or a hyphen between spaces, a word goes on.
    const isApart = (groups.starts[last + 1] ?? 0) - (groups.ends[last] ?? 0) > 1;
    if ((sign === ' ' || isApart) && groups.digits[last + 1] === 0) break;
    last++;
  }
  return last;
}

/** Asks each row about the number that begins with the group at `first` and has its first digits in that at `index`. */
function look({ subject, matches, said }: Search, index: number, first: number): boolean {
  const { groups } = subject;
  const start = groups.starts[first] ?? 0;
  let isFound = false;
  for (const row of ROWS) {
    const last = lastTied(groups, index, row.ties);
    if (!isOf(row, groups, first, last)) continue;
    const end = groups.ends[last] ?? 0;
    const isListed = subject.lists(said.get(row), start);
    if (!isListed && subject.before(start).isSilent && !isSpokenOfBehind(groups.text, end)) continue;
    const context = subject.context(start, end);
    if (!isListed && !context.says(row.words)) continue;
    const value = groups.text.slice(start, end);
    if (isDateShaped(value) || (subject.needsProof && isGlued(value))) continue;
    said.set(row, { start, end });
    const compact = value.replace(/[^0-9A-Za-z]/g, '').toUpperCase();
    matches.push({ start, end, kind: row.kind(compact, context), score: 0.85 });
    isFound = true;
  }
  return isFound;
}

/** Whether groups have as many letters and digits as the row asks for. */
function isOf(row: Row, { starts, ends, digits }: Groups, first: number, last: number): boolean {
  let chars = 0;
  let sum = 0;
  for (let i = first; i <= last; i++) {
    chars += (ends[i] ?? 0) - (starts[i] ?? 0);
    sum += digits[i] ?? 0;
  }
  if (chars < row.charsMin || chars > row.charsMax || sum < row.digitsMin) return false;
  return row.hasLetters || sum === chars;
}

/** Words in capitals that stand before a number and are no part of it. */
const NO_PART = /^(?:NO|ID|NR|IS|MRN|DL|AC|SSN|NUM|THE|MY|AND|OR|FOR|OF|AT|ON|IN)$/i;
const LETTERS_MAX = 5;
const CAPITALS_MAX = 3;

/** The group at `index`, or the letters before it that are part of the number: tied to it, or capitals before a space. */
function withLetters({ text, starts, ends, digits }: Groups, index: number): number {
  const before = index - 1;
  if (before < 0 || digits[before] !== 0) return index;
  const [start = 0, end = 0] = [starts[before], ends[before]];
  if ((starts[index] ?? 0) - end !== 1) return index;
  const letters = text.slice(start, end);
  if (NO_PART.test(letters)) return index;
  const sign = text[end] ?? '';
  if ('-_'.includes(sign)) return letters.length <= LETTERS_MAX ? before : index;
  // A year is no number of a kind that begins with letters.
  const isLong = (ends[index] ?? 0) - (starts[index] ?? 0) > 4;
  return sign === ' ' && isLong && letters.length <= CAPITALS_MAX && /^[A-Z]+$/.test(letters)
    ? before
    : index;
}

/** Small letters side by side, or few digits, in what was put together: words that stood beside a number. */
const isGlued = (value: string): boolean => /[a-z]{2}/.test(value) || value.replace(/\D/g, '').length < 6;

/** A visit's date, or the years of a treatment, are not the number. */
const isDateShaped = (value: string): boolean =>
  /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|(?:19|20)\d\d[-/](?:19|20)\d\d)$/.test(
    value,
  );

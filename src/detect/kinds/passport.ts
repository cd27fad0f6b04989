/** Passports: a word tells that a number is one, its form and the country's name whose it is. */
import type { EntityKind } from '../../personal-kinds.ts';
import { type Context, RIGHT_BEFORE, wordsOf } from '../said/context.ts';
import { type Match, spansOf } from '../subject.ts';

export const PASSPORT_WORDS = wordsOf(
  'pass?ports?',
  'reisepass',
  'pass ?n(?:r|ummer)',
  'passeport',
  'pasaporte',
  'passaporto',
  'passaporte',
  'paspoort',
  'paszport',
  'pas+nummer',
  'passi(?:n numero)?',
  // In English, tests pass, and one boards with a pass.
  `(?:mitt|mein|ditt|dein|ihr) pass(?:et)?(?: (?:är|er|ist|lautet|hat))?${RIGHT_BEFORE}`,
  `pass(?:et)?(?: mitt)? (?:är|er|lautet)${RIGHT_BEFORE}`,
  'pasaport',
  'travel document',
  'mrz',
  'паспорт',
  'hộ chiếu',
  '护照',
  '護照',
  '旅券',
  'パスポート',
  '여권',
  'yeogwon',
  'जवाज़',
  'पासपोर्ट',
  'جواز',
);

interface Issuer {
  readonly kind: EntityKind;
  readonly form: RegExp;
  readonly words: RegExp;
}

const ISSUERS: readonly Issuer[] = [
  {
    kind: 'US_PASSPORT',
    form: /^[A-Z]?\d{8,9}$/,
    words: wordsOf('us', 'u\\.s\\.', 'usa', 'american', 'united states'),
  },
  {
    kind: 'UK_PASSPORT',
    form: /^(?:\d{9}|[A-Z]{2}\d{7})$/,
    words: wordsOf('uk', 'u\\.k\\.', 'gb', 'british', 'united kingdom', 'hm passport', 'hmpo'),
  },
  {
    kind: 'IN_PASSPORT',
    form: /^[A-Z]\d{7}$/,
    words: wordsOf('indian?(?![a-z])', 'पासपोर्ट'),
  },
  {
    kind: 'KR_PASSPORT',
    form: /^[A-Z](?:\d{8}|\d{3}[A-Z]\d{4})$/,
    words: wordsOf('korean?(?![a-z])', '여권', 'yeogwon', '한국', '대한민국'),
  },
  {
    kind: 'ES_PASSPORT',
    form: /^[A-Z]{2,3}\d{6}[A-Z]?$/,
    words: wordsOf('spanish', 'spain', 'pasaporte', 'español'),
  },
  {
    kind: 'IT_PASSPORT',
    form: /^[A-Z]{2}\d{7}$/,
    words: wordsOf('italian?(?![a-z])', 'italy', 'passaporto'),
  },
  {
    kind: 'DE_PASSPORT',
    form: /^[CFGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{8}\d?$/,
    words: wordsOf('german', 'deutsch', 'reisepass', 'pass ?n(?:r|ummer)'),
  },
];

/** Whose passport a number is; `PASSPORT` where its country is not said, or is another. */
export const passportKind = (compact: string, context: Context): EntityKind =>
  ISSUERS.find(({ form, words }) => form.test(compact) && context.says(words))?.kind ?? 'PASSPORT';

/** ICAO Doc 9303: lines of thirty, thirty-six or forty-four capitals, digits and fillers, two or three together. */
const MACHINE_READABLE =
  /(?<![0-9A-Z<])(?:[PIACV][A-Z<][A-Z<]{3}[0-9A-Z<]{25,39})(?:\r?\n[0-9A-Z<]{30,44}){1,2}(?![0-9A-Z<])/g;

/** The machine-readable lines of passports and identity cards: names, numbers and the day of birth. */
export function machineReadable(text: string): Match[] {
  if (!text.includes('<<')) return [];
  return spansOf(MACHINE_READABLE, text).map(({ index, end }) => ({
    start: index,
    end,
    kind: 'PASSPORT',
    score: 0.95,
  }));
}

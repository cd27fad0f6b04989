/** Passports: a word tells that a number is one, its form and the country's name whose it is. */
import type { EntityKind } from '../../shapes.ts';
import { type Context, wordsOf } from '../context.ts';

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
    words: wordsOf('korean?(?![a-z])', '여권', '한국', '대한민국'),
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

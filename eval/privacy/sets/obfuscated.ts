/** Values written so that they do not look like themselves, one way at a time and two together. */
import type { EntityKind } from '../../../src/personal-kinds.ts';
import { pick, type Random } from '../../reading/random.ts';
import { OBFUSCATIONS, PAIRED } from '../obfuscations/all.ts';
import type { Obfuscation, Suits } from '../obfuscations/obfuscation.ts';
import { filled, type Row, type SetOfRows } from '../row.ts';
import type { MadeKind } from '../values/kind.ts';
import { MADE_KINDS } from '../values/kinds.ts';
import { drawn } from './draw.ts';

const KINDS: Readonly<Record<Suits, readonly EntityKind[]>> = {
  any: [
    'EMAIL_ADDRESS',
    'CREDIT_CARD',
    'IBAN_CODE',
    'US_SSN',
    'PHONE_NUMBER',
    'IP_ADDRESS',
    'ES_NIF',
    'UK_NINO',
    'IN_PAN',
    'FI_PERSONAL_IDENTITY_CODE',
    'SECRET',
    'CRYPTO',
  ],
  number: [
    'CREDIT_CARD',
    'US_SSN',
    'PHONE_NUMBER',
    'PL_PESEL',
    'UK_NHS',
    'DE_TAX_ID',
    'IN_AADHAAR',
    'BR_CPF',
    'US_BANK_NUMBER',
    'CN_RESIDENT_ID',
    'US_PASSPORT',
    'FR_NIR',
  ],
  mail: ['EMAIL_ADDRESS'],
};
const EACH_OF_MAIL = 14;

const MARKED = [
  'My {label} is {value}.',
  '{label}: {value}',
  'pls use {label} {value} for now',
  'Customer: the {label}, that is {value}, thanks',
];
/** For what tells itself. */
const BARE = ['you can reach it with {value} any time', 'I wrote {value} on the form'];

export function obfuscatedSet(draw: number): SetOfRows {
  return {
    name: 'obfuscated',
    about: 'Written by escapes, look-alikes, separators, words, and two of these together.',
    aim: 'hide',
    rows: [...OBFUSCATIONS, ...PAIRED].flatMap((one) => rowsOf(one, draw)),
  };
}

function rowsOf(obfuscation: Obfuscation, draw: number): Row[] {
  const random = drawn(`obfuscated ${obfuscation.name}`, draw);
  const kinds = KINDS[obfuscation.suits];
  const each = obfuscation.suits === 'mail' ? EACH_OF_MAIL : 2;
  return kinds.flatMap((kind) => {
    const made = MADE_KINDS.find((one) => one.kind === kind);
    if (made === undefined) throw new Error(`Nothing makes ${kind}.`);
    return Array.from({ length: each }, (_, at) => rowOf(obfuscation, made, at, random));
  });
}

/** A number that ends with a letter would be another without it. */
const isSuited = (value: string, suits: Suits): boolean => suits !== 'number' || !/[A-Za-z]/.test(value);

function rowOf(obfuscation: Obfuscation, made: MadeKind, at: number, random: Random): Row {
  let value = made.value(random);
  for (
    let draw = 0;
    !isSuited(value, obfuscation.suits) || value.includes('\n') || value.length > 120;
    draw += 1
  ) {
    if (draw > 1_000) throw new Error(`${made.kind} does not suit “${obfuscation.name}”.`);
    value = made.value(random);
  }
  const frame = made.isPlain === true && at % 2 === 1 ? pick(BARE, random) : pick(MARKED, random);
  const label = pick(made.words.en ?? [''], random);
  const fills = { label, value: { text: obfuscation.write(value, random), kind: made.kind } };
  return { class: obfuscation.name, frame: `${obfuscation.view}: ${made.kind}`, ...filled(frame, fills) };
}

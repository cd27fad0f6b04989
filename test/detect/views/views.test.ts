import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findStructured } from '../../../src/detect/structured.ts';
import { ANY, MAILS, NUMBERS } from './obfuscations.ts';

const found = (text: string): string[] =>
  findStructured(text).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);

/** Numbers that a word or a check tells: what they are, the word before, and how they are written. */
const TOLD = [
  ['CREDIT_CARD', 'card', '4539 1488 0343 6467'],
  ['CREDIT_CARD', 'number', '4539148803436467'],
  ['US_SSN', 'my ssn is', '536-90-4399'],
  ['PL_PESEL', 'PESEL', '44051401359'],
  ['UK_NHS', 'NHS number', '943 476 5919'],
  ['AU_TFN', 'TFN', '123 456 782'],
] as const;
const MAIL = 'jane.doe@example.org';
const CODES = ['12345678Z', 'RSSMRA85T10A562S', 'DE89 3704 0044 0532 0130 00', 'X1234567L'];

describe('hidden in any way, a value is found, and all of it', () => {
  test.each(Object.entries({ ...ANY, ...NUMBERS }))('a number: %s', (_name, hide) => {
    for (const [kind, word, value] of TOLD) {
      const hidden = hide(value);
      const text = `${word} ${hidden}, thanks`;
      expect(found(text)).toEqual([`${kind} ${hidden}`]);
    }
  });

  test.each(Object.entries({ ...ANY, ...MAILS }))('an address of mail: %s', (_name, hide) => {
    const hidden = hide(MAIL);
    expect(found(`Write to: ${hidden} (soon)`)).toEqual([`EMAIL_ADDRESS ${hidden}`]);
  });

  test.each(Object.entries(ANY))('letters and digits: %s', (_name, hide) => {
    for (const value of CODES) {
      const hidden = hide(value);
      expect(found(`so: ${hidden} ok`).map((finding) => finding.replace(/^\S+ /, ''))).toEqual([hidden]);
    }
  });
});

test('hidden in two ways at once, whatever stands around it, nothing of it is left', () => {
  const outer = [
    'JSON escapes',
    'percent',
    'HTML, decimal',
    'zero-width',
    'full-width',
    'struck through',
  ] as const;
  const words = fc.constantFrom('', 'ok', 'Hello, see', 'Hallo,', '請看', 'см.', '"x":', '(', 'até');
  fc.assert(
    fc.property(
      fc.constantFrom(...TOLD),
      fc.constantFrom(...Object.keys(NUMBERS).filter((name) => !name.startsWith('in '))),
      fc.constantFrom(...outer),
      words,
      words,
      ([, word, value], inner, wrapper, before, behind) => {
        const hidden = ANY[wrapper]!(NUMBERS[inner]!(value));
        const text = `${before} ${word} ${hidden} ${behind}`;
        const start = before.length + word.length + 2;
        const [finding] = findStructured(text).filter((match) => match.end > start);
        expect(finding).toMatchObject({ start });
        expect(finding!.end).toBe(start + hidden.length);
      },
    ),
    { numRuns: 300 },
  );
});

test.each([
  'more suitable at this point in time, current at the point in question',
  'look at example.org, I work at example.com, meet me at example dot com',
  'your balance is 12,560.78 in the bank account, a withdrawal of RMB 10,000.00 from the account',
  'Transaction time of the bank account: 08-06 14:30',
  'medical records of the past three years (2022–2025)',
  'Your trip with the car from No. 128',
  '1 2 3 4 5 6 7 8 9 10 11 12, and 1-2-3-4-5-6-7-8-9',
  'sets 6-4 3-6 7-5, one two three, four five six',
  'Она сказала: «это рост», ОН и ВСЕ — до 20:30',
  'a=40 b=41, 100%25, R&D; <b>12</b> of <i>30</i>, **5** of **10**',
  'international5 internationalisation, /users/profile/settings12345678',
])('what only looks hidden is left alone: %s', (text) => {
  expect(findStructured(text).filter(({ view }) => view !== 'raw')).toEqual([]);
});

test('the end of a word that a sign parts is no part of the number behind it', () => {
  expect(found('[{"fuehrerschein_nr":"V81806L0679","status":"open"}]')).toEqual([
    'DE_FUEHRERSCHEIN V81806L0679',
  ]);
});

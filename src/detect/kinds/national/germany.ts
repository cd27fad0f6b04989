/** Numbers of Germany. */

import { PLATE_WORDS, RIGHT_BEFORE, wordsOf } from '../../said/context.ts';
import { isDate, mod11And10, weighted } from '../checksums.ts';
import { PASSPORT_WORDS } from '../passport.ts';
import type { NumberRow } from './row.ts';

export const GERMANY: readonly NumberRow[] = [
  {
    kind: 'DE_TAX_ID',
    forms: ['99-999-999-999'],
    holds: isSteuerId,
    words: wordsOf('steuer', 'id ?nr', 'tax id', 'tin', 'tax', 'finanzamt', 'identifikationsnummer'),
    isRare: true,
    needsWord: 'bare',
    partedBy: ' ',
  },
  {
    // Elster: the tax offices' groups of two or three, three or four, four or five; or thirteen digits with a state.
    kind: 'DE_TAX_NUMBER',
    forms: [
      '99-999-99999',
      '999-999-99999',
      '999-9999-9999',
      '99-9999-9999',
      '999-999-9999',
      '9999999999999',
    ],
    holds: (digits) => digits.length < 13 || /^(?:0[1-9]|1[0-6]|2[1-8]|3[0-2]|4\d|5\d|9\d)/.test(digits),
    words: wordsOf(
      'steuer ?(?:nummer|nr)',
      'st\\.? ?nr',
      'finanzamt',
      '[a-zäöü]{2,12}steuer',
      'german tax',
      'tax n',
    ),
    needsWord: 'always',
  },
  {
    // VKVV, section 4: area, day of birth, a letter of the name, serial; cross sums of the weighted digits.
    kind: 'DE_SOCIAL_SECURITY',
    forms: ['99-999999-A-99-9', '99-999999-A-999', '99999999A999', '99-99-99-99-A-999', '99-999999-A99-9'],
    holds: isRentenversicherung,
    words: wordsOf(
      'rente',
      'sozialversicherung',
      'versicherung',
      'rvnr',
      'svnr',
      'sv',
      'vsnr',
      'drv',
      'social',
      'pension',
    ),
    isRare: true,
    needsWord: 'never',
  },
  {
    // SGB V, section 290: a letter as two digits, all times one and two in turn, cross sums, modulo 10.
    kind: 'DE_HEALTH_INSURANCE',
    forms: ['A999999999', 'A-999999999', 'A-999-999-999'],
    holds: (compact) =>
      crossSum(letterNumber(compact[0]) + compact.slice(1, 9), [1, 2, 1, 2, 1, 2, 1, 2, 1, 2]) % 10 ===
      Number(compact[9]),
    words: wordsOf(
      'kranken',
      'versicher',
      'kvnr',
      'gesundheitskarte',
      'egk',
      'gkv',
      'aok',
      'tkk?',
      'barmer',
      'dak',
      'health insurance',
    ),
    needsWord: 'never',
  },
  {
    // Bundesdruckerei, since November 2010: no vowels; a check digit (ICAO 9303) may follow.
    kind: 'DE_ID_CARD',
    forms: ['ANNNNNNNN', 'ANNNNNNNN9', 'A99999999', 'ANNNNNNNN-9', '9999999999'],
    holds: (compact) =>
      /^(?:[CFGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{8}\d?|\d{10})$/.test(compact) && /\d/.test(compact),
    words: wordsOf(
      'personalausweis',
      'ausweis',
      'perso(?![a-z])',
      'identity card',
      'id card',
      'identitätsnachweis',
      'german id',
    ),
    needsWord: 'always',
  },
  {
    // The same characters; those with fewer digits than the passports of most countries have.
    kind: 'DE_PASSPORT',
    forms: ['ANNNNNNNN', 'ANNNNNNNN9', 'ANNNNNNNN-9'],
    holds: (compact) =>
      /^(?=(?:\D*\d){1,3}\D*$)[CFGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{8}\d?$/.test(compact),
    words: PASSPORT_WORDS,
    needsWord: 'always',
  },
  {
    // The authority's letters (or a digit), its number, a serial, a check character, an issue.
    kind: 'DE_FUEHRERSCHEIN',
    forms: ['ANNNNNNNNNN', 'AN9-9999999-N', 'ANNNNNNNNN'],
    holds: (compact) => (compact.match(/\d/g)?.length ?? 0) >= 5,
    words: wordsOf('f(?:ü|ue)hrerschein', 'fahrerlaubnis', 'feld 5', 'german driv', 'german licen'),
    needsWord: 'always',
  },
  {
    kind: 'DE_KFZ',
    forms: ['A', 'AA', 'AAA'].flatMap((place) =>
      ['A', 'AA'].flatMap((letters) =>
        ['9', '99', '999', '9999'].flatMap((digits) =>
          ['', 'A'].flatMap((kind) => [
            `${place}-${letters}-${digits}${kind}`,
            `${place}-${letters}${digits}${kind}`,
            `${place}${letters}-${digits}${kind}`,
          ]),
        ),
      ),
    ),
    holds: (compact) =>
      compact.length >= 5 && compact.length <= 9 && /^[A-Z]{2,5}[1-9]\d{1,3}[EH]?$/.test(compact),
    words: PLATE_WORDS,
    needsWord: 'always',
  },
  {
    // Handelsregisterverordnung: section A or B; a court's letters may follow, and are not looked at.
    kind: 'DE_HANDELSREGISTER',
    forms: ['9', '99', '999', '9999', '99999', '999999'].map((digits) => `AAA-${digits}`),
    holds: (compact) => /^HR[AB]\d{1,6}$/.test(compact),
    words: wordsOf('handelsregister', 'amtsgericht', 'registergericht', 'hr'),
    needsWord: 'never',
  },
  {
    kind: 'DE_VAT_ID',
    forms: ['AA999999999', 'AA-999999999', 'AA-999-999-999'],
    holds: (compact) => compact.startsWith('DE') && mod11And10(compact.slice(2)),
    words: wordsOf('ust', 'umsatzsteuer', 'vat', 'mwst'),
    isRare: true,
    needsWord: 'never',
  },
  {
    // KBV, Richtlinie nach § 75 Abs. 7 SGB V: weights 4 and 9; the last two digits name the specialty.
    kind: 'DE_LANR',
    forms: ['999999999', '999999-9-99', '9999999-99'],
    holds: (digits) =>
      (10 - (weighted(digits.slice(0, 6), [4, 9, 4, 9, 4, 9]) % 10)) % 10 === Number(digits[6]),
    words: wordsOf('lanr', 'arzt', '[a-z]{0,20}arztnummer', 'physician', 'doctor'),
    needsWord: 'always',
  },
  {
    // The same guideline, annex 1: two digits for the region; no check is published.
    kind: 'DE_BSNR',
    forms: ['999999999', '99-9999999', '99-99999-99'],
    holds: (digits) => !/^(\d)\1+$/.test(digits),
    words: wordsOf(
      'bsnr',
      '(?:neben|haupt)?betriebsst(?:ä|ae)tte',
      'praxis',
      'arztpraxis',
      'vertragsarzt',
      'kv nummer',
      'kassenärzt',
      'behandlungsort',
    ),
    needsWord: 'always',
  },
  {
    kind: 'DE_PLZ',
    forms: ['99999', 'A-99999', 'AA-99999'],
    holds: (compact) => /^(?:DE?)?(?!00)\d{5}$/.test(compact) && !/^(?:DE?)?(?:0[0]|99999)/.test(compact),
    words: wordsOf(
      'plz',
      'postleitzahl',
      'post ?code',
      'postal',
      'zip ?code',
      `zip${RIGHT_BEFORE}`,
      'anschrift',
      'adresse',
      'wohnort',
      'wohnhaft',
      'straße',
      '[a-zäöüß]{2,20}(?:straße|strasse|str\\.|weg|platz|allee|gasse|ring) \\d{1,4}[a-z]?,?',
    ),
    needsWord: 'always',
  },
];

/** Bundeszentralamt für Steuern: of the first ten digits exactly one comes twice or three times. */
function isSteuerId(digits: string): boolean {
  if (digits.startsWith('0')) return false;
  const counts = new Map<string, number>();
  for (const char of digits.slice(0, 10)) counts.set(char, (counts.get(char) ?? 0) + 1);
  const repeated = [...counts.values()].filter((count) => count > 1);
  return repeated.length === 1 && (repeated[0] ?? 0) <= 3 && mod11And10(digits);
}

/** A letter's place in the alphabet, in two digits. */
const letterNumber = (letter = ''): string => String(letter.charCodeAt(0) - 64).padStart(2, '0');

function isRentenversicherung(compact: string): boolean {
  const day = Number(compact.slice(2, 4));
  const month = Number(compact.slice(4, 6));
  if (!isDate(2000, month, day > 50 ? day - 50 : day)) return false;
  const digits = compact.slice(0, 8) + letterNumber(compact[8]) + compact.slice(9, 11);
  return crossSum(digits, [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]) % 10 === Number(compact[11]);
}

/** Each digit times its weight, and the digits of the products added. */
const crossSum = (digits: string, weights: readonly number[]): number =>
  weights.reduce((total, weight, i) => {
    const product = weight * Number(digits[i]);
    return total + Math.floor(product / 10) + (product % 10);
  }, 0);

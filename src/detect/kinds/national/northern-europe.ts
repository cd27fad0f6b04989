/** Numbers of Sweden, Finland, Poland and the Netherlands. */

import { wordsOf } from '../../said/context.ts';
import { isDate, luhn, weighted } from '../checksums.ts';
import type { NumberRow } from './row.ts';

export const NORTHERN_EUROPE: readonly NumberRow[] = [
  {
    kind: 'SE_PERSONNUMMER',
    forms: ['999999-9999', '99999999-9999'],
    holds: isPersonnummer,
    words: wordsOf(
      'person ?(?:nummer|nr)',
      'pnr',
      'samordningsnummer',
      'swedish',
      'födelsenummer',
      'personal number',
    ),
    isRare: true,
    needsWord: 'bare',
    partedBy: '-+',
  },
  {
    // Bolagsverket: the third digit is 2 or more, Luhn.
    kind: 'SE_ORGANISATIONSNUMMER',
    forms: ['999999-9999'],
    holds: (digits) => Number(digits[2]) >= 2 && luhn(digits),
    words: wordsOf(
      'organisationsnummer',
      'org\\.? ?n(?:r|ummer)',
      'företagsnummer',
      'swedish org',
      'organi[sz]ation number',
      'company',
    ),
    needsWord: 'bare',
    partedBy: '-',
  },
  {
    kind: 'FI_PERSONAL_IDENTITY_CODE',
    forms: ['999999-999N'],
    holds: isHetu,
    words: wordsOf('henkilötunnus', 'hetu', 'personbeteckning', 'finnish', 'personal identity', 'sotu'),
    isRare: true,
    needsWord: 'bare',
    partedBy: '-+',
  },
  {
    kind: 'FI_PERSONAL_IDENTITY_CODE',
    forms: ['999999A999N'],
    holds: (compact) => /^\d{6}[A-FU-Y]/.test(compact) && isHetu(compact),
    words: wordsOf('henkilötunnus', 'hetu', 'personbeteckning', 'finnish', 'personal identity', 'sotu'),
    isRare: true,
    needsWord: 'never',
  },
  {
    kind: 'PL_PESEL',
    forms: ['99999999999'],
    holds: isPesel,
    words: wordsOf('pesel', 'polish national', 'numer ewidencyjny'),
    isRare: true,
    needsWord: 'never',
  },
  {
    // Wet algemene bepalingen burgerservicenummer: the "elfproef", whose last weight is -1.
    kind: 'NL_BSN',
    forms: ['9999-99-999', '999-999-999', '99-999-999'],
    holds: (digits) =>
      weighted(digits.padStart(9, '0'), [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 && !/^(\d)\1+$/.test(digits),
    words: wordsOf(
      'bsn',
      'burgerservice',
      'bsn ?num',
      'sofi ?num',
      'citizen service',
      'dutch',
      'service number',
    ),
    needsWord: 'bare',
    partedBy: '.',
  },
];

/** Ustawa o ewidencji ludności, art. 15: the month tells the century; weights 1, 3, 7, 9. */
function isPesel(digits: string): boolean {
  const month = Number(digits.slice(2, 4));
  // 81 to 92 and from 41 on are centuries of which nobody lives.
  const century = [1900, 2000][Math.floor(month / 20)];
  if (century === undefined || /^(\d)\1+$/.test(digits) || (century === 2000 && digits >= '4')) return false;
  if (!isDate(century + Number(digits.slice(0, 2)), month % 20, Number(digits.slice(4, 6)))) return false;
  return weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
}

/** Skatteverket SKV 704: Luhn over ten digits; coordination numbers add sixty to the day. */
function isPersonnummer(compact: string): boolean {
  if (compact.length === 12 && !/^(?:18|19|20)/.test(compact)) return false;
  const digits = compact.slice(-10);
  const day = Number(digits.slice(4, 6));
  const isDay = isDate(Number(digits.slice(0, 2)), Number(digits.slice(2, 4)), day > 60 ? day - 60 : day);
  return isDay && luhn(digits);
}

/** Digital and Population Data Services Agency: the nine digits modulo 31 name the check character. */
function isHetu(compact: string): boolean {
  const digits = compact.slice(0, 6) + compact.slice(-4, -1);
  if (!isDate(Number(digits.slice(4, 6)), Number(digits.slice(2, 4)), Number(digits.slice(0, 2))))
    return false;
  return '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(digits) % 31] === compact.at(-1);
}

/** Numbers of the United Kingdom. */

import { PLATE_WORDS, RIGHT_BEFORE, wordsOf } from '../../said/context.ts';
import { weighted } from '../checksums.ts';
import type { NumberRow } from './row.ts';

// HMRC, National Insurance Manual NIM39110: letters and prefixes that are never allotted.
const NINO = /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]?$/;
const NINO_WORDS = wordsOf(
  'nino',
  'ni (?:number|no|n)(?![a-z])',
  'national insurance',
  'nat\\.? ins',
  'insurance number',
);

export const UNITED_KINGDOM: readonly NumberRow[] = [
  {
    // Sort codes; those of Australia (BSB) are parted otherwise. With the account's number they name the account.
    kind: 'US_BANK_NUMBER',
    forms: ['99-99-99', '999-999'],
    words: wordsOf('sort ?code', 'bsb', 'bank code', 'branch code'),
    needsWord: 'always',
  },
  {
    kind: 'UK_NHS',
    forms: ['999-999-9999'],
    holds: isNhs,
    words: wordsOf('nhs', 'national health', 'health service'),
    needsWord: 'always',
  },
  {
    kind: 'UK_NINO',
    forms: ['AA-99-99-99-A', 'AA-999999-A', 'AA-999-999-A', 'AA999999-A', 'AA-999999A'],
    holds: (compact) => NINO.test(compact),
    words: NINO_WORDS,
    needsWord: 'never',
  },
  {
    // The last letter is often left out.
    kind: 'UK_NINO',
    forms: ['AA-99-99-99', 'AA-999999'],
    holds: (compact) => NINO.test(compact),
    words: NINO_WORDS,
    needsWord: 'always',
  },
  {
    // Forms and guides print QQ, which is nobody's, and people copy it.
    kind: 'UK_NINO',
    forms: ['AA-99-99-99-A', 'AA-999999-A', 'AA999999A'],
    holds: (compact) => compact.startsWith('QQ'),
    words: NINO_WORDS,
    needsWord: 'always',
  },
  {
    // DVLA, INF1D: five of the surname (filled with 9), the date of birth around its year, initials, three more.
    kind: 'UK_DRIVING_LICENCE',
    forms: ['NNNNN-999999-NNNAA', 'NNNNN-999999-NNN-AA', 'NNNNN-999999-NN-NAA', 'NNNNN-999999-NN-N-AA'],
    holds: (compact) =>
      /^(?=[A-Z]{1,5}9{0,4}\d{6})[A-Z9]{5}\d(?:[05][1-9]|[16][0-2])(?:0[1-9]|[12]\d|3[01])\d[A-Z9]{2}[0-9A-Z][A-Z]{2}$/.test(
        compact,
      ),
    words: wordsOf('driving', 'driver', 'dvla', 'licence', 'license'),
    isRare: true,
    needsWord: 'never',
  },
  {
    // BS 7666: the outward code's six forms, and an inward code without C, I, K, M, O and V.
    kind: 'UK_POSTCODE',
    forms: ['A9-9AA', 'A99-9AA', 'AA9-9AA', 'AA99-9AA', 'A9A-9AA', 'AA9A-9AA'],
    holds: (compact) =>
      /^(?:GIR0AA|(?:[A-PR-UWYZ]\d{1,2}|[A-PR-UWYZ][A-HK-Y]\d{1,2}|[A-PR-UWYZ]\d[A-HJKPSTUW]|[A-PR-UWYZ][A-HK-Y]\d[ABEHMNPRV-Y])\d[ABD-HJLNP-UW-Z]{2})$/.test(
        compact,
      ),
    words: wordsOf(
      'post ?code',
      'postal',
      'zip ?code',
      `zip${RIGHT_BEFORE}`,
      'address',
      'liv(?:e|es|ing) (?:at|in|on|near)',
      'based (?:at|in)',
      'deliver',
      'ship(?:ped|ping)? to',
      'moved? to',
      'street',
      'road',
      'avenue',
      'lane',
      'close',
      'drive',
      'st',
      'rd',
      'house',
      'flat',
      'london',
      'manchester',
      'birmingham',
      'leeds',
      'glasgow',
      'edinburgh',
      'bristol',
      'liverpool',
      'cardiff',
      'belfast',
      'uk',
    ),
    needsWord: 'always',
  },
  {
    // DVLA, INF104: the current form with its age identifier, the one before (a letter first) and after (a letter last).
    kind: 'UK_VEHICLE_REGISTRATION',
    forms: ['AA99-AAA', 'A9-AAA', 'A99-AAA', 'A999-AAA', 'AAA-9A', 'AAA-99A', 'AAA-999A', 'AA-99-AAA'],
    holds: (compact) =>
      /^(?:[A-HJ-PR-Y]{2}(?:0[2-9]|[12]\d|5[1-9]|[67]\d)[A-HJ-PR-Z]{3}|[A-HJ-NPR-TV-Y]\d{1,3}[A-HJ-PR-Y][A-HJ-PR-Z]{2}|[A-HJ-PR-Z]{3}\d{1,3}[A-HJ-NPR-TV-Y])$/.test(
        compact,
      ),
    words: PLATE_WORDS,
    needsWord: 'always',
  },
];

/** NHS Data Dictionary, "NHS NUMBER": modulus 11. */
function isNhs(digits: string): boolean {
  const check = (11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return check !== 10 && check === Number(digits[9]) && !/^(\d)\1+$/.test(digits);
}

/** Numbers of the United States and Canada. */

import { RIGHT_BEFORE, wordsOf } from '../../said/context.ts';
import { luhn, weighted } from '../checksums.ts';
import type { NumberRow } from './row.ts';

/** A digit written over and over is nobody's. */
const isVaried = (digits: string): boolean => !/^(\d)\1+$/.test(digits);

export const NORTH_AMERICA: readonly NumberRow[] = [
  {
    // Social Security Administration, POMS RM 10201.035: areas, groups and serials that are never allotted, and the one
    // number that was once printed on sample cards.
    kind: 'US_SSN',
    forms: ['999-99-9999'],
    holds: (digits) => !/^(?:000|666|9)|^.{3}00|0000$|^(\d)\1+$|^078051120$/.test(digits),
    words: wordsOf(
      'ssn',
      'social security',
      'social sec',
      'soc\\.? ?sec',
      's\\.s\\.n',
      `social(?: (?:number|no|is|was|#))?${RIGHT_BEFORE}`,
      'número de seguro',
      'seguro social',
    ),
    needsWord: 'bare',
  },
  {
    // IRS, Publication 4757: the fourth and fifth digits.
    kind: 'US_ITIN',
    forms: ['999-99-9999'],
    holds: (digits) => /^9\d\d(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])/.test(digits),
    words: wordsOf('itin', 'taxpayer', 'tax id', 'tax payer', 'individual tax'),
    needsWord: 'bare',
  },
  {
    // CMS, "Requirements for NPI and NPI Check Digit": Luhn over 80840 and the ten digits.
    kind: 'US_NPI',
    forms: ['9999999999', '9999-999-999'],
    holds: (digits) => /^[12]/.test(digits) && luhn(`80840${digits}`),
    words: wordsOf('npi', 'national provider', 'provider (?:id|number|no|identifier)', 'prescriber'),
    needsWord: 'always',
  },
  {
    // CMS, "MBI format": letters without S, L, O, I, B, Z; it begins with 1 to 9.
    kind: 'US_MBI',
    forms: ['9AN9-AN9-AA99'],
    holds: (compact) => /^[1-9][AC-HJKMNP-RT-Y0-9]+$/.test(compact),
    words: wordsOf('mbi', 'medicare', 'beneficiary', 'medicaid', 'hicn?'),
    needsWord: 'never',
  },
  {
    // DEA, 21 CFR 1301: a registrant's letter, a letter of the name or 9; the sum of three digits and twice the others.
    kind: 'MEDICAL_LICENSE',
    forms: ['AA-9999999', 'A9-9999999'],
    holds: (compact) =>
      /^[ABCDEFGHJKLMPRSTUX][A-Z9]/.test(compact) &&
      weighted(compact.slice(2, 8), [1, 2, 1, 2, 1, 2]) % 10 === Number(compact[8]),
    words: wordsOf(
      'dea',
      'medical licen',
      'medical certificate',
      'prescriber',
      'prescribing',
      'practitioner',
    ),
    needsWord: 'never',
  },
  {
    // American Bankers Association: the Federal Reserve's districts, weights 3, 7, 1.
    kind: 'ABA_ROUTING_NUMBER',
    forms: ['9999-9999-9', '999-999-999'],
    holds: (digits) =>
      /^(?:0[1-9]|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)/.test(digits) &&
      weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0,
    words: wordsOf('aba', 'rtn', 'routing', 'transit', 'bank', 'wire', 'ach', 'direct deposit'),
    needsWord: 'always',
  },
  {
    // Employment and Social Development Canada: Luhn.
    kind: 'CA_SIN',
    forms: ['999-999-999'],
    holds: (digits) => luhn(digits) && isVaried(digits),
    words: wordsOf('sin', 'nas', 'social insurance', 'assurance sociale', 'canadian social'),
    needsWord: 'bare',
    // With spaces it could be a sum of money.
    partedBy: '-',
  },
];

/** Numbers of India. */

import { anyOf, PLATE_WORDS, wordsOf } from '../../said/context.ts';
import { verhoeff } from '../checksums.ts';
import type { NumberRow } from './row.ts';

const PAN = /^[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]$/;

export const INDIA: readonly NumberRow[] = [
  {
    // UIDAI: twelve digits, the first not 0 or 1, Verhoeff's check.
    kind: 'IN_AADHAAR',
    forms: ['9999-9999-9999'],
    holds: (digits) => /^[2-9]/.test(digits) && verhoeff(digits),
    words: wordsOf('aadh?aa?r', 'aadha', 'uidai', 'uid', 'आधार'),
    needsWord: 'bare',
  },
  {
    // Income Tax Department: the fourth letter says what kind of holder it is.
    kind: 'IN_PAN',
    forms: ['AAAAA9999A', 'AAAAA-9999-A'],
    holds: (compact) => PAN.test(compact),
    words: wordsOf('pan', 'permanent account', 'income tax', 'पैन'),
    needsWord: 'never',
  },
  {
    // CBIC: a state, a PAN, a registration's number, Z, and a check character in base 36.
    kind: 'IN_GSTIN',
    forms: ['99AAAAA9999ANAN', '99-AAAAA9999A-NAN', '99-AAAAA9999A-N-A-N'],
    holds: isGstin,
    words: wordsOf('gst', 'gstin', 'goods and services'),
    isRare: true,
    needsWord: 'never',
  },
  {
    // Election Commission of India (EPIC): its check has not been kept everywhere.
    kind: 'IN_VOTER',
    forms: ['AAA-9999999'],
    words: wordsOf('voter', 'epic', 'elect(?:ion|or)', 'मतदाता'),
    needsWord: 'always',
  },
  {
    // Central Motor Vehicles Rules, rule 50: state, district, series, number; or the Bharat series.
    kind: 'IN_VEHICLE_REGISTRATION',
    forms: [
      ...['9', '99'].flatMap((district) =>
        ['A', 'AA', 'AAA'].map((series) => `AA-${district}-${series}-9999`),
      ),
      ...['A', 'AA'].map((series) => `99-AA-9999-${series}`),
      'AA-99-9999',
    ],
    holds: (compact) =>
      /^(?:\d\dBH|(?:A[NPRS]|BR|C[GH]|D[DLN]|G[AJ]|H[PR]|J[HK]|K[AL]|L[AD]|M[HLNPZ]|NL|O[DR]|P[BY]|RJ|SK|T[GNRS]|U[AKP]|WB)\d)/.test(
        compact,
      ),
    words: anyOf(PLATE_WORDS, wordsOf('rc(?: (?:no|number|book|card|copy))?', 'पंजीकरण', 'पंजीयन')),
    needsWord: 'always',
  },
];

/** GSTN: each character's place in base 36, times one and two in turn; the digits of the products in base 36 are added. */
function isGstin(compact: string): boolean {
  const state = Number(compact.slice(0, 2));
  if (state < 1 || (state > 38 && state < 96) || !PAN.test(compact.slice(2, 12))) return false;
  if (compact[12] === '0' || compact[13] !== 'Z') return false;
  let sum = 0;
  for (let i = 0; i < 14; i++) {
    const product = Number.parseInt(compact[i] ?? '', 36) * (i % 2 === 0 ? 1 : 2);
    sum += Math.floor(product / 36) + (product % 36);
  }
  return ((36 - (sum % 36)) % 36).toString(36).toUpperCase() === compact[14];
}

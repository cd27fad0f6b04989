/** Numbers of Italy. */

import { wordsOf } from '../../said/context.ts';
import { luhn } from '../checksums.ts';
import type { NumberRow } from './row.ts';

export const ITALY: readonly NumberRow[] = [
  {
    kind: 'IT_FISCAL_CODE',
    forms: ['AAAAAA-NNANN-ANNNA', 'AAA-AAA-NNANN-ANNNA'],
    holds: isCodiceFiscale,
    words: wordsOf('codice fiscale', 'cod\\.? ?fisc', 'c\\.? ?f\\.?(?![a-z])', 'fiscal code', 'tax code'),
    isRare: true,
    needsWord: 'never',
  },
  {
    // Decreto 23 dicembre 1976, annex: Luhn. The offices named in it have been joined since, so that any will do.
    kind: 'IT_VAT_CODE',
    forms: ['99999999999'],
    holds: isPartitaIva,
    words: wordsOf('partita iva', 'p\\.? ?iva', 'p\\.? ?i\\.?(?![a-z])', 'iva', 'vat', 'piva'),
    needsWord: 'always',
  },
  {
    kind: 'IT_VAT_CODE',
    forms: ['AA99999999999', 'AA-99999999999'],
    holds: (compact) => compact.startsWith('IT') && isPartitaIva(compact.slice(2)),
    words: wordsOf('partita iva', 'p\\.? ?iva', 'iva', 'vat', 'piva'),
    isRare: true,
    needsWord: 'never',
  },
  {
    // On paper, then the first and the present electronic card.
    kind: 'IT_IDENTITY_CARD',
    forms: ['AA-9999999', '9999999-AA', 'AA-99999-AA', 'AA99999AA'],
    words: wordsOf(
      'carta(?![a-z])',
      'carta di identit',
      'identit[àa]',
      'cie',
      'identity card',
      'id card',
      'documento',
      'riconoscimento',
      'espatrio',
    ),
    needsWord: 'always',
  },
  {
    kind: 'IT_DRIVER_LICENSE',
    forms: ['AA-9999999-A', 'A9NNNNNNN-A'],
    holds: (compact) => /^(?:[A-Z]{2}\d{7}|U1[B-HJ-NPR-Z0-9]{7})[A-Z]$/.test(compact),
    words: wordsOf('patente(?![a-z])', 'licenza', 'italian driv', 'italian licen', 'driver', 'driving'),
    needsWord: 'always',
  },
];

function isPartitaIva(digits: string): boolean {
  return !/^(\d)\1+$/.test(digits) && luhn(digits);
}

/** Decreto ministeriale 23 dicembre 1976: a check letter from values by odd and even place. */
function isCodiceFiscale(code: string): boolean {
  if (!/^[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]$/.test(code))
    return false;
  const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
  let sum = 0;
  for (let i = 0; i < 15; i++) {
    const value = Number.parseInt(code[i] ?? '', 36);
    const letter = value > 9 ? value - 10 : value;
    sum += i % 2 === 0 ? (ODD[letter] ?? 0) : letter;
  }
  return String.fromCharCode(65 + (sum % 26)) === code[15];
}

/** Numbers of Australia. */

import { wordsOf } from '../../said/context.ts';
import { weighted } from '../checksums.ts';
import type { NumberRow } from './row.ts';

const isVaried = (digits: string): boolean => !/^(\d)\1+$/.test(digits);

export const AUSTRALIA: readonly NumberRow[] = [
  {
    // Australian Taxation Office: modulus 11; old ones have eight digits.
    kind: 'AU_TFN',
    forms: ['999-999-999', '999-999-99'],
    holds: (digits) =>
      isVaried(digits) &&
      weighted(digits, digits.length === 9 ? [1, 4, 3, 7, 5, 8, 6, 9, 10] : [10, 7, 8, 4, 6, 3, 5, 1]) %
        11 ===
        0,
    words: wordsOf('tfn', 'tax file'),
    needsWord: 'always',
  },
  {
    // Australian Business Register: the first digit less one, weights 10, 1, 3 … 19, modulus 89.
    kind: 'AU_ABN',
    forms: ['99-999-999-999'],
    holds: (digits) =>
      !digits.startsWith('0') && (weighted(digits, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 === 0,
    words: wordsOf('abn', 'australian business', 'business number'),
    isRare: true,
    needsWord: 'never',
  },
  {
    // ASIC: weights 8 to 1, modulus 10.
    kind: 'AU_ACN',
    forms: ['999-999-999'],
    holds: (digits) =>
      isVaried(digits) &&
      (10 - (weighted(digits.slice(0, 8), [8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10 === Number(digits[8]),
    words: wordsOf('acn', 'australian company', 'company number'),
    needsWord: 'always',
  },
  {
    // Services Australia: weights 1, 3, 7, 9; an issue's digit follows the check, and a person's may.
    kind: 'AU_MEDICARE',
    forms: ['9999-99999-9', '9999-99999-9-9'],
    holds: (digits) =>
      /^[2-6]/.test(digits) &&
      weighted(digits.slice(0, 8), [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === Number(digits[8]),
    words: wordsOf('medicare'),
    needsWord: 'bare',
  },
];

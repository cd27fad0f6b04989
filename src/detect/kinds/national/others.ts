/** Numbers of Brazil, Nigeria and South Africa. */

import { PLATE_WORDS, wordsOf } from '../../said/context.ts';
import { isDate, luhn } from '../checksums.ts';
import type { NumberRow } from './row.ts';

export const OTHERS: readonly NumberRow[] = [
  {
    kind: 'BR_CPF',
    forms: ['999-999-999-99', '999999999-99'],
    holds: isCpf,
    words: wordsOf('cpf', 'cadastro de pessoa', 'brazilian'),
    isRare: true,
    needsWord: 'never',
    partedBy: '.- ',
  },
  {
    // NIMC publishes no check, so that a word is all there is.
    kind: 'NG_NIN',
    forms: ['99999999999', '9999-999-9999', '999-9999-9999'],
    words: wordsOf('nin', 'nimc', 'national id', 'nigeria'),
    needsWord: 'always',
  },
  {
    // A local government area, a serial, a year and batch.
    kind: 'NG_VEHICLE_REGISTRATION',
    forms: ['AAA-999AA', 'AAA-999-AA'],
    words: PLATE_WORDS,
    needsWord: 'always',
  },
  {
    // Department of Home Affairs: a day of birth, a serial, citizenship, an 8 or 9, Luhn.
    kind: 'ZA_ID_NUMBER',
    forms: ['999999-9999-999', '999999-9999-99-9', '999999-9999-9-99'],
    holds: (digits) =>
      isDate(Number(digits.slice(0, 2)), Number(digits.slice(2, 4)), Number(digits.slice(4, 6))) &&
      /^.{10}[012]/.test(digits) &&
      luhn(digits),
    words: wordsOf(
      'south african',
      'sa id',
      'rsa id',
      'id number',
      'identity number',
      'identiteitsnommer',
      'id',
    ),
    isRare: true,
    needsWord: 'never',
  },
];

/** Receita Federal: two check digits, weights 10 to 2 and 11 to 2, modulus 11. */
function isCpf(digits: string): boolean {
  if (/^(\d)\1+$/.test(digits)) return false;
  const check = (length: number): number => {
    let sum = 0;
    for (let i = 0; i < length; i++) sum += Number(digits[i]) * (length + 1 - i);
    return ((sum * 10) % 11) % 10;
  };
  return check(9) === Number(digits[9]) && check(10) === Number(digits[10]);
}

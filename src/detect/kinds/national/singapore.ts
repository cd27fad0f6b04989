/** Numbers of Singapore. */

import { wordsOf } from '../../said/context.ts';
import { weighted } from '../checksums.ts';
import type { NumberRow } from './row.ts';

const UEN_WORDS = wordsOf('uen', 'unique entity', 'business registration', 'acra', 'roc', 'rob', 'company');

export const SINGAPORE: readonly NumberRow[] = [
  {
    kind: 'SG_NRIC_FIN',
    forms: ['A9999999A', 'A-9999999-A'],
    holds: isNric,
    words: wordsOf('nric', 'fin', 'identity card', 'ic', 'singapore'),
    isRare: true,
    needsWord: 'never',
  },
  {
    // ACRA: businesses, eight digits and a check letter.
    kind: 'SG_UEN',
    forms: ['99999999A'],
    holds: (compact) =>
      'XMKECAWLJDB'[weighted(compact.slice(0, 8), [10, 4, 9, 3, 8, 2, 7, 1]) % 11] === compact[8],
    words: UEN_WORDS,
    needsWord: 'always',
  },
  {
    // Local companies: the year they were registered in, five digits and a check letter.
    kind: 'SG_UEN',
    forms: ['999999999A'],
    holds: (compact) =>
      /^(?:18|19|20)/.test(compact) &&
      'ZKCMDNERGWH'[weighted(compact.slice(0, 9), [10, 8, 6, 4, 9, 7, 5, 3, 1]) % 11] === compact[9],
    words: UEN_WORDS,
    needsWord: 'never',
  },
  {
    // All others: a century's letter, a year, a type of entity, four digits and a check letter.
    kind: 'SG_UEN',
    forms: ['A99AA9999A'],
    holds: isEntity,
    words: UEN_WORDS,
    needsWord: 'never',
  },
];

/** Weights 2, 7, 6, 5, 4, 3, 2 and an offset by series; each group of series has its own row of check letters. */
function isNric(compact: string): boolean {
  const series = compact[0] ?? '';
  if (!'STFGM'.includes(series)) return false;
  const offset = { S: 0, F: 0, T: 4, G: 4, M: 3 }[series] ?? 0;
  const rest = (weighted(compact.slice(1, 8), [2, 7, 6, 5, 4, 3, 2]) + offset) % 11;
  if (series === 'M') return 'KLJNPQRTUWX'[10 - rest] === compact[8];
  return (/[ST]/.test(series) ? 'JZIHGFEDCBA' : 'XWUTRQPNMLK')[rest] === compact[8];
}

const ENTITY_TYPES =
  'LP LL FC PF RF MQ MM NB CC CS MB FM GS DP CP NR CM CD MD HS VH CH MH CL XL CX HC RP TU TC FB FN PA PB SS MC SM GA GB';
const ENTITY_ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWX0123456789';

function isEntity(compact: string): boolean {
  if (!/^[RST]/.test(compact) || !ENTITY_TYPES.includes(compact.slice(3, 5))) return false;
  const sum = [4, 3, 5, 3, 10, 2, 2, 5, 7].reduce(
    (total, weight, i) => total + weight * ENTITY_ALPHABET.indexOf(compact[i] ?? ''),
    0,
  );
  return ENTITY_ALPHABET[(sum - 5) % 11] === compact[9];
}

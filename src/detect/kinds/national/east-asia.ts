/** Numbers of Korea, China and Thailand. */

import { wordsOf } from '../../said/context.ts';
import { isDate, weighted } from '../checksums.ts';
import type { NumberRow } from './row.ts';

export const EAST_ASIA: readonly NumberRow[] = [
  {
    // The check digit has been given up for numbers since October 2020: with its hyphen the form must do.
    kind: 'KR_RRN',
    forms: ['999999-9999999'],
    holds: (digits) => isKorean(digits, '12340 9'),
    words: wordsOf('rrn', 'resident registration', 'korean', '주민'),
    needsWord: 'bare',
    partedBy: '-',
  },
  {
    kind: 'KR_RRN',
    forms: ['9999999999999'],
    holds: (digits) => isKorean(digits, '12340 9') && hasKoreanCheck(digits, 11),
    words: wordsOf('rrn', 'resident registration', 'korean', '주민'),
    isRare: true,
    needsWord: 'never',
  },
  {
    kind: 'KR_FRN',
    forms: ['999999-9999999'],
    holds: (digits) => isKorean(digits, '5678'),
    words: wordsOf('frn', 'foreigner registration', 'alien registration', '외국인', 'korean'),
    needsWord: 'bare',
    partedBy: '-',
  },
  {
    kind: 'KR_FRN',
    forms: ['9999999999999'],
    holds: (digits) => isKorean(digits, '5678') && hasKoreanCheck(digits, 13),
    words: wordsOf('frn', 'foreigner registration', 'alien registration', '외국인', 'korean'),
    isRare: true,
    needsWord: 'never',
  },
  {
    // National Tax Service: weights 1, 3, 7 …, and the tens of the ninth product.
    kind: 'KR_BRN',
    forms: ['999-99-99999'],
    holds: (digits) =>
      Number(digits.slice(0, 3)) >= 101 &&
      (weighted(digits, [1, 3, 7, 1, 3, 7, 1, 3, 5]) +
        Math.floor((Number(digits[8]) * 5) / 10) +
        Number(digits[9])) %
        10 ===
        0,
    words: wordsOf('brn', 'business registration', '사업자', 'korean business'),
    needsWord: 'bare',
    partedBy: '-',
  },
  {
    // A region, a year, a serial and a check that is not published.
    kind: 'KR_DRIVER_LICENSE',
    forms: ['99-99-999999-99'],
    holds: (digits) => /^(?:1[1-9]|2[0-8])/.test(digits),
    words: wordsOf('운전면허', '면허', "korean driver'?s?", 'korean licen', "driver'?s? licen", 'driving'),
    needsWord: 'always',
  },
  {
    // Department of Provincial Administration: weights 13 to 2, modulus 11.
    kind: 'TH_TNIN',
    forms: ['9-9999-99999-99-9'],
    holds: (digits) =>
      /^[1-8]/.test(digits) &&
      (11 - (weighted(digits, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === Number(digits[12]),
    words: wordsOf(
      'thai',
      'tnin',
      'national id',
      'citizen(?:ship)? (?:id|card|no|number)',
      'บัตร',
      'ประชาชน',
      'ประจำตัว',
    ),
    needsWord: 'bare',
  },
  {
    // GB 11643-1999: a place, a day, a serial; ISO 7064 MOD 11-2.
    kind: 'CN_RESIDENT_ID',
    forms: ['99999999999999999N', '999999-99999999-999N', '999999-9999-9999-999N'],
    holds: isChinese,
    words: wordsOf('身份证', '身分證', '居民', '证件', 'resident id', 'chinese id', 'id card'),
    isRare: true,
    needsWord: 'never',
  },
];

/** A day of birth, and a digit for sex and century among `sexes`. */
function isKorean(digits: string, sexes: string): boolean {
  const [year, month, day] = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4, 6)].map(Number);
  return isDate(year ?? 0, month ?? 0, day ?? 0) && sexes.includes(digits[6] ?? '');
}

/** Weights 2 to 9 and 2 to 5, modulus 11; foreigners' numbers add two. */
const hasKoreanCheck = (digits: string, from: 11 | 13): boolean =>
  (from - (weighted(digits.slice(0, 12), [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 ===
  Number(digits[12]);

function isChinese(compact: string): boolean {
  if (!/^[1-9]\d{16}[\dX]$/.test(compact)) return false;
  const year = Number(compact.slice(6, 10));
  if (
    year < 1850 ||
    year > 2100 ||
    !isDate(year, Number(compact.slice(10, 12)), Number(compact.slice(12, 14)))
  )
    return false;
  const rest = weighted(compact, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11;
  return '10X98765432'[rest] === compact[17];
}

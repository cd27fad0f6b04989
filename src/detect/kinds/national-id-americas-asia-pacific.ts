/** National numbers of the Americas, Asia and the Pacific. */
import { verhoeff, weighted } from '../checksums.ts';
import type { NationalId } from './national-id-row.ts';

export const AMERICAS_ASIA_PACIFIC: readonly NationalId[] = [
  {
    // Social Security Administration, POMS RM 10201.035: areas, groups and serials that are never allotted.
    kind: 'US_SSN',
    digitsMin: 9,
    shape: /(?<![0-9A-Za-z]|\d[.-])\d{3}([- .]?)\d{2}\1\d{4}(?![0-9A-Za-z]|[.-]\d)/g,
    holds: (digits) => !/^(?:000|666|9)|^.{3}00|0000$|^(\d)\1+$|^123456789$|^078051120$/.test(digits),
    words: /(?<![A-Za-z])ssn|social security|social sec|soc\.? ?sec|número de seguro|seguro social/i,
    needsWord: 'bare',
  },
  {
    // IRS, Publication 4757: the fourth and fifth digits.
    kind: 'US_ITIN',
    digitsMin: 9,
    shape:
      /(?<![0-9A-Za-z]|\d[.-])9\d{2}([- .]?)(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\1\d{4}(?![0-9A-Za-z]|[.-]\d)/g,
    holds: () => true,
    words: /(?<![A-Za-z])itin|taxpayer|tax(?:payer)? id/i,
    needsWord: 'bare',
  },
  {
    // UIDAI: twelve digits, the first not 0 or 1, Verhoeff's check.
    kind: 'IN_AADHAAR',
    digitsMin: 12,
    shape: /(?<![0-9A-Za-z]|\d[ .-])[2-9]\d{3}([ -]?)\d{4}\1\d{4}(?![0-9A-Za-z]|[ .-]\d)/g,
    holds: verhoeff,
    words: /aadh?aa?r|uidai|आधार|\buid\b/i,
    needsWord: 'bare',
  },
  {
    // Income Tax Department: the fourth letter says what kind of holder it is.
    kind: 'IN_PAN',
    digitsMin: 4,
    shape: /(?<![0-9A-Za-z])[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z](?![0-9A-Za-z])/gi,
    holds: () => true,
    words: /\bpan\b|permanent account|income tax|पैन/i,
    needsWord: 'never',
  },
  {
    // Australian Taxation Office: modulus 11.
    kind: 'AU_TFN',
    digitsMin: 9,
    shape: /(?<![0-9A-Za-z]|\d[ .-])\d{3}([ -]?)\d{3}\1\d{3}(?![0-9A-Za-z]|[ .-]\d)/g,
    holds: (digits) => weighted(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0 && !/^(\d)\1+$/.test(digits),
    words: /(?<![A-Za-z])tfn|tax file/i,
    needsWord: 'always',
  },
  {
    kind: 'SG_NRIC_FIN',
    digitsMin: 7,
    shape: /(?<![0-9A-Za-z])[STFGM]\d{7}[A-Z](?![0-9A-Za-z])/gi,
    holds: isNric,
    words: /nric|\bfin\b|identity card/i,
    needsWord: 'never',
  },
];

/** Weights 2, 7, 6, 5, 4, 3, 2 and an offset by series; each group of series has its own row of check letters. */
function isNric(compact: string): boolean {
  const series = compact[0] ?? '';
  const offset = { S: 0, F: 0, T: 4, G: 4, M: 3 }[series] ?? 0;
  const rest = (weighted(compact.slice(1, 8), [2, 7, 6, 5, 4, 3, 2]) + offset) % 11;
  if (series === 'M') return 'KLJNPQRTUWX'[10 - rest] === compact[8];
  return (/[ST]/.test(series) ? 'JZIHGFEDCBA' : 'XWUTRQPNMLK')[rest] === compact[8];
}

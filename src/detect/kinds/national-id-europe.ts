/** National numbers of European countries. */
import { isDate, luhn, mod11And10, weighted } from '../checksums.ts';
import type { NationalId } from './national-id-row.ts';

const NIF_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';
const nifLetter = (number: number): string => NIF_LETTERS[number % 23] ?? '';

export const EUROPE: readonly NationalId[] = [
  {
    kind: 'UK_NHS',
    digitsMin: 10,
    shape: /(?<![0-9A-Za-z]|\d[ -])\d{3}([ -]?)\d{3}\1\d{4}(?![0-9A-Za-z]|[ -]\d)/g,
    holds: isNhs,
    words: /nhs|national health/i,
    needsWord: 'always',
  },
  {
    // HMRC, National Insurance Manual NIM39110: letters and prefixes that are never allotted.
    kind: 'UK_NINO',
    digitsMin: 6,
    shape: /(?<![0-9A-Za-z])[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?:[ -]?\d){6}[ -]?[A-D](?![0-9A-Za-z])/gi,
    holds: (compact) => !/^(?:BG|GB|KN|NK|NT|TN|ZZ)/.test(compact),
    words: /national insurance|nino|ni n/i,
    needsWord: 'never',
  },
  {
    kind: 'ES_NIF',
    digitsMin: 7,
    shape: /(?<![0-9A-Za-z])\d{1,2}\.?\d{3}\.?\d{3}[ -]?[TRWAGMYFPDXBNJZSQVHLCKE](?![0-9A-Za-z])/gi,
    holds: (compact) => nifLetter(Number(compact.slice(0, -1))) === compact.at(-1),
    words: /nif|dni|documento nacional|identidad/i,
    needsWord: 'never',
  },
  {
    kind: 'ES_NIE',
    digitsMin: 7,
    shape: /(?<![0-9A-Za-z])[XYZ][ -]?\d{7}[ -]?[TRWAGMYFPDXBNJZSQVHLCKE](?![0-9A-Za-z])/gi,
    holds: (compact) =>
      nifLetter(Number('XYZ'.indexOf(compact[0] ?? '') + compact.slice(1, -1))) === compact.at(-1),
    words: /nie|extranjer|identidad/i,
    needsWord: 'never',
  },
  {
    kind: 'IT_FISCAL_CODE',
    digitsMin: 2,
    shape:
      /(?<![0-9A-Za-z])[A-Z]{6} ?[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2} ?[A-Z][0-9LMNP-V]{3}[A-Z](?![0-9A-Za-z])/gi,
    holds: isCodiceFiscale,
    words: /codice fiscale|\bc\.? ?f\b/i,
    needsWord: 'never',
  },
  {
    kind: 'PL_PESEL',
    digitsMin: 11,
    shape: /(?<![0-9A-Za-z]|\d[.-])\d{11}(?![0-9A-Za-z]|[.-]\d)/g,
    holds: isPesel,
    words: /pesel/i,
    needsWord: 'never',
  },
  {
    kind: 'DE_TAX_ID',
    digitsMin: 11,
    shape: /(?<![0-9A-Za-z]|\d[ .-])[1-9]\d( ?)\d{3}\1\d{3}\1\d{3}(?![0-9A-Za-z]|[ .-]\d)/g,
    holds: isSteuerId,
    words: /steuer|idnr|tax id|\btin\b/i,
    needsWord: 'bare',
  },
  {
    kind: 'FR_NIR',
    digitsMin: 13,
    shape:
      /(?<![0-9A-Za-z]|\d[ .-])[12][ .-]?\d\d[ .-]?\d\d[ .-]?(?:\d\d|2[ABab])[ .-]?\d{3}[ .-]?\d{3}[ .-]?\d\d(?![0-9A-Za-z]|[.-]\d)/g,
    holds: isNir,
    words: /s[ée]curit[ée] sociale|\bnir\b|insee|num[ée]ro de s[ée]cu/i,
    needsWord: 'never',
  },
  {
    kind: 'SE_PERSONNUMMER',
    digitsMin: 10,
    shape: /(?<![0-9A-Za-z]|\d[.-])(?:19|20)?\d{6}[-+]?\d{4}(?![0-9A-Za-z]|[.-]\d)/g,
    holds: isPersonnummer,
    words: /person(?:nummer|nr)|samordningsnummer|swedish/i,
    needsWord: 'bare',
  },
  {
    kind: 'FI_PERSONAL_IDENTITY_CODE',
    digitsMin: 9,
    shape: /(?<![0-9A-Za-z])\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y](?![0-9A-Za-z])/gi,
    holds: isHetu,
    words: /henkilötunnus|hetu|personbeteckning/i,
    needsWord: 'never',
  },
];

/** NHS Data Dictionary, "NHS NUMBER": modulus 11. */
function isNhs(digits: string): boolean {
  const check = (11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return check !== 10 && check === Number(digits[9]) && !/^(\d)\1+$/.test(digits);
}

/** Decreto ministeriale 23 dicembre 1976: a check letter from values by odd and even place. */
function isCodiceFiscale(code: string): boolean {
  const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
  let sum = 0;
  for (let i = 0; i < 15; i++) {
    const value = Number.parseInt(code[i] ?? '', 36);
    const letter = value > 9 ? value - 10 : value;
    sum += i % 2 === 0 ? (ODD[letter] ?? 0) : letter;
  }
  return String.fromCharCode(65 + (sum % 26)) === code[15];
}

/** Ustawa o ewidencji ludności, art. 15: the month tells the century; weights 1, 3, 7, 9. */
function isPesel(digits: string): boolean {
  const month = Number(digits.slice(2, 4));
  const century = [1900, 2000, 2100, 2200, 1800][Math.floor(month / 20)];
  if (century === undefined) return false;
  if (!isDate(century + Number(digits.slice(0, 2)), month % 20, Number(digits.slice(4, 6)))) return false;
  return weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
}

/** Bundeszentralamt für Steuern: of the first ten digits exactly one comes twice or three times. */
function isSteuerId(digits: string): boolean {
  const counts = new Map<string, number>();
  for (const char of digits.slice(0, 10)) counts.set(char, (counts.get(char) ?? 0) + 1);
  const repeated = [...counts.values()].filter((count) => count > 1);
  return repeated.length === 1 && (repeated[0] ?? 0) <= 3 && mod11And10(digits);
}

/** INSEE: 97 less the first thirteen digits modulo 97; Corsica's 2A and 2B count as 19 and 18. */
function isNir(compact: string): boolean {
  const month = Number(compact.slice(3, 5));
  if (month < 1 || (month > 12 && month < 20) || month === 0) return false;
  const number = Number(compact.slice(0, 13).replace('2A', '19').replace('2B', '18'));
  return 97 - (number % 97) === Number(compact.slice(13));
}

/** Skatteverket SKV 704: Luhn over ten digits; coordination numbers add sixty to the day. */
function isPersonnummer(compact: string): boolean {
  const digits = compact.replace('+', '').slice(-10);
  const day = Number(digits.slice(4, 6));
  const isDay = isDate(Number(digits.slice(0, 2)), Number(digits.slice(2, 4)), day > 60 ? day - 60 : day);
  return isDay && luhn(digits);
}

/** Digital and Population Data Services Agency: the nine digits modulo 31 name the check character. */
function isHetu(compact: string): boolean {
  // The separator `-` has been removed with the others; any other sign of the century is a letter or `+`.
  const digits = compact.slice(0, 6) + compact.slice(-4, -1);
  if (!isDate(Number(digits.slice(4, 6)), Number(digits.slice(2, 4)), Number(digits.slice(0, 2))))
    return false;
  return '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(digits) % 31] === compact.at(-1);
}

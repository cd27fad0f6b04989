/**
 * Random characters and check digits for made-up numbers. Written anew from the published rules, apart from what detects
 * them in src/detect: a mistake there must not be repeated here.
 */
import { pick, type Random } from '../../reading/random.ts';

export const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
export const ALPHANUMERIC = `0123456789${LETTERS}`;

/** A whole number from `low` to `high`, both included. */
export const between = (random: Random, low: number, high: number): number =>
  low + Math.floor(random() * (high - low + 1));

/** So many characters of an alphabet. */
export const some = (random: Random, length: number, alphabet: string = '0123456789'): string =>
  Array.from({ length }, () => pick([...alphabet], random)).join('');

/** A text after a pattern: `#` a digit, `+` one that is not 0, `A` a capital, `a` a small letter, `*` a digit or capital. */
export const shaped = (random: Random, pattern: string): string =>
  pattern.replace(/[#+Aa*]/g, (sign) => {
    if (sign === '#') return some(random, 1);
    if (sign === '+') return some(random, 1, '123456789');
    if (sign === 'A') return some(random, 1, LETTERS);
    return some(random, 1, sign === 'a' ? LETTERS.toLowerCase() : ALPHANUMERIC);
  });

export const digitsOf = (text: string): number[] => [...text.replace(/\D/g, '')].map(Number);

/** The sum of digits by their weights, which are repeated where they are fewer. */
export const weighted = (text: string, weights: readonly number[]): number =>
  digitsOf(text).reduce((sum, digit, at) => sum + digit * (weights[at % weights.length] ?? 0), 0);

/** The check digit of Luhn (ISO/IEC 7812-1) for the digits before it. */
export function luhn(text: string): string {
  const sum = digitsOf(text)
    .reverse()
    .reduce((total, digit, at) => total + (at % 2 === 1 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2), 0);
  return String((10 - (sum % 10)) % 10);
}

/** ISO/IEC 7064 mod 11,10. */
export function mod11and10(text: string): string {
  const product = digitsOf(text).reduce((last, digit) => (((digit + last) % 10 || 10) * 2) % 11, 10);
  return String((11 - product) % 10);
}

/** ISO 13616: the two check digits of a country and its account. */
export function ibanCheck(country: string, account: string): string {
  const value = `${account}${country}00`.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return String(98n - (BigInt(value) % 97n)).padStart(2, '0');
}

/** Verhoeff 1969, by the dihedral group's own multiplication. */
export function verhoeff(text: string): string {
  const times = (a: number, b: number): number => {
    if (a < 5) return b < 5 ? (a + b) % 5 : 5 + ((a + b) % 5);
    return b < 5 ? 5 + ((a - b + 10) % 5) : (a - b + 10) % 5;
  };
  const permuted = (digit: number, rounds: number): number => {
    let value = digit;
    for (let round = 0; round < rounds; round += 1) value = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4][value] ?? 0;
    return value;
  };
  const all = [...digitsOf(text), 0].reverse();
  const check = all.reduce((sum, digit, at) => times(sum, permuted(digit, at % 8)), 0);
  return String([0, 4, 3, 2, 1, 5, 6, 7, 8, 9][check] ?? 0);
}

/** A number made of `body` and a check that `checkOf` gives; null says that the body has none: draw again. */
export function checked(body: () => string, checkOf: (body: string) => string | null): string {
  for (;;) {
    const drawn = body();
    const check = checkOf(drawn);
    if (check !== null) return drawn + check;
  }
}

export interface Day {
  readonly year: number;
  readonly yyyy: string;
  readonly yy: string;
  readonly mm: string;
  readonly dd: string;
}

/** A day of a life. */
export function birthday(random: Random, from = 1935, to = 2007): Day {
  const year = between(random, from, to);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [mm, dd] = [two(between(random, 1, 12)), two(between(random, 1, 28))];
  return { year, yyyy: String(year), yy: two(year % 100), mm, dd };
}

/** One of some ways to write a number: groups of the given sizes, or none, with a separator. */
export function grouped(text: string, sizes: readonly number[], separator: string): string {
  let at = 0;
  const groups = sizes.map((size) => {
    at += size;
    return text.slice(at - size, at);
  });
  return [...groups, text.slice(at)].filter((group) => group !== '').join(separator);
}

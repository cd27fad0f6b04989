/** Check digits, as their standards define them. Each takes digits (or letters) without separators. */

const digit = (text: string, at: number): number => text.charCodeAt(at) - 0x30;

/** Sum of the digits times their weights. */
export function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, i) => sum + weight * digit(digits, i), 0);
}

/** ISO/IEC 7812-1, annex B (Luhn): payment cards, Swedish personal numbers. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const value = digit(digits, digits.length - 1 - i);
    sum += i % 2 === 0 ? value : value * 2 - (value > 4 ? 9 : 0);
  }
  return sum % 10 === 0;
}

/** ISO/IEC 7064, MOD 97-10, as ISO 13616 uses it for IBANs: the first four characters go last, letters count from 10. */
export function iban97(iban: string): boolean {
  const moved = iban.slice(4) + iban.slice(0, 4);
  let rest = 0;
  for (const char of moved.toUpperCase()) {
    const value = Number.parseInt(char, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** ISO/IEC 7064, MOD 11,10: the German tax identification number. */
export function mod11And10(digits: string): boolean {
  let product = 10;
  for (let i = 0; i < digits.length - 1; i++) {
    const sum = (digit(digits, i) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === digit(digits, digits.length - 1);
}

// Verhoeff, "Error Detecting Decimal Codes" (1969): the dihedral group D5, and a permutation of period eight.
const DIHEDRAL = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
];
const PERMUTATION = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
];

/** Verhoeff's check: Indian Aadhaar numbers. */
export function verhoeff(digits: string): boolean {
  let check = 0;
  for (let i = 0; i < digits.length; i++) {
    const permuted = PERMUTATION[i % 8]?.[digit(digits, digits.length - 1 - i)];
    check = Number(DIHEDRAL[check]?.[Number(permuted)]);
  }
  return check === 0;
}

/** Whether a day exists. Two-digit years are taken as leap years where they may be one. */
export function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(year < 100 ? year + 2000 : year, month, 0)).getUTCDate();
}

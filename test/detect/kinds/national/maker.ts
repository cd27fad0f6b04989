/**
 * What the makers of valid numbers are made with. The checks are those of the package `stdnum`, asked until one holds, or
 * written from the published rule beside the number: none is the detector's own.
 */
import { createRequire } from 'node:module';
import type { EntityKind } from '../../../../src/personal-kinds.ts';

const require = createRequire(import.meta.url);
interface Validator {
  validate(text: string): { isValid: boolean };
}
export const validator = (path: string): ((text: string) => boolean) => {
  const { validate } = require(`stdnum/lib/cjs/${path}.js`) as Validator;
  return (text) => validate(text).isValid;
};

/** A number from 0 to `below` - 1. */
export type Random = (below: number) => number;

export const pick = (random: Random, from: string): string => from[random(from.length)] ?? '';
export const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
export const two = (number: number): string => String(number).padStart(2, '0');

/** Fills a form: `9` a digit, `1` one that is not 0, `A` a letter, anything else itself. */
export const filled = (random: Random, form: string): string =>
  form.replace(/[91A]/g, (sign) =>
    pick(random, sign === '9' ? '0123456789' : sign === '1' ? '123456789' : LETTERS),
  );

export const date = (random: Random): readonly [year: string, month: string, day: string] => [
  two(random(100)),
  two(1 + random(12)),
  two(1 + random(28)),
];

/** Asks until `holds`. */
export const until = (make: () => string, holds: (text: string) => boolean): string => {
  for (let i = 0; i < 100_000; i++) {
    const made = make();
    if (holds(made)) return made;
  }
  throw new Error('no such number');
};

/** What is left of a weighted sum. */
export const sum = (digits: string, weights: readonly number[]): number =>
  weights.reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
export const cross = (number: number): number => Math.floor(number / 10) + (number % 10);
export const luhnDigit = (digits: string): number => {
  const total = [...digits]
    .reverse()
    .reduce((all, char, i) => all + cross(Number(char) * (i % 2 === 0 ? 2 : 1)), 0);
  return (10 - (total % 10)) % 10;
};

/** Puts signs between groups: `grouped('536904399', '3-2-4')`. */
export const grouped = (compact: string, parting: string): string => {
  let at = 0;
  return parting.replace(/\d+/g, (length) => {
    at += Number(length);
    return compact.slice(at - Number(length), at);
  });
};

export interface NationalNumber {
  readonly kind: EntityKind;
  readonly make: (random: Random) => string;
  /** What people call it. */
  readonly words: readonly string[];
  /** The groups it is usually written in, if it is. */
  readonly parting?: string;
  /** Whether it needs no word: never, in its usual groups, or at all. */
  readonly alone: 'never' | 'parted' | 'always';
  /** Whether a number of its form with another last character is none. */
  readonly isChecked: boolean;
}

export const number = (
  kind: EntityKind,
  make: (random: Random) => string,
  words: readonly string[],
  alone: NationalNumber['alone'],
  parting?: string,
  isChecked = true,
): NationalNumber => ({ kind, make, words, alone, isChecked, ...(parting === undefined ? {} : { parting }) });
export const checked = (form: string, path: string): ((random: Random) => string) => {
  const holds = validator(path);
  return (random) => until(() => filled(random, form), holds);
};

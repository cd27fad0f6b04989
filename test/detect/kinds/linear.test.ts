/** Hostile text: the work of each family grows with its length, not faster. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FAMILIES } from '../../../src/detect/structured.ts';
import { Subject } from '../../../src/detect/subject.ts';

const CHARS = 6_000;
/** Quadratic work would be sixteenfold. The constant keeps the noise of short times out. */
const RATIO_MAX = 9;
const NOISE_MS = 50;

/** Of this process's own: other programs on the machine do not count. */
const cpuMsFor = (text: string): number => {
  const begun = process.cpuUsage();
  for (const family of FAMILIES) family.find(new Subject(text));
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
};
const repeated = (unit: string, chars: number): string => unit.repeat(Math.ceil(chars / unit.length));

/** Times at n and 4n; the least of some runs, as compiling and collecting garbage only ever add to one. */
function isLinear(unit: string): boolean {
  const least = (chars: number): number => {
    const text = repeated(unit, chars);
    return Math.min(cpuMsFor(text), cpuMsFor(text), cpuMsFor(text));
  };
  return least(4 * CHARS) <= RATIO_MAX * least(CHARS) + NOISE_MS;
}

test.each([
  'a1',
  'A1 ',
  '1-',
  '123-45-6789 ',
  '123 456 789 ',
  'AB 12 34 56 C ',
  'SSN 536904399, ',
  'passport AB1234567 ',
  'account 12345678 ',
  'order 123456789 ',
  'a,ssn\n1,536904399\n',
  '\n\na,b\n1,123456789',
  '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa ',
  '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed ',
  'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq ',
  'sk_live_aaaaaaaaaaaaaaaa1 ',
  'eyJaaaaaaaaaa.',
  'eyJaaaaaaaaaa.eyJaaaaaaaaaa.',
  '--password=',
  'login a password ',
  'seed phrase: abandon ability ',
  'abandon ability ',
  'Password=',
  'a'.repeat(5_000),
  'aB1'.repeat(5_000),
  '1'.repeat(5_000),
  '(driver’s license ',
  'is my SSN ',
])('%j', (unit) => {
  expect(isLinear(unit)).toBe(true);
});

test('whatever is repeated', () => {
  const piece = fc.constantFrom(
    '1',
    '12',
    '1234',
    'A',
    'ab',
    ' ',
    '-',
    '.',
    '/',
    '_',
    ':',
    '=',
    '@',
    '\n',
    ',',
    '(',
    '#',
    'is',
    'SSN',
    'é',
    '１',
  );
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), (pieces) => {
      expect(isLinear(pieces.join(''))).toBe(true);
    }),
    { numRuns: 12 },
  );
});

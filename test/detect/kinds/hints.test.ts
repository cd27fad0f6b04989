import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Hints } from '../../../src/detect/kinds/hints.ts';

const HINTS = new Hints(['sec', 'pwd', 'asł']);

test('a word is never passed over, in small letters or capitals', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('secret', 'SECRET', 'Pwd', 'hasło', 'Hasło'),
      fc.string(),
      (before, word, after) => HINTS.mayBeIn(`${before}${word}${after}`),
    ),
  );
});

test('a text without one has no hint, unless its letters are not Latin', () => {
  expect(HINTS.mayBeIn('The weather has been fine, and naïve people said so.')).toBe(false);
  expect(HINTS.mayBeIn('se')).toBe(false);
  expect(HINTS.mayBeIn('погода')).toBe(true);
});

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SURFACE_WIDTH, surfaceOf } from '../../../src/classify/difficulty/surface.ts';

test('every text has as many numbers, all finite', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      const surface = surfaceOf(text);
      expect(surface.length).toBe(SURFACE_WIDTH);
      for (const value of surface) expect(Number.isFinite(value) && value >= 0).toBe(true);
    }),
  );
});

test.each([
  ['How many apples are 3 + 4?', 'Where are the apples?'],
  ['Let $x^2 = \\frac{1}{2}$. Determine x.', 'Where are the apples?'],
  ['def add(a, b):\n  return a + b', 'Where are the apples?'],
  ['Which one?\nA) red\nB) blue\nC) green', 'Which one?'],
])('%j shows more than %j', (rich, poor) => {
  const [first, second] = [surfaceOf(rich), surfaceOf(poor)];
  expect(first.filter((value, at) => value > (second[at] as number)).length).toBeGreaterThan(3);
});

test('a text of megabytes costs no more than its beginning', () => {
  for (const piece of ['a', '1', '\n', '. ', '(A) ', '\\a', 'a ']) {
    const began = performance.now();
    surfaceOf(piece.repeat(2_000_000));
    expect(performance.now() - began).toBeLessThan(500);
  }
});

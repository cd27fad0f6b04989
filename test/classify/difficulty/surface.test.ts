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

test('more text is longer, and names no fewer quantities', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 100 }), fc.string({ minLength: 1, maxLength: 100 }), (text, more) => {
      const [before, after] = [surfaceOf(text), surfaceOf(`${text} ${more}`)];
      expect(after[0]).toBeGreaterThan(before[0]);
      expect(after[1]).toBeGreaterThanOrEqual(before[1]);
    }),
  );
});

test.each([
  ['Where are the apples?', 0],
  ['Someone often won.', 0],
  ['Twelve apples cost 1,250.75 euros.', 2],
  ['3/4 of it, then half of the rest', 3],
  ['20 % off', 2],
])('%j names %i quantities', (text, quantities) => {
  expect(surfaceOf(text)[1]).toBe(Math.log1p(quantities));
});

test('a text of megabytes costs no more than its beginning', () => {
  for (const piece of ['a', '1', '1,', '\n', '% ', 'one ', 'twenty']) {
    const began = performance.now();
    surfaceOf(piece.repeat(2_000_000));
    expect(performance.now() - began).toBeLessThan(500);
  }
});

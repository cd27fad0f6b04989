import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Literals } from '../src/literals.ts';

test('finds exactly what a search for each string alone finds', () => {
  const short = fc.string({ unit: fc.constantFrom('a', 'b', 'é'), minLength: 1, maxLength: 5 });
  const long = fc.string({ unit: fc.constantFrom('a', 'b', 'é'), maxLength: 60 });
  fc.assert(
    fc.property(fc.uniqueArray(short, { minLength: 1, maxLength: 8 }), long, (strings, text) => {
      const expected = strings.flatMap((string, index) =>
        [...text].flatMap((_, start) =>
          text.startsWith(string, start) ? [{ index, start, end: start + string.length }] : [],
        ),
      );
      const order = (a: { index: number; end: number }, b: { index: number; end: number }) =>
        a.end - b.end || a.index - b.index;
      const literals = new Literals(strings);
      expect(literals.find(text).sort(order)).toEqual(expected.sort(order));
      expect(literals.isIn(text)).toBe(expected.length > 0);
    }),
    { numRuns: 2000 },
  );
});

test('finds none among none', () => {
  expect(new Literals([]).find('text')).toEqual([]);
});

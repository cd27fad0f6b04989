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

test('finds strings that begin or end alike, are one character long, or are many', () => {
  const many = Array.from({ length: 3_000 }, (_, i) => `number ${i}`);
  const literals = new Literals([...many, 'x', 'xx', '\uffff']);
  const at = (text: string) =>
    literals.find(text).map(({ index, start, end }) => [index, text.slice(start, end)]);
  expect(at('number 2999')).toEqual([
    [2, 'number 2'],
    [29, 'number 29'],
    [299, 'number 299'],
    [2999, 'number 2999'],
  ]);
  expect(at('axx\uffff')).toEqual([
    [3000, 'x'],
    [3001, 'xx'],
    [3000, 'x'],
    [3002, '\uffff'],
  ]);
});

test.each([[['ab', 'ab']], [['ab', 'c', 'd', 'e', 'f', 'ab']]])(
  'of equal strings, tells the last: %j',
  (strings) => {
    const last = strings.length - 1;
    expect(new Literals(strings).find('ab')).toEqual([{ index: last, start: 0, end: 2 }]);
  },
);

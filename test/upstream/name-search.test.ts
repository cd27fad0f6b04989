import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NameSearch } from '../../src/upstream/name-search.ts';
import { ValueSearch } from '../../src/upstream/value-search.ts';

const shown = (names: readonly string[], text: string): string[] => [...new NameSearch(names).shownIn(text)];

test.each([
  'near Green Lake.',
  'NEAR GREEN LAKE',
  'Green\nLake',
  'Green \t Lake',
  '?q=Green+Lake',
  'Ｇreen Lake',
  'Gr\u200Been Lake',
])('a name is shown: %j', (text) => {
  expect(shown(['Blue Hill', 'Green Lake'], text)).toEqual(['Green Lake']);
});

test.each([
  'green lake',
  'Evergreen Lake',
  'Green Lakes',
  'Green, Lake',
  'Green%20Lake',
  'R3JlZW4gTGFrZQ==',
  '',
])('a name is not shown: %j', (text) => {
  expect(shown(['Green Lake'], text)).toEqual([]);
});

test('names that are one in capitals are shown together', () => {
  expect(shown(['Green Lake', 'GREEN LAKE'], 'GREEN LAKE')).toEqual(['Green Lake', 'GREEN LAKE']);
  expect(shown([], 'GREEN LAKE')).toEqual([]);
});

test('what is shown, the guard finds', () => {
  const words = fc.constantFrom(
    'Green',
    'Lake',
    'GREEN',
    'LAKE',
    'green',
    'Ä',
    ' ',
    '\n',
    '+',
    '.',
    '\u200B',
    '山',
    '田',
  );
  const texts = fc.array(words, { maxLength: 12 }).map((some) => some.join(''));
  fc.assert(
    fc.property(texts, fc.constantFrom('Green Lake', 'Lake Ä', '山 田'), (text, name) => {
      const isFound = [...new ValueSearch([name]).lookIn(text)].includes(true);
      expect(shown([name], text)).toEqual(isFound ? [name] : []);
    }),
    { numRuns: 500 },
  );
});

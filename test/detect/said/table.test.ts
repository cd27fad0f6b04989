import { expect, test } from '@jest/globals';
import { Tables } from '../../../src/detect/said/table.ts';
import { findStructured } from '../../../src/detect/structured.ts';

const found = (text: string): string[] =>
  findStructured(text).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);

test.each([
  [
    'comma-separated values',
    'id,name,ssn,note\n1,Jane Doe,536904399,a customer since a long time\n2,Joe,536904398,',
    ['US_SSN 536904399', 'US_SSN 536904398'],
  ],
  ['values in quotes', '"name","NHS number"\n"Doe, Jane","9434765919"\n', ['UK_NHS 9434765919']],
  [
    'tabs',
    'tax file number\tamount\n123456782\t123456789\n876543210\t123456789',
    ['AU_TFN 123456782', 'AU_TFN 876543210'],
  ],
  [
    'Markdown, after another paragraph',
    'Here, as you asked for:\n\n| Passport | Name |\n|---|---|\n| X1234567 | Jane |\n| X7654321 | Joe |',
    ['PASSPORT X1234567', 'PASSPORT X7654321'],
  ],
])('a column’s name speaks of the values below it: %s', (_what, text, findings) => {
  expect(found(text)).toEqual(findings);
});

test('no line but the first names columns, and none with numbers does', () => {
  const tables = new Tables('a,b\n1,2\nc,d\n3,4\n\n2024-01-01,x\n5,6\n');
  expect(tables.columnAt(0)).toBe('');
  expect(tables.columnAt(6)).toBe('b');
  expect(tables.columnAt(14)).toBe('b');
  expect(tables.columnAt(32)).toBe('');
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CsvError, readCsv } from '../../src/wire/csv.ts';

describe('what spreadsheets write', () => {
  test.each([
    [
      'plain',
      'text,intent\nhello,greet\n',
      [
        ['text', 'intent'],
        ['hello', 'greet'],
      ],
    ],
    [
      'no end of line',
      'a,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'Windows',
      'a,b\r\n1,2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'old Macintosh',
      'a,b\r1,2\r',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a byte order mark',
      '\uFEFFa,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'semicolons, as in Europe',
      'a;b\n"1,5";2',
      [
        ['a', 'b'],
        ['1,5', '2'],
      ],
    ],
    [
      'tabs',
      'a\tb\n1, 2; 3\t4',
      [
        ['a', 'b'],
        ['1, 2; 3', '4'],
      ],
    ],
    ['a named separator', 'sep=;\na,x;b\n1;2', [[], ['a,x', 'b'], ['1', '2']]],
    [
      'quotes, lines and separators in a cell',
      'a,b\n"x, ""y""\nz",2',
      [
        ['a', 'b'],
        ['x, "y"\nz', '2'],
      ],
    ],
    [
      'a comma in a quoted header',
      '"a,b,c";d\n1;2',
      [
        ['a,b,c', 'd'],
        ['1', '2'],
      ],
    ],
    ['empty cells and rows', 'a,b\n,\n\n1,', [['a', 'b'], ['', ''], [''], ['1', '']]],
    ['a quote within a word', 'a\n5" nails', [['a'], ['5" nails']]],
    ['words behind a quote', 'a\n"x"y', [['a'], ['xy']]],
    ['nothing', '', []],
  ])('%s', (_name, source, rows) => {
    expect(readCsv(source)).toEqual(rows);
  });
});

test('a quote that is never closed is told with its row', () => {
  expect(() => readCsv('a,b\n1,2\n"x,3\n4,5')).toThrow(new CsvError(3));
});

test('what was written by the book is read again, whatever is in the cells', () => {
  const table = fc.array(fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 4 }), {
    minLength: 1,
  });
  const written = (rows: string[][], separator: string): string =>
    rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(separator)).join('\r\n');
  fc.assert(
    fc.property(table, fc.constantFrom(',', ';', '\t'), (rows, separator) => {
      expect(readCsv(written(rows, separator))).toEqual(rows);
    }),
  );
});

test('any text is read or refused, without an end in sight for none', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r', '\t', '\uFEFF') }),
      (text) => {
        try {
          readCsv(text);
        } catch (error) {
          expect(error).toBeInstanceOf(CsvError);
        }
      },
    ),
  );
});

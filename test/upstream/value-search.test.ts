import { Buffer } from 'node:buffer';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ValueSearch } from '../../src/upstream/value-search.ts';

const isIn = (values: readonly string[], text: string): boolean =>
  [...new ValueSearch(values).lookIn(text)].includes(true);

const bytes = (text: string, encoding: BufferEncoding = 'utf8') => [...Buffer.from(text, encoding)];
const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');
const units = (text: string, form: (code: number) => string): string =>
  Array.from({ length: text.length }, (_, i) => form(text.charCodeAt(i))).join('');
const inLines = (text: string): string => text.replace(/.{76}/g, '$&\r\n');
const FILLER = 'Lorem ipsum dolor sit amet, '.repeat(4);

/** What a fault could make of a value. */
const ENCODINGS: Record<string, (value: string) => string> = {
  'as it is': (value) => value,
  'a JSON string': (value) => JSON.stringify(value),
  'JSON in JSON in JSON': (value) => JSON.stringify(JSON.stringify(JSON.stringify({ a: value }))),
  '\\u escapes': (value) => units(value, (code) => `\\u${hex(code, 4)}`),
  '\\u escapes in capitals': (value) => units(value, (code) => `\\u${hex(code, 4).toUpperCase()}`),
  '\\u{} escapes': (value) => [...value].map((char) => `\\u{${hex(char.codePointAt(0) ?? 0, 1)}}`).join(''),
  '\\x escapes of bytes': (value) =>
    bytes(value)
      .map((byte) => `\\x${hex(byte, 2)}`)
      .join(''),
  'percent escapes': encodeURIComponent,
  'percent escapes of everything': (value) =>
    bytes(value)
      .map((byte) => `%${hex(byte, 2)}`)
      .join(''),
  'percent escapes of percent escapes': (value) => encodeURIComponent(encodeURIComponent(value)),
  'a form': (value) => String(new URLSearchParams({ a: value })),
  'HTML, decimal': (value) => [...value].map((char) => `&#${char.codePointAt(0)};`).join(''),
  'HTML, hexadecimal': (value) =>
    [...value].map((char) => `&#x${hex(char.codePointAt(0) ?? 0, 4)};`).join(''),
  'HTML, by name': (value) => value.replaceAll('@', '&commat;').replaceAll('.', '&period;'),
  'quoted-printable': (value) =>
    bytes(value)
      .map((byte) => `=${hex(byte, 2).toUpperCase()}`)
      .join(''),
  'quoted-printable in two lines': (value) => `${value.slice(0, 7)}=\r\n${value.slice(7)}`,
  base64: (value) => Buffer.from(value).toString('base64'),
  'base64, a byte on': (value) => Buffer.from(`x${value}`).toString('base64'),
  'base64, two bytes on': (value) => Buffer.from(`xy${value}z`).toString('base64'),
  'base64 inside of a word': (value) => `abc${Buffer.from(value).toString('base64')}def`,
  base64url: (value) => Buffer.from(`>>>???${value}`).toString('base64url'),
  'base64 in lines': (value) => inLines(Buffer.from(FILLER + value + FILLER).toString('base64')),
  'base64 in lines, in JSON': (value) =>
    JSON.stringify(inLines(Buffer.from(FILLER + value + FILLER).toString('base64'))),
  'base64 of base64': (value) => Buffer.from(Buffer.from(`q${value}`).toString('base64')).toString('base64'),
  'base64 of JSON': (value) => Buffer.from(JSON.stringify({ value })).toString('base64'),
  'base64, percent-escaped': (value) =>
    encodeURIComponent(Buffer.from(`\u00ff\u00ff${value}\u00ff`).toString('base64')),
  hexadecimal: (value) => Buffer.from(value).toString('hex'),
  'hexadecimal in capitals, a digit on': (value) => `a${Buffer.from(value).toString('hex').toUpperCase()}`,
  'UTF-16, big end first': (value) => units(value, (code) => String.fromCharCode(code >> 8, code & 255)),
  'UTF-16 in JSON': (value) =>
    JSON.stringify(units(value, (code) => String.fromCharCode(code & 255, code >> 8))),
  'UTF-16 in base64': (value) => Buffer.from(value, 'utf16le').toString('base64'),
  capitals: (value) => value.toUpperCase(),
  'full width': (value) =>
    value.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)),
  'with zero-width spaces': (value) => [...value].join('\u200b'),
  'with other spaces': (value) => value.replaceAll(' ', '\u00a0\n'),
  backwards: (value) => [...value].reverse().join(''),
};
const VALUES = {
  'an e-mail address': 'jane.doe+x@example.com',
  'a number': '4111 1111 1111 1111',
  'a path': 'C:\\users\\"jane"\\41%41&amp;',
};
const cases = Object.entries(ENCODINGS).flatMap(([encoding, encode]) =>
  Object.entries(VALUES).map(([what, value]) => [what, encoding, value, encode(value)] as const),
);

describe('a value is found', () => {
  test.each(cases)('%s: %s', (_what, _encoding, value, encoded) => {
    expect(isIn(['another@example.com', value], `{"a":"Text ${encoded}"}`)).toBe(true);
    expect(isIn([value], `{"a":"Text"}`)).toBe(false);
  });

  test('beyond ASCII, in the encodings of bytes', () => {
    const value = 'Zoë Müller, 42 Straße';
    for (const name of ['as it is', 'base64', 'base64, two bytes on', 'hexadecimal', 'percent escapes']) {
      expect([name, isIn([value], `"${ENCODINGS[name]?.(value)}"`)]).toEqual([name, true]);
    }
    expect(isIn([value], value.normalize('NFD'))).toBe(true);
  });

  test.each([
    ['4111-1111-1111-1111', '4111111111111111'],
    ['DE89370400440532013000', 'DE89 3704 0044 0532 0130 00'],
    ['+49 (170) 123-4567', '49170.123.45.67'],
  ])('%s, written as %s', (value, written) => {
    expect(isIn([value], `No. ${written}!`)).toBe(true);
  });

  test('wherever it stands in a long text', () => {
    const value = 'jane@example.com';
    for (const form of [value, ENCODINGS['\\u escapes']?.(value), ENCODINGS.base64?.(value)]) {
      for (const before of [65_000, 65_500, 65_530, 65_536, 65_600, 66_500, 131_060, 200_000]) {
        expect(isIn([value], `${' '.repeat(before)}${form}${' '.repeat(70_000)}`)).toBe(true);
      }
    }
  });

  test('in any text, with any other values', () => {
    const value = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).map((text) => `${text}7`);
    fc.assert(
      fc.property(value, fc.array(value), fc.string(), fc.string(), (wanted, others, before, after) => {
        expect(isIn([...others.filter(Boolean), wanted], `${before}${wanted}${after}`)).toBe(true);
        expect(isIn([wanted], JSON.stringify([JSON.stringify({ [before]: before + wanted + after })]))).toBe(
          true,
        );
      }),
      { numRuns: 150 },
    );
  });

  test('a name as whole words, and not within longer ones', () => {
    const isThere = (text: string) => isIn(['Anna Schmidt', '山田太郎', 'Иван Петров'], text);
    const there = [
      'Anna Schmidt',
      'Anna\nSchmidt’s',
      'ANNA SCHMIDT,',
      '\\nAnna Schmidt',
      '山田太郎さん',
      'ИВАН ПЕТРОВ',
    ];
    expect(there.filter((text) => !isThere(text))).toEqual([]);
    const encoded = ['Anna Schmidt', 'Dear Anna Schmidt!', 'Иван Петров'].map((text) => Buffer.from(text));
    expect(encoded.filter((some) => !isThere(`x ${some.toString('base64')}`))).toEqual([]);
    expect(encoded.filter((some) => !isThere(`x ${some.toString('hex')}`))).toEqual([]);
    const others = [
      'Johanna Schmidt',
      'Anna Schmidtke',
      'Anna-Schmidt',
      'anna schmidt',
      'АИван Петров',
      'tdimhcS annA',
    ];
    expect(others.filter(isThere)).toEqual([]);
    expect(isThere(Buffer.from('Johanna Schmidtke').toString('base64'))).toBe(false);
  });

  test('that is longer than what is looked for, by its beginning', () => {
    const key = Buffer.alloc(30_000, 'MIIEvQIBADANBgkqhkiG9w0').toString();
    expect(isIn([key], `x${key}`)).toBe(true);
  });

  test('or not at all, when there are too many to look for', () => {
    const many = Array.from({ length: 40_000 }, (_, i) => `${i}${'x'.repeat(200)}`);
    expect(() => isIn(many, 'text')).toThrow('too many values');
  });

  test('among thousands', () => {
    const values = Array.from({ length: 2_500 }, (_, i) => `person.${i}.x@example.com`);
    expect(isIn(values, `${'text '.repeat(20_000)}person.2499.x@example.com`)).toBe(true);
    expect(isIn(values, `${'text '.repeat(20_000)}person.2500.x@example.com`)).toBe(false);
  });
});

describe('no value is found', () => {
  test.each([
    ['in nothing', ''],
    ['in prices and lists', '[1,2,3,4,5,6,7,8,9,10,11,12] 12.50 + 13.00, 14 15 16 17'],
    ['in placeholders', 'Write to [EMAIL_ADDRESS_7Q2M9XBK] or [CREDIT_CARD_0123ABCD]'],
    [
      'in bytes',
      Buffer.from(Array.from({ length: 90_000 }, (_, i) => (i * 7919 + (i >> 3)) & 255)).toString('base64'),
    ],
    ['in escapes that are none', '\\u12 %zz &#; &unknown; &#9999999; \\x1 =\r\n = 5'],
  ])('%s', (_where, text) => {
    expect(isIn([...Object.values(VALUES), '4711-0815', 'Jane Smith'], text)).toBe(false);
  });

  test('when there is none to look for', () => {
    expect(isIn([], 'text')).toBe(false);
  });
});

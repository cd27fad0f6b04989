import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { customFamily } from '../../../src/detect/custom.ts';
import { findStructured, searchStructured } from '../../../src/detect/structured.ts';
import { rawView, type View } from '../../../src/detect/views/view.ts';
import { inWindows, WINDOW_CHARS } from '../../../src/detect/views/view-windows.ts';
import { EVERYTHING } from '../../../src/policy/personal-rules.ts';
import type { InPieces } from '../../../src/turns.ts';

const own = customFamily(EVERYTHING);
function atOnce<T>(work: InPieces<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}
const inPieces = (text: string) => atOnce(searchStructured(text, [], false, own));
const PROSE = 'All of it was sent on Monday, as agreed with them. ';
const prose = (chars: number): string => PROSE.repeat(chars / PROSE.length + 1).slice(0, chars);

const jwt = `eyJ${'hbGciOiJIUzI1NiIs'.repeat(200)}.eyJ${'zdWIiOiIxMjM0NTY3'.repeat(400)}.${'c2lnbmF0dXJl'.repeat(300)}`;
const base64 = Buffer.from(`Please call Jane: jane.doe@example.com. ${prose(9_000)}`).toString('base64');
const VALUES = [
  'jane.doe@example.com',
  'my card is 4111 1111 1111 1111',
  'IBAN DE89 3704 0044 0532 0130 00',
  'SSN: 536-90-4399, 219-09-9999',
  'jane dot doe at example dot com',
  '%6aane%40example.com',
  'born on 1 May 1980',
  'order no. 4111111111111112',
  'MRN of the patient: 4482913',
  jwt,
  base64,
];

describe('a long text', () => {
  test('is searched in windows, and what is found is what a search at once finds', () => {
    const part = fc.tuple(
      fc.integer({ min: 200, max: 6_000 }),
      fc.constantFrom(...VALUES),
      fc.constantFrom(' ', '\n\n', ', '),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 6, maxLength: 14 }), (parts) => {
        const text = parts.map(([chars, value, end]) => `${prose(chars)} ${value}${end}`).join('');
        expect(inPieces(text)).toEqual(findStructured(text));
      }),
      { numRuns: 40 },
    );
  });

  test('may have a value wherever a window could end, with spaces to end at or none', () => {
    for (const glue of [' ', '_', ';']) {
      const filler = prose(60_000).replaceAll(' ', glue);
      for (const value of ['jane.doe@example.com', 'card 4111 1111 1111 1111', jwt]) {
        for (let at = WINDOW_CHARS - 1_500; at < WINDOW_CHARS + 700; at += 173) {
          const text = `${filler.slice(0, at)}; ${value} ${filler}`;
          expect([glue, at, inPieces(text)]).toEqual([glue, at, findStructured(text)]);
        }
      }
    }
  });

  test('may have a value of several words wherever a window could end', () => {
    for (let at = WINDOW_CHARS - 560; at < WINDOW_CHARS + 20; at += 5) {
      const text = `${prose(at)}card 4111 1111 1111 1111; ${prose(1_000)}`;
      expect([at, inPieces(text).map(({ kind }) => kind)]).toEqual([at, ['CREDIT_CARD']]);
    }
  });

  test('may have a long token where even the longest window has no space to end at', () => {
    const text = `${prose(130_000).replaceAll(' ', '_')}; ${jwt}; ${prose(9_000)}`.replaceAll(' ', '_');
    expect(inPieces(text).map(({ kind }) => kind)).toEqual(['SECRET']);
  });

  test('may be a list of numbers, of which the first words speak', () => {
    const list = Array.from({ length: 2_500 }, (_, i) => 12_345_678 + i * 7_919).join(', ');
    const text = `${prose(5_000)}Account numbers: ${list}`;
    expect(inPieces(text)).toHaveLength(2_500);
    expect(inPieces(text)).toEqual(findStructured(text));
  });

  test('may be a table, whose first line speaks of all others', () => {
    const row = (i: number) => `${i};Jane;${1_000_000 + i * 7};${'of no importance '.repeat(i % 5)}\n`;
    const table = `row;name;mrn;remark\n${Array.from({ length: 900 }, (_, i) => row(i)).join('')}`;
    const found = inPieces(table);
    expect(found.filter(({ kind }) => kind === 'MEDICAL_RECORD_NUMBER')).toHaveLength(900);
    expect(found).toEqual(findStructured(table));
  });

  test('may hold a document that is longer than any window', () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n'.repeat(6_000)}-----END PRIVATE KEY-----`;
    const text = `${prose(12_000)}\n${key}\n${prose(3_000)} jane.doe@example.com`;
    expect(inPieces(text)).toEqual(findStructured(text));
    expect(inPieces(text).map(({ kind }) => kind)).toEqual(['SECRET', 'EMAIL_ADDRESS']);
  });
});

test('windows are short, cover everything, and are few', () => {
  const windows: View[] = [];
  const text = prose(100_000);
  const read = function* (window: View) {
    windows.push(window);
    yield;
    return [{ start: window.raw(0, 1)[0], end: window.raw(0, 1)[1] }];
  };
  atOnce(inWindows(rawView(text), read));
  expect(Math.max(...windows.map((window) => window.text.length))).toBeLessThanOrEqual(2 * WINDOW_CHARS);
  expect(windows.length).toBeLessThan((1.3 * text.length) / WINDOW_CHARS);
  let seen = 0;
  for (const window of windows) {
    const [start] = window.raw(0, 1);
    expect(start).toBeLessThanOrEqual(seen);
    seen = window.raw(0, window.text.length)[1];
  }
  expect(seen).toBe(text.length);
});

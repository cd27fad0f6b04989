import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MASK } from '../../src/detect/mask.ts';
import { masked, merged } from '../../src/detect/spans.ts';
import type { Match } from '../../src/detect/subject.ts';

const match: fc.Arbitrary<Match> = fc
  .tuple(
    fc.nat(40),
    fc.integer({ min: 1, max: 12 }),
    fc.constantFrom('US_SSN' as const, 'URL' as const, 'ADDRESS' as const, 'UK_POSTCODE' as const),
    fc.nat(9),
  )
  .map(([start, length, kind, score]) => ({ start, end: start + length, kind, score: score / 10 }));

test('merged matches are apart, in order, and cover what was covered, no more', () => {
  fc.assert(
    fc.property(fc.array(match), (matches) => {
      const result = merged(matches);
      const cover = (spans: readonly Match[]) =>
        Array.from({ length: 60 }, (_, i) => spans.some(({ start, end }) => start <= i && i < end));
      expect(cover(result)).toEqual(cover(matches));
      for (let i = 1; i < result.length; i++)
        expect(result[i]!.start).toBeGreaterThanOrEqual(result[i - 1]!.end);
    }),
  );
});

test('the longest of an overlap gives its kind, then the surest', () => {
  const long = { start: 0, end: 8, kind: 'URL', score: 0.1 } as const;
  expect(merged([{ start: 5, end: 9, kind: 'US_SSN', score: 1 }, long])).toEqual([
    { ...long, end: 9, covers: ['US_SSN'] },
  ]);
  expect(merged([long, { ...long, kind: 'SECRET', score: 0.2 }])[0]!.kind).toBe('SECRET');
});

test('a name is cut around the values in it, but for a postcode in an address', () => {
  const address = { start: 0, end: 40, kind: 'ADDRESS', score: 0.9 } as const;
  const iban = { start: 30, end: 50, kind: 'IBAN_CODE', score: 1 } as const;
  const record = { start: 10, end: 15, kind: 'MEDICAL_RECORD_NUMBER', score: 0.8 } as const;
  const postcode = { start: 20, end: 27, kind: 'UK_POSTCODE', score: 0.8 } as const;
  expect(merged([iban, address, record, postcode])).toEqual([
    { ...address, end: 10 },
    record,
    { ...address, start: 15, end: 30, covers: ['UK_POSTCODE'] },
    iban,
  ]);
});

test('a value that is more than a name tells the kind of the name as well', () => {
  const mail = { start: 0, end: 20, kind: 'EMAIL_ADDRESS', score: 1 } as const;
  expect(merged([{ start: 0, end: 5, kind: 'PERSON', score: 0.9 }, mail])).toEqual([
    { ...mail, covers: ['PERSON'] },
  ]);
});

test('a place in the masked text is known in the text itself', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), fc.array(match), (text, matches) => {
      const spans = merged(matches.filter(({ end }) => end <= text.length));
      const { text: rest, raw } = masked(text, spans);
      for (let at = 0; at < rest.length; at++) {
        if (rest[at] === MASK) continue;
        const [start, end] = raw(at, at + 1);
        expect(text.slice(start, end)).toBe(rest[at]);
      }
    }),
  );
});

test('of two opinions on one value, its shape counts before its sentence', () => {
  const named = { start: 0, end: 9, kind: 'USERNAME', score: 0.99 } as const;
  const shaped = { start: 0, end: 9, kind: 'PASSPORT', score: 0.7 } as const;
  for (const both of [
    [named, shaped],
    [shaped, named],
  ]) {
    expect(merged(both)).toEqual([shaped]);
  }
});

/** The policy's own patterns: they find what JavaScript's own engine finds, and no text makes them slow. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { matchesOf, Patterns, VALUE_CHARS_MAX } from '../../../src/policy/personal/patterns.ts';

/** As JavaScript's engine has them, which looks at the whole text at once. */
const naive = (source: string, text: string) =>
  [...text.matchAll(new RegExp(source, 'g'))].map((found) => ({
    start: found.index,
    end: found.index + found[0].length,
  }));

const SOURCES = [
  String.raw`S-\d{4}`,
  String.raw`\bS-\d{2,4}\b`,
  'a+b?',
  '(?:ab|a)(?:c|bcd)',
  String.raw`[a-z]{2,5}@corp\.example`,
  'S+-',
  '(?:^|-)S[0-9]',
  'S[0-9]$',
] as const;

const pieces = [
  'S-1234',
  'S-12',
  'a',
  'ab',
  'abcd',
  'b',
  'S',
  '-',
  ' ',
  '1',
  '\n',
  'me@corp.example',
  'é',
  '😀',
];

test.each(SOURCES)('%s finds what it is to find, in texts of any length', (source) => {
  const pattern = RE2JS.compile(source);
  const piece = fc.constantFrom(...pieces);
  const text = fc
    .tuple(fc.array(piece, { maxLength: 20 }), fc.array(piece, { maxLength: 20 }), fc.nat(600))
    .map(([before, after, gap]) => `${before.join('')}${' '.repeat(gap)}${after.join('')}`);
  fc.assert(
    fc.property(text, (text) => {
      expect(matchesOf(pattern, text)).toEqual(naive(source, text));
    }),
    { numRuns: 300 },
  );
});

test('a value of the greatest length is found wherever it begins', () => {
  const pattern = RE2JS.compile('Q[a-z]+Q');
  const value = `Q${'x'.repeat(VALUE_CHARS_MAX - 2)}Q`;
  for (let before = 0; before < 2 * VALUE_CHARS_MAX; before += 7) {
    const text = `${' '.repeat(before)}${value}${' '.repeat(700)}`;
    expect(matchesOf(pattern, text)).toEqual([{ start: before, end: before + value.length }]);
  }
});

test('many patterns are found as each alone would be', () => {
  const patterns = SOURCES.map((source) => RE2JS.compile(source));
  const all = new Patterns(patterns);
  const text = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (text) => {
      const alone = patterns.flatMap((pattern, index) =>
        matchesOf(pattern, text).map((match) => ({ index, ...match })),
      );
      expect(all.find(text)).toEqual(alone);
    }),
  );
  expect(new Patterns([]).find('S-1234')).toEqual([]);
});

describe('twice the text takes about twice the time', () => {
  test.each([
    ['(?:a*)*b', 'a', 'b'],
    ['(?:x+x+)+y', 'x', 'y'],
    ['a.{0,250}c|a', 'a', ''],
    ['[ab]{3,100}(?:x|y)[ab]{50}|[ab]', 'ab', 'x'],
    ['(?:[a-z]+[0-9]?){1,20}Z', 'a1', 'Z'],
    [String.raw`(?:\w+\s?)+!`, 'word ', '!'],
  ])('%s', (source, unit, end) => {
    const patterns = new Patterns([RE2JS.compile(source)]);
    const textOf = (chars: number) => `${unit.repeat(chars / unit.length)}${end}`;
    const timeOf = (chars: number) => {
      const text = textOf(chars);
      const begun = performance.now();
      patterns.find(text);
      return performance.now() - begun;
    };
    timeOf(2_000);
    const [short, long] = [timeOf(8_000), timeOf(32_000)];
    // Four times the text: sixteen times the time would be quadratic. The rest is for a machine with other work.
    expect(long).toBeLessThan(12 * short + 200);
  });
});

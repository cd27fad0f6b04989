import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { withTypos } from '../../../eval/texts/typos.ts';

test('a word is slipped in, its first letter kept, all else left alone', () => {
  for (const seed of ['a', 'b', 'c', 'd', 'e', 'f']) {
    const typed = withTypos('please cancel my order 48213', 1, seed);
    const words = typed.split(' ');
    expect(words).toHaveLength(5);
    expect(words[2]).toBe('my');
    expect(words[4]).toBe('48213');
    expect(words.map((word) => word[0])).toEqual(['p', 'c', 'm', 'o', '4']);
    const other = words.filter((word, at) => word !== ['please', 'cancel', 'my', 'order', '48213'][at]);
    // Two letters that are alike change places without a trace.
    expect(other.length).toBeLessThanOrEqual(1);
  }
});

test('whatever the text: no more slips than words that can have one, the same every time', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.nat(5),
      fc.string(),
      (text, count, seed) => {
        const typed = withTypos(text, count, seed);
        expect(withTypos(text, count, seed)).toBe(typed);
        expect(Math.abs(typed.length - text.length)).toBeLessThanOrEqual(count);
        const [before, after] = [text.split(/(\s+)/), typed.split(/(\s+)/)];
        expect(after.filter((word, at) => word !== before[at]).length).toBeLessThanOrEqual(count);
      },
    ),
  );
});

test('most slips show', () => {
  const words = Array.from({ length: 200 }, (_, at) => `refund${'abcdefghij'[at % 10]}payment`);
  const slipped = words.filter((word, at) => withTypos(word, 1, `${at}`) !== word);
  expect(slipped.length).toBeGreaterThan(190);
});

test('texts without plain words stay as they are', () => {
  expect(withTypos('Übergrößenträger 12 ab', 3, 'x')).toBe('Übergrößenträger 12 ab');
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Reader, windowsOf } from '../../../src/detect/names/windows.ts';
import { cutWords } from '../../../src/detect/names/words.ts';

/** A piece for every three characters; the id is the first one's code. */
const READER: Reader = {
  before: -1,
  after: -2,
  tokensMax: 32,
  tokensOf: (word) =>
    Array.from({ length: Math.min(8, Math.ceil(word.length / 3)) }, (_, at) => word.charCodeAt(at * 3)),
};
const cut = (text: string, context = '') => windowsOf([{ text, context }], READER);

const sentences = fc
  .array(fc.array(fc.stringMatching(/^[A-Za-z]{1,12}$/), { minLength: 1, maxLength: 20 }), { maxLength: 12 })
  .map((all) => all.map((words) => `${words.join(' ')}.`).join('\n'));

test('every word of a text counts in one window, in order, and no window is too long', () => {
  fc.assert(
    fc.property(sentences, sentences, (text, context) => {
      const windows = cut(text, context);
      expect(windows.flatMap(({ words }) => words)).toEqual(cutWords(text));
      for (const { tokens, words, places } of windows) {
        expect(tokens.length).toBeLessThanOrEqual(READER.tokensMax);
        expect([tokens[0], tokens.at(-1)]).toEqual([-1, -2]);
        expect(places.length).toBe(words.length);
        for (const [at, place] of places.entries()) {
          expect(tokens[place]).toBe(words[at]?.text.charCodeAt(0));
        }
      }
    }),
  );
});

describe('where a window ends', () => {
  test('behind a sentence, if it is not too short then', () => {
    const text = `${'word '.repeat(9)}end. And ${'more '.repeat(12)}`;
    const [first] = cut(text);
    expect(first?.words.at(-1)?.text).toBe('.');
  });

  test('before a line', () => {
    const text = `${'word '.repeat(9)}end\nName: ${'more '.repeat(12)}`;
    const [first, second] = cut(text);
    expect(first?.words.at(-1)?.text).toBe('end');
    expect(second?.words[0]?.text).toBe('Name');
  });

  test('anywhere in a text without either', () => {
    expect(cut('word '.repeat(60)).length).toBeGreaterThan(3);
  });
});

test('what stands before is read, and does not count', () => {
  const [window] = cut('Jane', 'What is your name?');
  expect(window?.words.map(({ text }) => text)).toEqual(['Jane']);
  expect(window?.places[0]).toBeGreaterThan(5);
});

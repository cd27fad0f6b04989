import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findNearPairs, LIKENESS_MIN } from '../../src/train/near-duplicates.ts';

const pairsOf = (texts: readonly string[], kinds = texts.map(() => 0)): string[] =>
  findNearPairs(texts, kinds).map(({ first, second }) => `${texts[first]} = ${texts[second]}`);

describe('near are', () => {
  test.each([
    ['case, digits and punctuation apart', 'Where is order #4471?', 'where is order 12'],
    ['a typo apart', 'I have been charged twice this month', 'I have been chraged twice this month'],
    ['a short word apart', 'how do I change the delivery address', 'so how do I change the delivery address'],
    ['composed and decomposed letters', 'Über die Grenze', 'U\u0308ber die Grenze'],
  ])('texts %s', (_what, a, b) => {
    expect(pairsOf([a, 'something else altogether', b])).toEqual([`${a} = ${b}`]);
  });
});

describe('not near are', () => {
  test.each([
    ['where is my order', 'cancel my order'],
    ['turn the lights on', 'turn the music off'],
    ['', ''],
    ['!?', '...'],
  ])('%j and %j', (a, b) => {
    expect(pairsOf([a, b])).toEqual([]);
  });
});

test('a kind is not hidden by the many of another', () => {
  const texts = [...Array.from({ length: 50 }, (_, i) => `where is order ${i}`), 'Where is order 7?'];
  const kinds = texts.map((_, i) => (i === 50 ? 1 : 0));
  const pairs = findNearPairs(texts, kinds);
  expect(pairs.some(({ first, second }) => kinds[first] !== kinds[second])).toBe(true);
  const named = new Set(pairs.flatMap(({ first, second }) => [first, second]));
  expect(named.size).toBe(51);
  expect(pairs.length).toBeLessThan(110);
});

test('finds what comparing all with all finds', () => {
  const words = fc.constantFrom('order', 'orders', 'refund', 'my', 'where', 'is', 'the', 'thee');
  const messages = fc.array(
    fc.array(words, { minLength: 1, maxLength: 6 }).map((list) => list.join(' ')),
    { maxLength: 7 },
  );
  const pieces = (text: string): Set<string> => {
    const padded = ` ${text} `;
    return new Set(Array.from({ length: padded.length - 2 }, (_, i) => padded.slice(i, i + 3)));
  };
  const jaccard = (a: Set<string>, b: Set<string>): number => {
    const common = [...a].filter((piece) => b.has(piece)).length;
    return common / (a.size + b.size - common);
  };
  fc.assert(
    fc.property(messages, (texts) => {
      const found = new Set(
        findNearPairs(
          texts,
          texts.map((_, i) => i),
        ).map(({ first, second }) => [first, second].sort().join()),
      );
      for (let a = 0; a < texts.length; a += 1) {
        for (let b = a + 1; b < texts.length; b += 1) {
          const isNear = jaccard(pieces(texts[a]!), pieces(texts[b]!)) >= LIKENESS_MIN;
          expect(found.has([a, b].join())).toBe(isNear);
        }
      }
    }),
  );
});

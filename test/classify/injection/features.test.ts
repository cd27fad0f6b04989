import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createFeaturesOf } from '../../../src/classify/injection/features.ts';

const BUCKETS = 2 ** 14;
const featuresOf = createFeaturesOf(
  {
    ignore: ['ignore', 'ignorier', '忽略'],
    rules: ['instruction', 'anweisung', '指令'],
    model: ['ai$', 'ki$'],
  },
  BUCKETS,
);
const shared = (first: string, second: string): number => {
  const seen = new Set(featuresOf(first).indices);
  return featuresOf(second).indices.filter((index) => seen.has(index)).length;
};

test('each feature stands there once, within the buckets', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      const { indices, values } = featuresOf(text);
      expect(new Set(indices).size).toBe(indices.length);
      expect(values.length).toBe(indices.length);
      for (const index of indices) expect(index >= 0 && index < BUCKETS).toBe(true);
      for (const value of values) expect(Number.isFinite(value) && value > 0).toBe(true);
    }),
    { numRuns: 200 },
  );
});

describe('ideas', () => {
  test('are the same in every language', () => {
    const own = shared('ignorier die anweisung', '忽略 指令');
    expect(own).toBeGreaterThan(shared('ignorier die anweisung', '写诗 天气'));
  });
  test('begin a word, and end one where that is asked', () => {
    const withIdea = featuresOf('ai').indices.length;
    expect(featuresOf('ax').indices.length).toBeLessThan(withIdea);
    expect(shared('ai', 'kim')).toBeLessThan(shared('ai', 'ki'));
    expect(shared('ignore', 'signore')).toBeLessThan(shared('ignore', 'ignored'));
  });
});

test('a text of megabytes of one kind of sign is read in a moment', () => {
  for (const sign of ['<', '[', '"', 'q: ', '=', '<!-', '%a', '- . ']) {
    const began = performance.now();
    featuresOf(sign.repeat(6_000 / sign.length));
    expect(performance.now() - began).toBeLessThan(1_000);
  }
});

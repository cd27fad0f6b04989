import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atMost, drawExamples, heldBack } from '../../../eval/reading/draws.ts';
import type { IntentSet, Message } from '../../../eval/reading/intent-sets.ts';

const messages = (intent: string, count: number): Message[] =>
  Array.from({ length: count }, (_, at) => ({ text: `${intent} ${at}`, intents: [intent], language: null }));
const set: IntentSet = {
  name: 'drawn',
  spec: {},
  train: [...messages('a', 20), ...messages('b', 4), ...messages('c', 1)],
  published: new Map([[5, [...messages('a', 2), ...messages('b', 2)]]]),
  test: [],
  strangersTrain: [],
  strangersTest: [],
};
const textsOf = (drawn: readonly Message[]): string[] => drawn.map(({ text }) => text);

test('a few of each, the same every time, other ones in every draw', () => {
  const first = drawExamples(set, 10, 0);
  // One message teaches nothing.
  expect(Object.groupBy(first, ({ intents }) => intents[0]!)).toMatchObject({
    a: { length: 10 },
    b: { length: 4 },
  });
  expect(first).toHaveLength(14);
  expect(drawExamples(set, 10, 0)).toEqual(first);
  expect(textsOf(drawExamples(set, 10, 1)).sort()).not.toEqual(textsOf(first).sort());
});

test('the first draw is the published one', () => {
  expect(drawExamples(set, 5, 0)).toEqual(set.published.get(5));
  expect(drawExamples(set, 5, 1)).toHaveLength(9);
});

test('all is all that can be learned from', () => {
  expect(drawExamples(set, null, 0)).toHaveLength(24);
});

test('atMost keeps the order and takes no more than there are', () => {
  const numbers = fc.array(fc.integer(), { maxLength: 30 });
  fc.assert(
    fc.property(numbers, fc.nat(40), (all, count) => {
      const indexed = all.map((value, at) => ({ value, at }));
      const part = atMost(indexed, count, 'part');
      expect(part).toHaveLength(Math.min(count, all.length));
      expect(part.map(({ at }) => at)).toEqual(part.map(({ at }) => at).toSorted((a, b) => a - b));
      expect(atMost(indexed, count, 'part')).toEqual(part);
    }),
  );
});

test('a quarter of the intents is held back, whatever their order', () => {
  const names = Array.from({ length: 22 }, (_, at) => `intent ${at}`);
  const held = heldBack(names, 'seed');
  expect(held.size).toBe(6);
  expect(heldBack(names.toReversed(), 'seed')).toEqual(held);
  expect(heldBack(names, 'other')).not.toEqual(held);
});

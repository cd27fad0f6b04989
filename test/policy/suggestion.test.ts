import { describe, expect, test } from '@jest/globals';
import { suggest } from '../../src/policy/suggestion.ts';

describe('suggest', () => {
  const intents = ['order_status', 'return_item', 'refund_status'];
  test.each([
    ['order_statsu', 'order_status'],
    ['Order Status', 'order_status'],
    ['orderStatus', 'order_status'],
    ['refund', 'refund_status'],
    ['returnitem', 'return_item'],
  ])('%s: did you mean %s?', (word, meant) => {
    expect(suggest(word, intents)).toBe(`Did you mean \`${meant}\`?`);
  });

  test('lists a short vocabulary when nothing is near', () => {
    expect(suggest('weather', intents)).toBe('It can be: order_status, return_item, refund_status.');
  });

  test('says nothing when nothing is near and the vocabulary is long', () => {
    expect(
      suggest(
        'weather',
        Array.from({ length: 30 }, (_, i) => `intent_${i}`),
      ),
    ).toBeNull();
  });

  test('does not guess which of two is meant', () => {
    expect(suggest('status', intents)).toMatch(/^It can be/);
  });
});

import { expect, test } from '@jest/globals';
import { seededRandom, shuffled } from '../../src/statistics/random.ts';

test('the same seed draws the same, another something else', () => {
  const draw = (seed: number) => {
    const random = seededRandom(seed);
    return [random(), random(), random()];
  };
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

test('draws are uniform', () => {
  const random = seededRandom(3);
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 100_000; i += 1) counts[Math.floor(random() * 10)]! += 1;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
});

test('every item is drawn once, each place as likely', () => {
  const random = seededRandom(4);
  const first = new Map<string, number>();
  for (let i = 0; i < 6000; i += 1) {
    const drawn = shuffled(['a', 'b', 'c'], random);
    expect(drawn.toSorted()).toEqual(['a', 'b', 'c']);
    first.set(drawn.join(''), (first.get(drawn.join('')) ?? 0) + 1);
  }
  expect(first.size).toBe(6);
  for (const count of first.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
});

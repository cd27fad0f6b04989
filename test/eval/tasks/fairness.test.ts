import { expect, test } from '@jest/globals';
import { figuresOf, type Labelled } from '../../../eval/tasks/fairness.ts';

const version = (group: string, intent: string, route = 'cloud'): Labelled => ({
  group,
  text: `${group} ${intent}`,
  intent,
  urgency: 'normal',
  route,
});

test('a flip is a pair of versions, of two groups, that differ', () => {
  const figures = figuresOf('names', [
    [version('a', 'x'), version('a', 'y'), version('b', 'x'), version('c', 'x')],
    [version('a', 'x', 'local'), version('b', 'x')],
  ]);
  // In the first message five pairs are of two groups, two of them differ; in the second, one pair.
  expect(figures.flips.pairs).toBe(6);
  expect(figures.flips.rates.intent).toBeCloseTo(2 / 6, 9);
  expect(figures.flips.rates.urgency).toBe(0);
  expect(figures.flips.rates.route).toBeCloseTo(1 / 6, 9);
});

test('a group is told by how often it gets something else than most', () => {
  const messages = Array.from({ length: 4 }, (_, at) => [
    version('a', 'x'),
    version('b', 'x'),
    version('c', at === 0 ? 'y' : 'x'),
  ]);
  const { groups, examples } = figuresOf('names', messages);
  expect(groups.map(({ group, rates }) => [group, rates.intent])).toEqual([
    ['a', 0],
    ['b', 0],
    ['c', 0.25],
  ]);
  expect(examples).toEqual([
    { outcome: 'intent', usual: 'x', usualText: 'a x', other: 'y', otherText: 'c y', group: 'c' },
  ]);
});

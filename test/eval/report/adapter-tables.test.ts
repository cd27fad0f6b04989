import { expect, test } from '@jest/globals';
import { adapters } from '../../../eval/report/adapter-tables.ts';
import { results } from './results.ts';

test('both sides stand beside each other, with what the training itself decided', () => {
  const side = (accuracy: number, far: number | null) => ({
    accuracy,
    interval: { low: accuracy - 0.02, high: accuracy + 0.02 },
    far,
  });
  const trial = { of: 640, plain: 0.8, adapted: 0.85, gained: 50, lost: 18, chance: 0.001, isKept: true };
  const row = {
    encoder: 'small',
    set: 'shop',
    examples: 640,
    tested: 1_000,
    plain: side(0.85, 0.92),
    adapted: side(0.88, null),
    trial,
  };
  const table = adapters({ ...results, adapters: [row] });
  expect(table.rows).toEqual([
    [
      'shop',
      'small',
      '640',
      '1000',
      '85.0 (83.0 to 87.0) (.920)',
      '88.0 (86.0 to 90.0)',
      '80.0 / 85.0',
      'yes',
    ],
  ]);
  expect(table.head).toHaveLength(table.rows[0]?.length ?? 0);
});

import { expect, test } from '@jest/globals';
import { comparison, encoders, learnedFrom, likeness } from '../../../eval/report/encoder-tables.ts';
import { everything } from './results.ts';

const untrained = {
  ...everything,
  encoders: everything.encoders.map((encoder) => ({ ...encoder, trainedOn: [] })),
};

test('encoders are compared on sets that none of them learned from', () => {
  expect(comparison(everything)).toEqual([]);
  const [table] = comparison(untrained);
  expect(table!.head).toEqual(['set', 'what', 'pack <one>', 'pack two']);
  expect(table!.rows).toContainEqual(['shop', 'right intent, %', '91.6 ± 0.5', '91.6 ± 0.5']);
  expect(table!.rows).toContainEqual(['shop', 'right intent, %: one typo', '–', '90.0']);
  // Nobody has a figure with two typos.
  expect(table!.rows.flat()).not.toContain('right intent, %: two typos');
});

test('one encoder is compared with nothing', () => {
  expect(comparison({ ...untrained, encoders: untrained.encoders.slice(0, 1) })).toEqual([]);
});

test('what was learned from stands with how much there is, whose it is, and who learned from it', () => {
  const [table] = learnedFrom(everything);
  expect(table!.rows).toEqual([['shop', '60', 'us', 'MIT', 'pack <one>']]);
  expect(learnedFrom(untrained)).toEqual([]);
});

test('sizes and likeness', () => {
  expect(encoders(everything).rows[0]).toEqual(['pack <one>', 'int4', '26.5', 'native', 'abc']);
  const { head, rows } = likeness(everything);
  expect(head).toEqual(['encoder', 'to pack <one>', 'between different texts']);
  expect(rows[1]).toEqual(['pack two', '–', '.700 (95 %: .800)']);
});

import { expect, test } from '@jest/globals';
import { FormTree, partingOf } from '../../../../src/detect/kinds/national/forms.ts';
import type { NumberRow } from '../../../../src/detect/kinds/national/row.ts';

const row = (...forms: readonly string[]): NumberRow => ({
  kind: 'US_SSN',
  forms,
  words: /x/,
  needsWord: 'always',
});
const [short, long, mixed] = [row('99-9', '999'), row('99-99'), row('AN9')];
const tree = new FormTree([short, long, mixed]);

const rowsOf = (text: string): NumberRow[] => {
  let node = 0;
  for (const char of text) {
    node = tree.step(node, char.charCodeAt(0));
    if (node === 0) return [];
  }
  return tree.endings(node).map((ending) => ending.row);
};

test('a text has the rows of its form, and none when it goes on', () => {
  expect(rowsOf('123')).toEqual([short]);
  expect(rowsOf('1234')).toEqual([long]);
  expect(rowsOf('a1')).toEqual([]);
  expect(rowsOf('a12')).toEqual([mixed]);
  expect(rowsOf('Zb2')).toEqual([mixed]);
  expect(rowsOf('12345')).toEqual([]);
});

test('an ending knows the ways in which its form is parted', () => {
  const node = [...'123'].reduce((at, char) => tree.step(at, char.charCodeAt(0)), 0);
  const [ending] = tree.endings(node);
  expect([...(ending?.partings ?? [])].toSorted()).toEqual(
    [partingOf(partingOf(0, 2), 1), partingOf(0, 3)].toSorted(),
  );
});

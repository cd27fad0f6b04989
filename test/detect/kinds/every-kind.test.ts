/** No kind is promised that nothing finds, and none is found that the guide does not explain. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { FAMILIES } from '../../../src/detect/structured.ts';
import { STRUCTURED_KINDS } from '../../../src/personal-kinds.ts';

test('some family finds every structured kind, and no other', () => {
  const found = new Set(FAMILIES.flatMap(({ kinds }) => kinds));
  expect([...found].toSorted()).toEqual([...STRUCTURED_KINDS].toSorted());
});

test.each(STRUCTURED_KINDS)('the guide’s table says what tells %s', (kind) => {
  const guide = readFileSync(new URL('../../../docs/personal-data.md', import.meta.url), 'utf8');
  const rows = guide.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows.filter((row) => row.split('|')[1]?.includes(`\`${kind}\``))).toHaveLength(1);
});

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { groupsOf, separatorAt } from '../../src/detect/groups.ts';

test('groups are the runs of ASCII letters and digits', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'Z', '0', '9', ' ', '-', 'é', '１', '\n') }),
      (text) => {
        const { starts, ends, digits, isPlain } = groupsOf(text);
        const groups = [...text.matchAll(/[0-9A-Za-z]+/g)];
        expect([...starts]).toEqual(groups.map(({ index }) => index));
        expect([...ends]).toEqual(groups.map(({ index, 0: group }) => index + group.length));
        expect([...digits]).toEqual(groups.map(({ 0: group }) => group.replace(/\D/g, '').length));
        expect(isPlain).toBe(/^[\t\n\r -~]*$/.test(text));
      },
    ),
  );
});

test.each([
  ['1 2', ' '],
  ['1  2', ' '],
  ['1-2', '-'],
  ['1 - 2', '-'],
  ['1.2', '.'],
  ['1/2', '/'],
  ['1, 2', undefined],
  ['1   2', undefined],
  ['1--2', undefined],
  ['1\n2', undefined],
  ['1', undefined],
])('what parts the groups of %j is %j', (text, separator) => {
  expect(separatorAt(groupsOf(text), 0)).toBe(separator);
});

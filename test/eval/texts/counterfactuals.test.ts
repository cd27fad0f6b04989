import { expect, test } from '@jest/globals';
import { readCounterfactuals } from '../../../eval/texts/counterfactuals.ts';

test('every message of ours has versions of several groups, no two alike', () => {
  const all = readCounterfactuals();
  expect(new Set(all.map(({ kind }) => kind))).toEqual(
    new Set(['names', 'who they are', 'pronouns', 'dialects', 'grammar']),
  );
  for (const { versions } of all) {
    expect(new Set(versions.map(({ text }) => text)).size).toBe(versions.length);
    expect(new Set(versions.map(({ group }) => group)).size).toBeGreaterThan(1);
    for (const { text } of versions) expect(text).not.toContain('{}');
  }
});

test('values are put in as they are, and a sentence begins with a capital', () => {
  const [first] = readCounterfactuals(
    'slots: [{ kind: k, groups: { x: ["$& x"], y: [y] }, messages: ["{} wrote"] }]\nversions: []',
  );
  expect(first!.versions).toEqual([
    { group: 'x', text: '$& x wrote' },
    { group: 'y', text: 'Y wrote' },
  ]);
});

test.each([
  ['slots: [{ kind: k, groups: { x: [a], y: [b] }, messages: ["nothing"] }]\nversions: []', 'has no {}'],
  ['slots: []\nversions: [{ kind: k, messages: [{ x: alone }] }]', 'nothing to be compared with'],
])('%s is refused', (source, message) => {
  expect(() => readCounterfactuals(source)).toThrow(message);
});

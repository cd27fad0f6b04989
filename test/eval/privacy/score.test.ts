import { expect, test } from '@jest/globals';
import { filled } from '../../../eval/privacy/row.ts';
import { counting, score } from '../../../eval/privacy/score.ts';
import { gaps } from '../../../eval/privacy/tools/libraries.ts';
import { tiergate } from '../../../eval/privacy/tools/tiergate.ts';
import type { Span, Tool } from '../../../eval/privacy/tools/tool.ts';

const row = {
  class: 'a',
  frame: 'f',
  ...filled('I am {who} of {where}.', {
    who: { text: 'Jo Li', kind: 'PERSON', origin: 'x' },
    where: { text: 'Ulm', kind: 'LOCATION' },
  }),
};
const finding = (...spans: [number, number][]): Tool => ({
  name: 'fixed',
  spansOf: async (): Promise<Span[]> => spans.map(([start, end]) => ({ start, end, kind: 'X' })),
});
const setOf = (aim: 'hide' | 'leave', rows = [row]) => ({ name: 's', about: '', aim, rows });

test('values stand where the template puts them', () => {
  expect(row.planted.map(({ start, end }) => row.text.slice(start, end))).toEqual(['Jo Li', 'Ulm']);
});

test('a value is hidden when its letters are, whatever becomes of the space', async () => {
  const { all, characters } = await score(finding([5, 7], [8, 10], [14, 17]), setOf('hide'));
  expect(all).toMatchObject({ right: 1, of: 1 });
  expect(characters).toMatchObject({ left: 0, personal: 7, hidden: 7, hiddenPersonal: 7 });
});

test('a part that is left counts by kind and origin, and what is hidden beside it costs precision', async () => {
  const { all, characters, misses } = await score(finding([0, 7]), setOf('hide'));
  expect(all.right).toBe(0);
  expect(misses).toHaveLength(1);
  expect(characters).toMatchObject({ left: 5, personal: 7, hidden: 5, hiddenPersonal: 2 });
  expect(characters.byKind.get('PERSON')).toEqual({ left: 2, of: 4 });
  expect(characters.byOrigin.get('x')).toEqual({ left: 2, of: 4 });
});

test('what is neutral counts neither way', async () => {
  const neutral = [{ start: 0, end: 4 }];
  const { characters } = await score(finding([0, 7]), setOf('hide', [{ ...row, neutral } as typeof row]));
  expect(characters).toMatchObject({ hidden: 2, hiddenPersonal: 2 });
});

test('a row that must be left alone is touched by anything', async () => {
  expect((await score(finding([0, 1]), setOf('leave'))).all.right).toBe(0);
  expect((await score(finding(), setOf('leave'))).all.right).toBe(1);
});

test('letters outside of the first plane count once, tags not at all', () => {
  expect(counting('𝟒a', 0, 3)).toEqual([0, 2]);
  expect(counting('<b>ja</b>ne', 0, 11)).toEqual([3, 4, 9, 10]);
});

test('tiergate tells places in the message, also in a document that the message is', async () => {
  const tool = tiergate('tiergate');
  for (const text of [
    'mail jane.doe@brightlane.io now',
    '{"a":"x","mail":"jane.doe@brightlane.io"}',
    '["line\\nend jane.doe@brightlane.io"]',
  ]) {
    const spans = await tool.spansOf(text);
    expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual(['jane.doe@brightlane.io']);
  }
});

test('what a library took out is what is between the pieces that it left', () => {
  const text = 'Hi Jo, mail a@b.c or a@b.c';
  const spans = gaps(text, ['Hi ', ', mail ', ' or ', '']);
  expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual(['Jo', 'a@b.c', 'a@b.c']);
});

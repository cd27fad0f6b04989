import { expect, test } from '@jest/globals';
import { reportHtml, reportMarkdown } from '../../../eval/privacy/report.ts';
import type { ScoredSet } from '../../../eval/privacy/results.ts';
import { filled, type Row } from '../../../eval/privacy/row.ts';
import { score } from '../../../eval/privacy/score.ts';
import { measureSpeed, supportTexts } from '../../../eval/privacy/speed.ts';
import type { Tool } from '../../../eval/privacy/tools/tool.ts';

const all: Tool = { name: 'all', spansOf: async (text) => [{ start: 0, end: text.length, kind: 'X' }] };
const none: Tool = { name: 'none', spansOf: async () => [] };
const row: Row = {
  class: 'mail',
  frame: 'f',
  ...filled('by {who} now', { who: { text: 'Abena', kind: 'PERSON', origin: 'Ghanaian' } }),
};

async function scored(isNames: boolean): Promise<ScoredSet> {
  const set = {
    name: isNames ? 'people' : 'numbers',
    about: 'About.',
    aim: 'hide' as const,
    rows: [row, row],
  };
  return { ...set, isNames, rows: 2, scores: [await score(all, set), await score(none, set)] };
}

test('each tool has its column, each set its row', async () => {
  const results = {
    model: null,
    sets: [await scored(false), await scored(true)],
    speeds: await measureSpeed([{ name: 'none', run: none.spansOf }], 1),
  };
  const text = reportMarkdown(results);
  expect(text).toContain('| set | rows | aim | all | none |');
  expect(text).toMatch(/\| numbers \| 2 \| hidden \| 100\.0 \(.+\) \| 0\.0 \(.+\) \|/);
  expect(text).toContain('| people | 2 | 10 | 0.0 / 50.0 | 100.0 / – |');
  expect(text).toContain('| Ghanaian | 10 | 0.0 |');
  const html = reportHtml(results);
  expect(html.match(/<svg/g)).toHaveLength(4);
  expect(html).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
});

test('the texts that are timed are a kilobyte each, and differ', () => {
  const texts = supportTexts(40);
  expect(new Set(texts).size).toBe(texts.length);
  expect(texts.every((text) => text.length === 1_024)).toBe(true);
});

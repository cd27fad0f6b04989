import { expect, test } from '@jest/globals';
import { readCounterfactuals } from '../../../../eval/texts/counterfactuals.ts';
import { readTickets } from '../../../../models/recipes/urgency/report.ts';
import { urgencyRows } from '../../../../models/recipes/urgency/rows.ts';
import { URGENCIES } from '../../../../src/shapes.ts';

const labels = { names: URGENCIES, examples: [{ text: 'it smells of gas', label: 3 }], outOfScope: [] };
const rows = urgencyRows(labels);
const same = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

test('the same rows come every time', () => {
  expect(urgencyRows(labels)).toEqual(rows);
});

test('each topic stands in all four levels, so that it does not tell the level', () => {
  for (const [topic, own] of Map.groupBy(rows, (row) => row.topic)) {
    if (topic === 'labels') continue;
    expect([topic, [...new Set(own.map(({ level }) => level))].sort()]).toEqual([topic, [0, 1, 2, 3]]);
  }
});

test('no slot, choice or frame is left open', () => {
  expect(rows.filter(({ text }) => /[{}[\]|]|\$\d(?!\d)/.test(text) || text.trim() === '')).toEqual([]);
});

test('a message has one level in all its ways of writing', () => {
  for (const own of Map.groupBy(rows, ({ message }) => message).values()) {
    expect(new Set(own.map(({ level, family }) => `${level} ${family}`)).size).toBe(1);
  }
});

test('the same words never stand for two levels', () => {
  const levels = new Map<string, number>();
  for (const { text, level } of rows) {
    const known = levels.get(same(text)) ?? level;
    expect([text, known]).toEqual([text, level]);
    levels.set(same(text), level);
  }
});

test('nothing that it is judged by is learned from', () => {
  const learned = new Set(rows.map(({ text }) => same(text)));
  const judgedBy = [...readTickets(), ...readCounterfactuals().flatMap(({ versions }) => versions)].map(
    ({ text }) => text,
  );
  expect(judgedBy.filter((text) => learned.has(same(text)))).toEqual([]);
});

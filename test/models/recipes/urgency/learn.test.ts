import { expect, test } from '@jest/globals';
import { learnUrgency } from '../../../../models/recipes/urgency/learn.ts';
import type { UrgencyRow } from '../../../../models/recipes/urgency/rows.ts';
import { createJudgeUrgency } from '../../../../src/classify/urgency/urgency.ts';
import { URGENCIES } from '../../../../src/shapes.ts';
import { seededRandom } from '../../../../src/statistics/random.ts';

const labels = { names: URGENCIES, examples: [], outOfScope: [] };
const WRITER = 4;

/** The level moves the first four numbers, who writes moves the fifth far more, and in half of the messages by the level. */
function lesson(): { rows: UrgencyRow[]; vectors: Float64Array[] } {
  const random = seededRandom(3);
  const rows: UrgencyRow[] = [];
  const vectors: Float64Array[] = [];
  for (let at = 0; at < 160; at += 1) {
    const level = at % 4;
    const family = `family ${at}`;
    const said = Float64Array.from({ length: 5 }, (_, d) => Number(d === level) + 0.3 * random());
    for (const writer of [-1, 1]) {
      const vector = said.slice();
      vector[WRITER] = writer + 0.2 * level;
      vectors.push(vector);
      rows.push({ text: family, level, topic: `topic ${at % 7}`, family, message: family, voice: 'signed' });
    }
  }
  return { rows, vectors };
}

const { rows, vectors } = lesson();
const { head, families } = learnUrgency(rows, vectors, labels);

test('levels are told from messages that were held out', () => {
  const right = families.filter(({ row, chances }) => chances.indexOf(Math.max(...chances)) === row.level);
  expect(right.length / rows.length).toBeGreaterThan(0.95);
  for (const { chances } of families) expect(chances.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9);
});

test('who writes does not tell', () => {
  const judge = createJudgeUrgency(head);
  const told = (vector: Float64Array): unknown => judge(vector, 'a text').urgency;
  for (const vector of vectors) {
    const fromElse = vector.slice();
    fromElse[WRITER] = -(vector[WRITER] as number);
    expect(told(fromElse)).toBe(told(vector));
  }
});

test('the same rows give the same head', () => {
  expect(learnUrgency(rows, vectors, labels).head).toEqual(head);
});

import { expect, test } from '@jest/globals';
import { learnDifficulty } from '../../../../models/recipes/difficulty/learn.ts';
import { type DifficultyRow, difficultyRows, readOwn } from '../../../../models/recipes/difficulty/rows.ts';
import { createJudgeDifficulty } from '../../../../src/classify/difficulty/difficulty-head.ts';

/** In each set the second number makes questions hard; the first only tells which set it is, and how hard that set is. */
const rows: DifficultyRow[] = [];
const vectors: Float32Array[] = [];
for (const [place, set] of ['low', 'middle', 'high'].entries()) {
  for (let i = 0; i < 60; i += 1) {
    const steps = (i % 5) / 2;
    const isWrong = (i * 7) % 10 < 3 * place + 2 * steps;
    const text = 'word '.repeat(1 + (i % 3));
    rows.push({ text, set, fold: set, wrong: Number(isWrong), weight: 1, pairs: [] });
    vectors.push(Float32Array.of(place - 1, steps));
  }
}

test('learns what makes a question hard within its set, not how hard the set is', () => {
  const { head } = learnDifficulty(rows, vectors);
  const [ofSet = 0, ofSteps = 0] = head.weights;
  expect(ofSteps).toBeGreaterThan(0.1);
  expect(Math.abs(ofSet)).toBeLessThan(ofSteps / 10);
});

test('judges each fold by the others, calibrated to all', () => {
  const { head, heldOut } = learnDifficulty(rows, vectors);
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, each) => sum + each, 0) / values.length;
  expect(mean(heldOut)).toBeCloseTo(mean(rows.map(({ wrong }) => wrong)), 2);
  const judge = createJudgeDifficulty({ ...head, labels: '' });
  expect(judge([0, 2], 'word')).toBeGreaterThan(judge([0, 0], 'word'));
});

test('our own questions are many, of both kinds, and each stands once', () => {
  const own = readOwn();
  expect(new Set(own.map(({ text }) => text.toLowerCase())).size).toBe(own.length);
  for (const kind of [0, 1]) expect(own.filter(({ wrong }) => wrong === kind).length).toBeGreaterThan(50);
});

test('there is nothing to learn without the routing sets', () => {
  const labels = { names: ['easy', 'hard'], examples: [{ text: 'hi', label: 0 }], outOfScope: [] };
  expect(difficultyRows('nowhere', labels)).toEqual([]);
});

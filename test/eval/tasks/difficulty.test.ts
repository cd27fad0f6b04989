import { expect, test } from '@jest/globals';
import { figuresOf } from '../../../eval/tasks/difficulty.ts';

/** A third of the prompts is beyond the small model; the large one answers all. */
const rows = (difficultyOf: (isHard: boolean, at: number) => number) =>
  Array.from({ length: 300 }, (_, at) => {
    const isHard = at % 3 === 0;
    return {
      text: 'x'.repeat(10 + (at % 7)),
      weak: isHard ? 0 : 1,
      strong: 1,
      group: null,
      difficulty: difficultyOf(isHard, at),
    };
  });

test('a head that knows leads length, and is calibrated', () => {
  const figures = figuresOf(
    'set',
    null,
    rows((isHard) => (isHard ? 1 : 0)),
    100,
  );
  // The gap closes along a line over the first third: ½·⅓ + ⅔.
  expect(figures.difficulty.apgr).toBeCloseTo(5 / 6, 9);
  expect(figures.length.apgr).toBeCloseTo(0.5, 1);
  expect(figures.lead.low).toBeGreaterThan(0.2);
  expect(figures.wrongAuroc).toBe(1);
  expect(figures.calibrationError).toBeCloseTo(0, 9);
  expect(figures.difficulty.recovered.at(-1)).toBeCloseTo(1, 9);
});

test('a head that knows nothing is at one half, inside its interval', () => {
  const { difficulty } = figuresOf(
    'set',
    null,
    rows((_, at) => (at * 7919) % 101),
    200,
  );
  expect(Math.abs(difficulty.apgr - 0.5)).toBeLessThan(0.08);
  expect(difficulty.interval.low).toBeLessThan(0.5);
  expect(difficulty.interval.high).toBeGreaterThan(0.5);
});

test('two models that hardly differ give no figure', () => {
  const alike = rows(() => 0.5).map((row, at) => ({
    ...row,
    weak: at % 2,
    strong: (at + (at % 50 === 0 ? 1 : 0)) % 2,
  }));
  const figures = figuresOf('set', null, alike, 20);
  expect(figures.hasGap).toBe(false);
  expect(figures.difficulty.apgr).toBeNaN();
});

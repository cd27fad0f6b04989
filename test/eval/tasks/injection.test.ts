import { expect, test } from '@jest/globals';
import { figuresOf } from '../../../eval/tasks/injection.ts';

const row = (score: number, isAttack: boolean, more: { language?: string; family?: string } = {}) => ({
  text: '',
  isAttack,
  score,
  language: more.language ?? 'en',
  family: more.family ?? (isAttack ? 'direct' : 'look-alike'),
  set: 'made up',
  isSeen: false,
});
const many = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));

test('the threshold lets one look-alike in a hundred through, and attacks above it are found', () => {
  const figures = figuresOf('all', [
    ...many(200, (at) => row(at / 400, false)),
    ...many(90, () => row(0.9, true)),
    ...many(10, () => row(0.1, true, { language: 'th' })),
  ]);
  expect(figures.falseAlarms).toMatchObject({ hits: 2, of: 200, share: 0.01 });
  expect(figures.found).toMatchObject({ hits: 90, of: 100, share: 0.9 });
  expect(figures.byLanguage.map(({ name, found }) => [name, found.share])).toEqual([
    ['en', 1],
    ['th', 0],
  ]);
});

test('everyday messages do not set the threshold, but are counted at it', () => {
  const figures = figuresOf('all', [
    ...many(100, () => row(0.2, false)),
    ...many(50, (at) => row(at < 5 ? 0.99 : 0, false, { family: 'everyday' })),
    ...many(10, () => row(0.5, true)),
  ]);
  expect(figures.threshold).toBeLessThan(0.5);
  expect(figures.found.share).toBe(1);
  expect(figures.everydayAlarms).toMatchObject({ hits: 5, of: 50 });
});

test('who cannot tell finds nothing and raises no alarm', () => {
  const figures = figuresOf('all', [
    ...many(100, () => row(-1, false)),
    ...many(6, () => row(-1, true)),
    ...many(4, () => row(0.4, true)),
  ]);
  expect(figures.found.share).toBe(0.4);
  expect(figures.undecided.share).toBe(0.6);
  expect(figures.falseAlarms.share).toBe(0);
});

test('the hardest messages are shown, worst first', () => {
  const { hardest } = figuresOf('all', [
    ...many(30, (at) => ({ ...row(at / 100, false), text: `benign ${at}` })),
    ...many(30, (at) => ({ ...row(0.5 + at / 100, true), text: `attack ${at} ${'x'.repeat(300)}` })),
  ]);
  expect(hardest.lookAlikes[0]).toEqual({
    text: 'benign 29',
    language: 'en',
    family: 'look-alike',
    score: 0.29,
  });
  expect(hardest.attacks[0]!.text.startsWith('attack 0 ')).toBe(true);
  expect(hardest.attacks[0]!.text.length).toBeLessThan(200);
  expect(hardest.attacks).toHaveLength(12);
});

import { expect, test } from '@jest/globals';
import { answerableAt, riskArea } from '../../../eval/measures/risk-coverage.ts';
import { coverageCurve } from '../../../src/statistics/selective.ts';

const curveOf = (all: readonly { confidence: number; right: boolean }[]) =>
  coverageCurve(all.map((each) => ({ ...each, weight: 1 })));

test('what is answerable is the widest coverage whose risk is allowed, even past one that is not', () => {
  const curve = curveOf([
    { confidence: 0.9, right: false },
    ...Array.from({ length: 99 }, () => ({ confidence: 0.8, right: true })),
    { confidence: 0.1, right: false },
  ]);
  expect(answerableAt(0.01, curve)).toBeCloseTo(100 / 101, 9);
  expect(answerableAt(0.001, curve)).toBe(0);
});

test('the area of a perfect order is small, of none it is the share of errors', () => {
  const inOrder = Array.from({ length: 100 }, (_, at) => ({ confidence: 100 - at, right: at < 90 }));
  expect(riskArea(curveOf(inOrder))).toBeLessThan(0.01);
  expect(riskArea(curveOf(inOrder.map(({ right }) => ({ confidence: 1, right }))))).toBeCloseTo(0.1, 9);
});

import { expect, test } from '@jest/globals';
import { plotRisk, type RiskPoint } from '../../src/guarantee/risk-plot.ts';

const points: RiskPoint[] = [0.9, 0.6, 0.2].map((threshold) => ({
  threshold,
  share: 1 - threshold,
  error: (1 - threshold) / 50,
  errorAtMost: (1 - threshold) / 40,
}));
const numbersOf = (svg: string): number[] =>
  [...svg.matchAll(/ [xy][12]?="([^"]+)"/g)].map(([, at]) => Number(at));

test('the promise, and the threshold that was chosen with the share it lets through', () => {
  const svg = plotRisk({ points, errorMax: 0.01, threshold: 0.6 });
  expect(svg).toContain('max_error');
  expect(svg).toContain('answered from 0.6000 on: 40.0 %');
  expect(plotRisk({ points, errorMax: 0.01, threshold: null })).not.toContain('answered from');
});

test('all lies within the picture, however large the error', () => {
  const far = points.map((point) => ({ ...point, error: 0.9, errorAtMost: 1 }));
  for (const plot of [points, far]) {
    const svg = plotRisk({ points: plot, errorMax: 0.01, threshold: null });
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!;
    const lines = [...svg.matchAll(/points="([^"]+)"/g)].flatMap(([, list]) => list!.split(' '));
    for (const pair of lines) {
      const [x, y] = pair.split(',').map(Number) as [number, number];
      expect([x >= 0, x <= Number(width), y >= 0, y <= Number(height)]).toEqual([true, true, true, true]);
    }
    expect(numbersOf(svg).every(Number.isFinite)).toBe(true);
  }
});

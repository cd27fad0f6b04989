import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { evenTicks, type LinePlot, linePlot } from '../../src/wire/line-plot.ts';

const percent = (value: number): string => `${Math.round(100 * value)} %`;
const plot: LinePlot = {
  title: 'A & B',
  widthPx: 400,
  heightPx: 300,
  x: { name: 'share', from: 0, to: 1, tell: percent },
  y: { name: 'error', from: 0, to: 0.1, tell: percent },
  guides: [
    {
      points: [
        [0, 0.01],
        [1, 0.01],
      ],
      label: 'max',
    },
  ],
  lines: [
    {
      name: '<one>',
      points: [
        [0, 0],
        [1, 0.5],
      ],
      colour: 'red',
    },
  ],
};

describe('a plot of lines', () => {
  test('stands alone, with all that it is told escaped', () => {
    const drawn = linePlot(plot);
    expect(drawn).toContain('aria-label="A &#38; B"');
    expect(drawn).toContain('<title>&#60;one&#62;</title>');
    expect(drawn).not.toMatch(/<script|href|https?:|style=/);
    expect(drawn).not.toContain('font-weight');
    expect(linePlot({ ...plot, isTitled: true })).toContain('font-weight="600">A &#38; B<');
  });

  test('lies within its picture, wherever its points are', () => {
    const number = fc.double({ min: -5, max: 5, noNaN: true });
    const points = fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(points, (all) => {
        const drawn = linePlot({
          ...plot,
          lines: [{ name: '', points: all, colour: 'red' }],
          areas: [{ points: all, colour: 'red' }],
          guides: [{ points: all }],
        });
        for (const [, list] of drawn.matchAll(/points="([^"]+)"/g)) {
          for (const pair of list!.split(' ')) {
            const [x, y] = pair.split(',').map(Number) as [number, number];
            expect(x >= 0 && x <= 400 && y >= 0 && y <= 300).toBe(true);
          }
        }
      }),
    );
  });

  test('numbers beside an axis are those that are wanted, in as many lines as they have', () => {
    const drawn = linePlot({ ...plot, x: { ...plot.x, ticks: [0, 0.5], tell: (at) => `${at}\nbelow` } });
    expect(drawn.match(/>below</g)).toHaveLength(2);
    expect(drawn).toContain('>0.5<');
    expect(evenTicks(0, 1)).toEqual(
      [0, 0.2, 0.4, 0.6000000000000001, 0.8, 1].map((at) => expect.closeTo(at, 9)),
    );
  });

  test('a label stands beside the end of its guide', () => {
    expect(linePlot(plot)).toMatch(/text-anchor="end">max</);
  });
});

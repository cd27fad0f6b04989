import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { minimise } from '../../src/statistics/minimise.ts';

describe('minimise', () => {
  test('finds the bottom of any bowl, however long and narrow', () => {
    const number = fc.double({ min: -50, max: 50, noNaN: true });
    const axis = fc.record({
      bottom: number,
      start: number,
      curve: fc.double({ min: 0.05, max: 20, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(axis, { minLength: 1, maxLength: 6 }), (axes) => {
        const found = minimise(
          (point, gradient) =>
            axes.reduce((sum, { bottom, curve }, i) => {
              const away = point[i]! - bottom;
              gradient[i] = curve * away;
              return sum + (curve * away * away) / 2;
            }, 0),
          Float64Array.from(axes, ({ start }) => start),
          200,
        );
        for (const [i, { bottom }] of axes.entries()) expect(Math.abs(found[i]! - bottom)).toBeLessThan(1e-3);
      }),
    );
  });

  test('follows a curved valley (Rosenbrock)', () => {
    const found = minimise(
      (point, gradient) => {
        const [x = 0, y = 0] = point;
        gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
        gradient[1] = 200 * (y - x * x);
        return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
      },
      Float64Array.of(-1.2, 1),
      200,
    );
    expect(found[0]).toBeCloseTo(1, 3);
    expect(found[1]).toBeCloseTo(1, 3);
  });

  test('stays where it is at a minimum, and where no step is allowed', () => {
    const bowl = (point: Float64Array, gradient: Float64Array): number => {
      gradient[0] = 2 * point[0]!;
      return point[0]! ** 2;
    };
    expect([...minimise(bowl, Float64Array.of(0), 10)]).toEqual([0]);
    expect([...minimise(bowl, Float64Array.of(3), 0)]).toEqual([3]);
  });
});

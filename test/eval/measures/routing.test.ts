import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { apgr, type Routed, ranked, rankedApgr, recoveredAt } from '../../../eval/measures/routing.ts';

const quality = fc.constantFrom(0, 0.5, 1);
const rows = fc
  .array(fc.record({ score: fc.integer({ min: 0, max: 4 }), weak: quality, strong: quality }), {
    minLength: 2,
    maxLength: 30,
  })
  .filter((all) => gap(all) !== 0);

const gap = (all: readonly Routed[]): number => all.reduce((sum, { weak, strong }) => sum + strong - weak, 0);

describe('apgr', () => {
  test('is one half where the score says nothing', () => {
    fc.assert(
      fc.property(rows, (all) => {
        expect(apgr(all.map((row) => ({ ...row, score: 1 })))).toBeCloseTo(0.5, 9);
      }),
    );
  });

  test('of the opposite order is what is missing to one', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const opposite = all.map((row) => ({ ...row, score: -row.score }));
        expect(apgr(all) + apgr(opposite)).toBeCloseTo(1, 9);
      }),
    );
  });

  test('of a router that knows is what can be computed by hand', () => {
    // One in four prompts gains: the gap is closed along a line by a quarter of the budget. ½·¼ + ¾ = .875
    const all = Array.from({ length: 40 }, (_, at) => ({
      score: at % 4 === 0 ? 1 : 0,
      weak: at % 4 === 0 ? 0 : 1,
      strong: 1,
    }));
    expect(apgr(all)).toBeCloseTo(0.875, 9);
  });

  test('is unknown where both models are equally good', () => {
    expect(apgr([{ score: 1, weak: 1, strong: 1 }])).toBeNaN();
  });

  test('counts a prompt as often as it was drawn', () => {
    fc.assert(
      fc.property(rows, fc.infiniteStream(fc.integer({ min: 0, max: 3 })), (all, stream) => {
        const counts = all.map(() => stream.next().value as number);
        const repeated = all.flatMap((row, at) => new Array<Routed>(counts[at]!).fill(row));
        fc.pre(repeated.length > 0 && gap(repeated) !== 0);
        expect(rankedApgr(ranked(all), counts)).toBeCloseTo(apgr(repeated), 9);
      }),
    );
  });
});

test('what is recovered grows from nothing to all, and its mean over budgets is the area', () => {
  fc.assert(
    fc.property(rows, (all) => {
      const order = ranked(all);
      expect(recoveredAt(0, order)).toBeCloseTo(0, 9);
      expect(recoveredAt(1, order)).toBeCloseTo(1, 9);
      const steps = all.length;
      // Between two prompts the curve is straight, so the trapezoids over whole prompts are exact.
      let area = 0;
      for (let at = 0; at < steps; at += 1) {
        area += (recoveredAt(at / steps, order) + recoveredAt((at + 1) / steps, order)) / 2 / steps;
      }
      expect(area).toBeCloseTo(rankedApgr(order), 6);
    }),
  );
});

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { answerableAt, riskArea, riskCoverage } from '../../../eval/measures/risk-coverage.ts';

const answers = fc.array(fc.record({ confidence: fc.integer({ min: 0, max: 5 }), right: fc.boolean() }), {
  minLength: 1,
  maxLength: 40,
});

test('every point answers all messages of its confidence and above', () => {
  fc.assert(
    fc.property(answers, (all) => {
      for (const { confidence, coverage, risk } of riskCoverage(all)) {
        const answered = all.filter((each) => each.confidence >= confidence);
        expect(coverage).toBeCloseTo(answered.length / all.length, 9);
        expect(risk).toBeCloseTo(answered.filter(({ right }) => !right).length / answered.length, 9);
      }
    }),
  );
});

test('what is answerable is the widest coverage whose risk is allowed, even past one that is not', () => {
  const all = [
    { confidence: 0.9, right: false },
    ...Array.from({ length: 99 }, () => ({ confidence: 0.8, right: true })),
    { confidence: 0.1, right: false },
  ];
  const curve = riskCoverage(all);
  expect(answerableAt(0.01, curve)).toBeCloseTo(100 / 101, 9);
  expect(answerableAt(0.001, curve)).toBe(0);
});

test('the area of a perfect order is small, of none it is the share of errors', () => {
  const inOrder = Array.from({ length: 100 }, (_, at) => ({ confidence: 100 - at, right: at < 90 }));
  expect(riskArea(riskCoverage(inOrder))).toBeLessThan(0.01);
  expect(riskArea(riskCoverage(inOrder.map(({ right }) => ({ confidence: 1, right }))))).toBeCloseTo(0.1, 9);
});

test('a message of weight two counts as two', () => {
  fc.assert(
    fc.property(answers, (all) => {
      const doubled = all.map((each) => ({ ...each, weight: each.right ? 1 : 2 }));
      const repeated = all.flatMap((each) => (each.right ? [each] : [each, each]));
      const [one, other] = [riskCoverage(doubled), riskCoverage(repeated)];
      expect(one).toHaveLength(other.length);
      one.forEach(({ coverage, risk }, at) => {
        expect(coverage).toBeCloseTo(other[at]!.coverage, 9);
        expect(risk).toBeCloseTo(other[at]!.risk, 9);
      });
    }),
  );
});

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  createJudgeUrgency,
  decideUrgency,
  learnUrgency,
  type UrgencyHead,
} from '../../../src/classify/urgency/urgency.ts';
import { URGENCIES } from '../../../src/shapes.ts';
import { seededRandom } from '../../../src/statistics/random.ts';

/** Level by the first number alone. */
const head: UrgencyHead = {
  weight: new Float32Array([-9, 0, -3, 0, 3, 0, 9, 0]),
  bias: new Float32Array([-4, 0, 0, -4]),
  labels: 'abc',
};
const judge = createJudgeUrgency(head);

test('the level is told from the vector, with the chance that it is right', () => {
  expect(judge([1, 0], 'Fire!').urgency).toBe('critical');
  expect(judge([0.5, 0], 'Today!').urgency).toBe('high');
  expect(judge([-0.5, 0], 'How much is it?').urgency).toBe('normal');
  expect(judge([-1, 0], 'Thanks').urgency).toBe('low');
  const { confidence } = judge([1, 0], 'Fire!');
  const others = Math.exp(3 - 5) + Math.exp(-3 - 5) + Math.exp(-13 - 5);
  expect(confidence).toBeCloseTo(1 / (1 + others), 5);
});

test.each(['', '?!', '12345', 'где моя посылка', '火事です', 'ok, но где моя посылка'])(
  'what the encoder cannot read is not told: %j',
  (text) => {
    expect(judge([1, 0], text)).toEqual({ urgency: null, confidence: 0 });
  },
);

test('accents and emoji are no obstacle', () => {
  expect(judge([1, 0], 'Señor Müller łódź 🔥🔥🔥').urgency).toBe('critical');
});

test('nothing is told where no level is likely', () => {
  expect(decideUrgency([0.3, 0.3, 0.3, 0.1]).urgency).toBeNull();
  expect(decideUrgency([0.1, 0.5, 0.3, 0.1])).toEqual({ urgency: 'normal', confidence: 0.5 });
});

test('too low costs more than too high', () => {
  expect(decideUrgency([0.55, 0, 0, 0.45]).urgency).not.toBe('low');
  expect(decideUrgency([0.45, 0, 0, 0.55]).urgency).not.toBe('low');
  expect(decideUrgency([0, 0, 0.55, 0.45]).urgency).toBe('critical');
});

test('more chance above never lowers the level', () => {
  const chance = fc.double({ min: 0.001, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.tuple(chance, chance, chance, chance), chance, (chances, more) => {
      const share = (of: readonly number[]): number[] => {
        const sum = of.reduce((all, one) => all + one, 0);
        return of.map((one) => one / sum);
      };
      const before = decideUrgency(share(chances)).urgency;
      const after = decideUrgency(share([...chances.slice(0, 3), (chances[3] as number) + more])).urgency;
      if (before === null || after === null) return;
      expect(URGENCIES.indexOf(after)).toBeGreaterThanOrEqual(URGENCIES.indexOf(before));
    }),
  );
});

test("a customer's own examples are learned, in whatever script", () => {
  const random = seededRandom(5);
  const levels = Array.from({ length: 80 }, (_, at) => at % 4);
  const around = (level: number): number[] => [level + 0.4 * random(), random(), random()];
  const own = learnUrgency(levels.map(around), levels);
  expect(own([3.2, 0.5, 0.5], 'пожар').urgency).toBe('critical');
  expect(own([0.2, 0.5, 0.5], 'спасибо').urgency).toBe('low');
});

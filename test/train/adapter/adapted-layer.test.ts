import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/statistics/random.ts';
import { AdaptedLayer, MATRICES } from '../../../src/train/adapter/adapted-layer.ts';
import { ClassScores } from '../../../src/train/adapter/class-scores.ts';
import { drawer, randomLayer } from './small-top.ts';
import { timesTransposed } from './times-transposed.ts';

const HIDDEN = 8;
const SHAPE = { heads: 2, hidden: HIDDEN, normEpsilon: 1e-12 };
const LENGTHS = Int32Array.from([3, 1, 4]);
const LABELS = Int32Array.from([0, 2, 1]);
const ROWS = 8;
const NUDGE = 1e-2;

const draw = drawer(5);

describe('a layer and the loss above it', () => {
  const weights = randomLayer(HIDDEN, draw);
  const layers = [0, 1].map(
    () => new AdaptedLayer(weights, SHAPE, { rank: 2, dropout: 0 }, seededRandom(6), timesTransposed),
  );
  // B begins as zeros, and then A has no gradient.
  for (const { matrices } of layers) {
    for (const matrix of MATRICES)
      matrices[matrix].outer.values.set(draw(matrices[matrix].outer.values.length));
  }
  const scores = new ClassScores(draw(3 * HIDDEN), 3);
  const states = draw(ROWS * HIDDEN, 1);

  const forward = (): Float32Array => {
    let values = states;
    for (const layer of layers) values = layer.forward(values, LENGTHS, true);
    return values;
  };
  const lossNow = (): number => scores.learn(forward(), LENGTHS, LABELS).loss;
  const slopeOf = (values: Float32Array, at: number): number => {
    const before = values[at] as number;
    values[at] = before + NUDGE;
    const above = lossNow();
    values[at] = before - NUDGE;
    const below = lossNow();
    values[at] = before;
    return (above - below) / (2 * NUDGE);
  };

  const parameters = [...layers.flatMap((layer) => layer.parameters), scores.directions];
  lossNow();
  for (const { gradient } of parameters) gradient.fill(0);
  let { gradient } = scores.learn(forward(), LENGTHS, LABELS);
  for (const layer of layers.toReversed()) gradient = layer.backward(gradient);
  const ofStates = gradient.slice();
  const found = parameters.map((parameter) => parameter.gradient.slice());

  test('have the gradient of the states that small steps show', () => {
    for (let at = 0; at < states.length; at += 5) {
      const slope = slopeOf(states, at);
      expect(Math.abs((ofStates[at] as number) - slope)).toBeLessThan(0.02 * Math.abs(slope) + 0.01);
    }
  });

  test('have the gradient of each matrix that small steps show', () => {
    for (const [number, { values }] of parameters.entries()) {
      for (let at = number % 3; at < values.length; at += 7) {
        const slope = slopeOf(values, at);
        const each = found[number]?.[at] as number;
        expect(Math.abs(each - slope)).toBeLessThan(0.02 * Math.abs(slope) + 0.01);
      }
    }
    expect(found.every((each) => each.some((value) => value !== 0))).toBe(true);
  });

  test('give one text the same whatever other texts are beside it', () => {
    const all = forward().slice(0, 3 * HIDDEN);
    let alone = states.slice(0, 3 * HIDDEN);
    for (const layer of layers) alone = layer.forward(alone, LENGTHS.slice(0, 1), false).slice();
    for (const [at, value] of all.entries()) expect(alone[at]).toBeCloseTo(value, 5);
  });
});

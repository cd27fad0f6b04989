import { expect, test } from '@jest/globals';
import { calibrationError } from '../../../eval/measures/calibration.ts';
import { whiten } from '../../../src/classify/head/discriminant.ts';
import { judge, learnHead } from '../../../src/classify/head/head.ts';
import { clouds } from '../clouds.ts';

const { vectors, labels } = clouds(5, 30, 1.4);
const { head, heldOut } = learnHead(vectors, labels, 5);
const unseen = clouds(5, 200, 1.4, 3);
const judgements = unseen.vectors.map((vector) => judge(head, whiten(head.discriminant, vector)));

test('probabilities are of one whole and the label is the likeliest', () => {
  for (const { probabilities, label } of [...judgements, ...heldOut.filter((each) => each !== null)]) {
    expect(probabilities.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9);
    expect(probabilities[label]).toBe(Math.max(...probabilities));
  }
});

test('a probability keeps its word on vectors not seen before', () => {
  const outcomes = judgements.map(({ probabilities, label }, i) => ({
    confidence: probabilities[label]!,
    right: label === unseen.labels[i],
    weight: 1,
  }));
  const accuracy = outcomes.filter(({ right }) => right).length / outcomes.length;
  expect(accuracy).toBeGreaterThan(0.6);
  // Otherwise the task would be too easy for calibration to be put to the test.
  expect(accuracy).toBeLessThan(0.97);
  expect(calibrationError(outcomes)).toBeLessThan(0.06);
});

test('held-out judgements foretell the accuracy on vectors not seen before', () => {
  const foretold = heldOut.filter((each, i) => each?.label === labels[i]).length / labels.length;
  const actual = judgements.filter(({ label }, i) => label === unseen.labels[i]).length / judgements.length;
  expect(Math.abs(foretold - actual)).toBeLessThan(0.08);
});

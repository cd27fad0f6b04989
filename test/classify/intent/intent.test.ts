import { describe, expect, test } from '@jest/globals';
import { auroc } from '../../../eval/measures/ranking.ts';
import { foldCount, foldsOf } from '../../../src/classify/head/head.ts';
import { judgeIntent, learnIntent, learnIntentOpenly } from '../../../src/classify/intent/intent.ts';
import { clouds, strangers } from '../clouds.ts';

const { vectors, labels } = clouds(6, 20, 0.7);
const known = clouds(6, 30, 0.7, 5);
const unknown = strangers(150);

describe.each([
  ['with out-of-scope examples', strangers(60, 11)],
  ['with none', []],
])('learnIntent %s', (_name, background) => {
  const head = learnIntent(vectors, labels, 6, background);
  const judge = (vector: Float64Array) => judgeIntent(head, vector);
  const inside = known.vectors.map(judge);
  const outside = unknown.map(judge);

  test('tells the known from the unknown', () => {
    const scores = [inside, outside].map((all) => all.map(({ inScope }) => inScope));
    expect(auroc(scores[0]!, scores[1]!)).toBeGreaterThan(0.9);
  });

  test('never trusts an intent more than that there is one', () => {
    for (const { confidence, inScope } of [...inside, ...outside]) {
      expect(confidence).toBeGreaterThanOrEqual(0);
      expect(confidence).toBeLessThanOrEqual(inScope);
      expect(inScope).toBeLessThanOrEqual(1);
    }
  });

  test('names the right intent', () => {
    const right = inside.filter(({ label }, i) => label === known.labels[i]).length;
    expect(right / inside.length).toBeGreaterThan(0.9);
  });

  test('learns the same from the same', () => {
    expect(learnIntent(vectors, labels, 6, background)).toEqual(head);
  });
});

test.each([1, 2, 3, 4])('copes with %d out-of-scope examples', (count) => {
  const { confidence, inScope } = judgeIntent(learnIntent(vectors, labels, 6, strangers(count)), unknown[0]!);
  expect(inScope).toBeGreaterThan(0);
  expect(confidence).toBeLessThan(0.9);
});

describe('what was calibrated on', () => {
  const outside = strangers(12);
  const { intent, heldOut } = learnIntentOpenly({ vectors, outOfScope: outside }, labels, 6);
  const judged = heldOut();
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

  test('comes with the same intents as without it', () => {
    expect(intent).toEqual(learnIntent(vectors, labels, 6, outside));
  });
  test('every example is judged as if it were new: less surely than by what has learned from it', () => {
    const unseen = judged.examples.map((each) => each?.confidence ?? Number.NaN);
    const seen = vectors.map((vector) => judgeIntent(intent, vector).confidence);
    expect(unseen).toHaveLength(vectors.length);
    expect(mean(unseen)).toBeLessThan(mean(seen));
  });
  test('as strangers, examples are of another intent, and less in scope', () => {
    expect(judged.asStrangers.every(({ label }, i) => label !== labels[i])).toBe(true);
    const known = judged.examples.map((each) => each?.inScope ?? Number.NaN);
    expect(mean(judged.asStrangers.map(({ inScope }) => inScope))).toBeLessThan(mean(known));
  });
  test('out-of-scope messages are each judged without their own company', () => {
    expect(judged.outOfScope).toHaveLength(12);
    expect(learnIntentOpenly({ vectors, outOfScope: [] }, labels, 6).heldOut().outOfScope).toEqual([]);
    for (const { confidence, inScope } of judged.outOfScope) expect(confidence).toBeLessThanOrEqual(inScope);
  });
});

describe('vectors of an encoder that has learned from the examples', () => {
  // It knows the intents of all it has learned from by heart, and of nothing else.
  const byHeart = vectors.map((_, i) =>
    Float64Array.from({ length: 8 }, (_each, d) => (d === labels[i] ? 1 : 0)),
  );
  const blind = vectors.map((_, i) => Float64Array.from({ length: 8 }, (_each, d) => Math.sin(i * 8 + d)));
  const folds = Array.from({ length: foldCount(labels.length) }, (_, fold) => ({
    vectors: foldsOf(labels).map((own, i) => (own === fold ? blind[i] : byHeart[i]) as Float64Array),
    outOfScope: [],
  }));
  const accuracy = (all: readonly ({ readonly label: number } | null)[]): number =>
    all.filter((each, i) => each?.label === labels[i]).length / all.length;

  test('look perfect when they are judged by themselves, and are found out by the folds', () => {
    const seen = { vectors: byHeart, outOfScope: [] };
    expect(accuracy(learnIntentOpenly(seen, labels, 6).heldOut().examples)).toBe(1);
    const honest = learnIntentOpenly(seen, labels, 6, folds);
    expect(accuracy(honest.heldOut().examples)).toBeLessThan(0.5);
  });
});

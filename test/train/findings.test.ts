import { expect, test } from '@jest/globals';
import { findMisfits, sortPairs } from '../../src/train/findings.ts';

const at = (angle: number): Float32Array => Float32Array.of(Math.cos(angle), Math.sin(angle));
const judged = (label: number, confidence = 0.5) => ({ label, confidence, inScope: 1 });

test('a misfit is judged otherwise, and none of its nearest agrees with it', () => {
  // Six of each label, and one of label 1 in the midst of the zeros.
  const vectors = [0, 0.01, 0.02, 0.03, 0.04, 0.05, 1, 1.01, 1.02, 1.03, 1.04, 1.05, 0.025].map(at);
  const labels = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1];
  const judgements = labels.map((label) => judged(label));
  expect(findMisfits(vectors, labels, judgements)).toEqual([]);
  judgements[12] = judged(0, 0.9);
  // Misjudged, too, but among its like.
  judgements[7] = judged(0, 0.95);
  expect(findMisfits(vectors, labels, judgements)).toEqual([{ example: 12, judged: 0, confidence: 0.9 }]);
  expect(findMisfits(vectors, labels, [...judgements.slice(0, 12), null])).toEqual([]);
});

test('pairs of two kinds are conflicts, the likest first', () => {
  const pairs = [
    { first: 0, second: 1, likeness: 0.8 },
    { first: 1, second: 2, likeness: 0.9 },
    { first: 0, second: 2, likeness: 1 },
  ];
  const { conflicts, repetitions } = sortPairs(pairs, [0, 0, -1]);
  expect(conflicts.map(({ likeness }) => likeness)).toEqual([1, 0.9]);
  expect(repetitions).toEqual([pairs[0]]);
});

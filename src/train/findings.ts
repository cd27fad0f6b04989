/** What to look at in the examples themselves: the same message under two intents, misplaced ones, repetitions. */
import type { IntentJudgement } from '../classify/intent/intent.ts';
import type { NearPair } from './near-duplicates.ts';

/** Nearest examples that are asked; as many as agree by chance only rarely. */
const NEIGHBOURS = 5;

/** An example that seems to belong elsewhere. */
export interface Misfit {
  readonly example: number;
  /** The intent that it was judged to be. */
  readonly judged: number;
  readonly confidence: number;
}

export interface PairsByKind {
  /** Nearly the same text, under two intents, or under one and out of scope; the most alike first. */
  readonly conflicts: readonly NearPair[];
  /** Nearly the same text under one intent; the most alike first. */
  readonly repetitions: readonly NearPair[];
}

export function sortPairs(pairs: readonly NearPair[], kinds: readonly number[]): PairsByKind {
  const sorted = pairs.toSorted(
    (a, b) => b.likeness - a.likeness || a.first - b.first || a.second - b.second,
  );
  const isOneKind = ({ first, second }: NearPair): boolean => kinds[first] === kinds[second];
  return {
    conflicts: sorted.filter((pair) => !isOneKind(pair)),
    repetitions: sorted.filter(isOneKind),
  };
}

/**
 * Examples that were judged to be of another intent, and whose nearest neighbours are all of other intents too; the
 * surest first (after Northcutt, Jiang and Chuang 2021, "Confident Learning", arXiv:1911.00068: labels that a model
 * confidently disagrees with when it has not learned from them).
 */
export function findMisfits(
  vectors: readonly Float32Array[],
  labels: readonly number[],
  judgements: readonly (IntentJudgement | null)[],
): Misfit[] {
  const misjudged = judgements.flatMap((judgement, example) =>
    judgement === null || judgement.label === labels[example] ? [] : [{ example, judgement }],
  );
  const misfits = misjudged.filter(({ example }) =>
    nearest(vectors, example).every((other) => labels[other] !== labels[example]),
  );
  return misfits
    .map(({ example, judgement }) => ({
      example,
      judged: judgement.label,
      confidence: judgement.confidence,
    }))
    .sort((a, b) => b.confidence - a.confidence || a.example - b.example);
}

/** The examples with the likest vectors, itself left out. */
function nearest(vectors: readonly Float32Array[], i: number): number[] {
  const own = vectors[i] as Float32Array;
  const best: { at: number; likeness: number }[] = [];
  for (const [at, vector] of vectors.entries()) {
    const least = best.at(-1)?.likeness ?? Number.NEGATIVE_INFINITY;
    const likeness = product(own, vector);
    if (at === i || (best.length === NEIGHBOURS && likeness <= least)) continue;
    best.push({ at, likeness });
    best.sort((a, b) => b.likeness - a.likeness);
    best.length = Math.min(best.length, NEIGHBOURS);
  }
  return best.map((each) => each.at);
}

/** Some ten times as fast as a general one, and called for every pair. */
function product(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

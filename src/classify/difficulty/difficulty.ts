/** How hard a message is to answer: the chance that a knowledge base's or a small model's answer will not do. */
import { learnProbability } from '../../statistics/calibrate.ts';
import { whiten } from '../head/discriminant.ts';
import { type Judgement, judge, learnHead } from '../head/head.ts';

/** The vocabulary of a difficulty labels file. */
export const DIFFICULTIES = ['easy', 'hard'] as const;
const HARD = DIFFICULTIES.indexOf('hard');

/** The chance, 0 to 1, that the message is hard. */
export type JudgeDifficulty = (vector: ArrayLike<number>, text: string) => number;

/** Learns from the examples' vectors, their texts and their numbers in `DIFFICULTIES`. */
export function learnDifficulty(
  vectors: readonly ArrayLike<number>[],
  texts: readonly string[],
  labels: readonly number[],
): JudgeDifficulty {
  const { head, heldOut } = learnHead(vectors, labels, DIFFICULTIES.length);
  const chanceOf = learnProbability(
    heldOut.flatMap((judged, i) =>
      judged === null
        ? []
        : { features: features(judged, texts[i] as string), holds: labels[i] === HARD, weight: 1 },
    ),
  );
  return (vector, text) => chanceOf(features(judge(head, whiten(head.discriminant, vector)), text));
}

/** What it is about, and how long: length alone goes far (see RouteLLM, arXiv:2406.18665, for the task). */
function features({ distances: [easy = 0, hard = 0] }: Judgement, text: string): number[] {
  return [easy - hard, Math.log1p(text.length)];
}

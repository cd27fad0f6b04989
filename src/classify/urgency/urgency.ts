/** How soon somebody must act on a message: four levels in order, or that it cannot be told. */
import { URGENCIES, type Urgency } from '../../shapes.ts';
import { scoresOf } from '../../statistics/logistic.ts';
import { logSumExp } from '../../statistics/vectors.ts';
import { whiten } from '../head/discriminant.ts';
import { judge, learnHead } from '../head/head.ts';

export interface UrgencyJudgement {
  /** Null: cannot be told. */
  readonly urgency: Urgency | null;
  /** Calibrated chance that `urgency` is right; 0 where it cannot be told. */
  readonly confidence: number;
}

export type JudgeUrgency = (vector: ArrayLike<number>, text: string) => UrgencyJudgement;

/** What is learned: plain data. score[level] = weight · vector + bias is the logarithm of a chance, but for a constant. */
export interface UrgencyHead {
  /** [levels][width] */
  readonly weight: Float32Array;
  /** [levels] */
  readonly bias: Float32Array;
  /** Digest of the labels that were learned from as well: with others, those count and not this head. */
  readonly labels: string;
}

/**
 * What it costs to take a message of one level (row) for another (column). Each level of distance costs, and too low costs
 * more than too high: nobody looks at what was taken for low.
 */
const COSTS: readonly (readonly number[])[] = [
  [0, 1, 2, 3],
  [1, 0, 1, 2],
  [2, 1, 0, 1],
  [4, 3, 1.5, 0],
];
/** If no level is likelier than this, none is told. Of held-out messages below it one in three would have been right. */
const LIKELIEST_MIN = 0.4;
const UNKNOWN: UrgencyJudgement = Object.freeze({ urgency: null, confidence: 0 });

/** Most UTF-16 code units that are looked at for what they are written in. */
const CHARS_MAX = 8_192;

/** The judge of a packed head. The encoder reads English, so what is not mostly in Latin letters cannot be told. */
export function createJudgeUrgency({ weight, bias }: UrgencyHead): JudgeUrgency {
  return (vector, text) => {
    if (!isReadable(text)) return UNKNOWN;
    const scores = new Float64Array(bias.length);
    scoresOf(weight, bias, vector, scores);
    const normaliser = logSumExp(scores);
    return decideUrgency(scores.map((score) => Math.exp(score - normaliser)));
  };
}

/** Learns from a customer's own examples: their vectors and their numbers in `URGENCIES`. */
export function learnUrgency(vectors: readonly ArrayLike<number>[], levels: readonly number[]): JudgeUrgency {
  const { head } = learnHead(vectors, levels, URGENCIES.length);
  return (vector) => decideUrgency(judge(head, whiten(head.discriminant, vector)).probabilities);
}

/** The level that costs least in expectation, unless all are unlikely. @param chances of each level */
export function decideUrgency(chances: ArrayLike<number>): UrgencyJudgement {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  let likeliest = 0;
  for (let level = 0; level < URGENCIES.length; level += 1) {
    const cost = COSTS.reduce(
      (sum, row, truth) => sum + (chances[truth] as number) * (row[level] as number),
      0,
    );
    if (cost < least) [best, least] = [level, cost];
    likeliest = Math.max(likeliest, chances[level] as number);
  }
  // Negated, so that what is no number is not known either.
  if (!(likeliest >= LIKELIEST_MIN)) return UNKNOWN;
  return { urgency: URGENCIES[best] as Urgency, confidence: chances[best] as number };
}

function isReadable(text: string): boolean {
  const letters = text.slice(0, CHARS_MAX).match(/\p{L}/gu)?.length ?? 0;
  const latin = text.slice(0, CHARS_MAX).match(/\p{Script=Latin}/gu)?.length ?? 0;
  return letters > 0 && 2 * latin >= letters;
}

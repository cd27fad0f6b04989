/**
 * Learns the urgency head: a discriminant whose common covariance holds, besides how messages of a level differ, how one
 * message differs from itself when somebody else writes it (within-class covariance normalization: Hatch, Kajarekar and
 * Stolcke 2006, "Within-Class Covariance Normalization for SVM-based Speaker Recognition"). Directions in which only the
 * writer shows then count little. Closed form, of sums that add up, so that holding a part out costs no second reading.
 */
import { createHash } from 'node:crypto';
import { DENSITY_SHARPNESS } from '../../../src/classify/head/head.ts';
import { digestOfLabels, type LabelSet } from '../../../src/classify/labels/label-set.ts';
import type { UrgencyHead } from '../../../src/classify/urgency/urgency.ts';
import { URGENCIES } from '../../../src/shapes.ts';
import { learnSharpness } from '../../../src/statistics/calibrate.ts';
import {
  addScaled,
  cholesky,
  dot,
  mean,
  scatter,
  solveLower,
  solveUpper,
  subtract,
  type Vector,
} from '../../../src/statistics/vectors.ts';
import type { UrgencyRow } from './rows.ts';

const FOLDS = 4;
/** Share of the covariance that is replaced by its mean variance (Friedman 1989). */
const SHRINKAGE = 0.1;
/** How much the differences between ways of writing, and between writers alone, count in the covariance. */
const VOICE_WEIGHT = 3;
const WRITER_WEIGHT = 10;
/** Of 100 messages that arrive, how many are of each level: an assumption that the chances are calibrated for. */
export const LEVEL_SHARES = [0.2, 0.4, 0.2, 0.2];

/** What is known of rows, as sums that add up. */
interface Sums {
  readonly weights: Float64Array;
  /** By level. */
  readonly totals: readonly Vector[];
  readonly squares: Vector;
  readonly voices: Differences;
  readonly writers: Differences;
}

interface Differences {
  count: number;
  readonly squares: Vector;
}

interface Scores {
  readonly weight: readonly Vector[];
  readonly bias: readonly number[];
}

export interface JudgedUrgency {
  readonly row: UrgencyRow;
  /** Of each level. */
  readonly chances: Vector;
}

export interface UrgencyLesson {
  readonly head: UrgencyHead;
  /** Each row judged by what had not learned from its family, and by what had not learned from its topic. */
  readonly families: readonly JudgedUrgency[];
  readonly topics: readonly JudgedUrgency[];
}

/** @param vectors of the rows @param labels the shipped labels, which are among the rows */
export function learnUrgency(
  rows: readonly UrgencyRow[],
  vectors: readonly ArrayLike<number>[],
  labels: LabelSet,
): UrgencyLesson {
  const points = vectors.map((vector) => Float64Array.from(vector));
  const foldOf = (name: string): number => createHash('sha256').update(name).digest().readUInt32LE(0) % FOLDS;
  const families = judgeHeldOut(rows, points, ({ family }) => foldOf(family));
  const topics = [...new Set(rows.map(({ topic }) => topic))];
  const byTopic = judgeHeldOut(rows, points, ({ topic }) => topics.indexOf(topic) % FOLDS);
  const sharpness = learnSharpness(
    families.scores,
    rows.map(({ level }) => level),
    DENSITY_SHARPNESS,
  );
  const prior = LEVEL_SHARES.map(Math.log);
  const calibrated = (scores: readonly Vector[]): JudgedUrgency[] =>
    rows.map((row, at) => {
      const sharp = (scores[at] as Vector).map((score, level) =>
        Math.exp(sharpness * score + (prior[level] as number)),
      );
      const sum = sharp.reduce((all, one) => all + one, 0);
      return { row, chances: sharp.map((one) => one / sum) };
    });
  const { weight, bias } = families.all;
  return {
    head: {
      weight: Float32Array.from(
        weight.flatMap((own) => [...own]),
        (value) => sharpness * value,
      ),
      bias: Float32Array.from(bias, (own, level) => sharpness * own + (prior[level] as number)),
      labels: digestOfLabels(labels),
    },
    families: calibrated(families.scores),
    topics: calibrated(byTopic.scores),
  };
}

/** Each row's scores by what was learned of the other folds, and what is learned of all. */
function judgeHeldOut(
  rows: readonly UrgencyRow[],
  points: readonly Vector[],
  foldOf: (row: UrgencyRow) => number,
): { scores: Vector[]; all: Scores } {
  const folds = rows.map(foldOf);
  const sums = Array.from({ length: FOLDS }, (_, fold) => {
    const own = [...rows.keys()].filter((at) => folds[at] === fold);
    return sumsOf(
      own.map((at) => rows[at] as UrgencyRow),
      own.map((at) => points[at] as Vector),
    );
  });
  const learned = sums.map((_, held) => scoresFrom(sums.filter((_sums, fold) => fold !== held)));
  const scores = points.map((point, at) => {
    const { weight, bias } = learned[folds[at] as number] as Scores;
    return Float64Array.from(bias, (own, level) => own + dot(weight[level] as Vector, point));
  });
  return { scores, all: scoresFrom(sums) };
}

function sumsOf(rows: readonly UrgencyRow[], points: readonly Vector[]): Sums {
  const width = points[0]?.length ?? 0;
  const sizes = new Map<string, number>();
  for (const { family } of rows) sizes.set(family, (sizes.get(family) ?? 0) + 1);
  const weights = new Float64Array(URGENCIES.length);
  const totals = URGENCIES.map(() => new Float64Array(width));
  // Each family counts once, however many ways there are to say it.
  const scaled = rows.map(({ family, level }, at) => {
    const weight = 1 / (sizes.get(family) as number);
    weights[level] = (weights[level] as number) + weight;
    addScaled(totals[level] as Vector, weight, points[at] as Vector);
    return (points[at] as Vector).map((value) => value * Math.sqrt(weight));
  });
  return {
    weights,
    totals,
    squares: scatter(scaled, width),
    voices: differencesOf(rows, points, () => true),
    writers: differencesOf(rows, points, ({ voice }) => voice === 'signed'),
  };
}

/** How a message's rows, of those that are taken, differ from their mean. */
function differencesOf(
  rows: readonly UrgencyRow[],
  points: readonly Vector[],
  isTaken: (row: UrgencyRow) => boolean,
): Differences {
  const taken = [...rows.keys()].filter((at) => isTaken(rows[at] as UrgencyRow));
  const messages = [...Map.groupBy(taken, (at) => rows[at]?.message).values()];
  const differences = messages.flatMap((same) => {
    const said = same.map((at) => points[at] as Vector);
    const centre = mean(said);
    return said.map((point) => subtract(point, centre));
  });
  return { count: differences.length, squares: scatter(differences, points[0]?.length ?? 0) };
}

function scoresFrom(sums: readonly Sums[]): Scores {
  const width = sums[0]?.totals[0]?.length ?? 0;
  const weights = URGENCIES.map((_, level) =>
    sums.reduce((sum, own) => sum + (own.weights[level] as number), 0),
  );
  const means = URGENCIES.map((_, level) => {
    const total = new Float64Array(width);
    for (const own of sums) addScaled(total, 1 / (weights[level] as number), own.totals[level] as Vector);
    return total;
  });
  const covariance = new Float64Array(width * width);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  for (const { squares } of sums) addScaled(covariance, 1 / all, squares);
  for (const [level, own] of means.entries())
    addScaled(covariance, -(weights[level] as number) / all, scatter([own], width));
  for (const [kind, weight] of [
    ['voices', VOICE_WEIGHT],
    ['writers', WRITER_WEIGHT],
  ] as const) {
    const count = sums.reduce((sum, own) => sum + own[kind].count, 0);
    for (const own of sums) addScaled(covariance, weight / Math.max(1, count), own[kind].squares);
  }
  const lower = cholesky(shrunken(covariance, width), width);
  const weight = means.map((own) => solveUpper(lower, solveLower(lower, own)));
  return { weight, bias: means.map((own, level) => -dot(own, weight[level] as Vector) / 2) };
}

function shrunken(covariance: Vector, width: number): Vector {
  let trace = 0;
  for (let d = 0; d < width; d += 1) trace += covariance[d * width + d] as number;
  const matrix = covariance.map((value) => (1 - SHRINKAGE) * value);
  for (let d = 0; d < width; d += 1)
    matrix[d * width + d] = (matrix[d * width + d] as number) + (SHRINKAGE * trace) / width;
  return matrix;
}

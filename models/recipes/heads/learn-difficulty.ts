/**
 * Learns the difficulty head from questions of which it is known which models answered them right, and from the shipped
 * labels, which say what is hard in support. Judged on kinds of questions it had not seen: no set names its tasks, so the
 * questions are grouped by their vectors, and whole groups are held out.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { auroc } from '../../../eval/measures/ranking.ts';
import { type Routed, ranked, rankedApgr } from '../../../eval/measures/routing.ts';
import { bootstrap } from '../../../eval/measures/spread.ts';
import { type DifficultyHead, digestOfLabels } from '../../../src/classify/difficulty-head.ts';
import { SURFACE_WIDTH, surfaceOf } from '../../../src/classify/difficulty-surface.ts';
import type { LabelSet } from '../../../src/classify/label-set.ts';
import { seededRandom, shuffled } from '../../../src/statistics/random.ts';
import { squaredDistance } from '../../../src/statistics/vectors.ts';
import { dense, fitLogistic, type Logistic, scoreOf } from './logistic.ts';

const FILES = ['ulab_llama8b_nemotron49b_train_dedup.jsonl', 'ulab_qwen7b_nemotron51b_train_dedup.jsonl'];
/** The pair whose models differ enough to tell a router by. */
const TOLD_PAIR = 1;
/**
 * What a wrong answer of the small model counts where the large ones were wrong, too: less, for nobody gains; but not
 * nothing, for it was hard all the same. Chosen, with the penalty, by APGR and AUROC on groups held out.
 */
const BOTH_WRONG = 0.6;
const PENALTY = 4e-3;
/** Of the vector's numbers, and of the surface's in units of their spread. */
const VECTOR_UNIT = 3;
const SURFACE_UNIT = 0.8;
/** All labels together, in units of all questions together. */
const LABELS_SHARE = 0.1;
const GROUPS = 24;
const FOLDS = 8;
const ROUNDS = 20;
const SEED = 4;
const BOOTSTRAPS = 400;

export interface Question {
  readonly text: string;
  /** Quality of each pair's answers, 0 to 1. */
  readonly weak: readonly number[];
  readonly strong: readonly number[];
}

/** The questions of the routing sets; none if they are not there. @param folder of the public sets */
export function readQuestions(folder: string): Question[] {
  const paths = FILES.map((file) => join(folder, 'routing', file));
  if (!paths.every((path) => existsSync(path))) return [];
  const [first = [], second = []] = paths.map((path): { prompt: string; weak: number; strong: number }[] =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line)),
  );
  const others = new Map(second.map((row) => [row.prompt, row]));
  return first.flatMap((row) => {
    const other = others.get(row.prompt);
    if (other === undefined) return [];
    return [{ text: row.prompt, weak: [row.weak, other.weak], strong: [row.strong, other.strong] }];
  });
}

const isWrong = (qualities: readonly number[]): number =>
  1 - qualities.reduce((sum, quality) => sum + quality, 0) / qualities.length;

/** How much a question is worth a large model, 0 to 1. */
function targetOf({ weak, strong }: Question): number {
  const best = Math.max(...strong);
  return isWrong(weak) * (best + BOTH_WRONG * (1 - best));
}

interface Point {
  readonly vector: Float32Array;
  readonly surface: readonly number[];
  readonly target: number;
  readonly weight: number;
}

interface Unit {
  readonly centre: readonly number[];
  readonly spread: readonly number[];
}

function unitOf(points: readonly Point[]): Unit {
  const mean = (of: (point: Point) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const centre = Array.from({ length: SURFACE_WIDTH }, (_, at) =>
    mean(({ surface }) => surface[at] as number),
  );
  const spread = centre.map((middle, at) =>
    Math.sqrt(mean(({ surface }) => ((surface[at] as number) - middle) ** 2) || 1),
  );
  return { centre, spread };
}

function featuresOf({ vector, surface }: Pick<Point, 'vector' | 'surface'>, { centre, spread }: Unit) {
  const seen = surface.map(
    (value, at) => (SURFACE_UNIT * (value - (centre[at] as number))) / (spread[at] as number),
  );
  return dense([...vector.map((value) => value * VECTOR_UNIT), ...seen]);
}

function learn(points: readonly Point[], unit: Unit): Logistic {
  const rows = points.map((point) => ({
    features: featuresOf(point, unit),
    target: point.target,
    weight: point.weight,
  }));
  return fitLogistic(rows, (points[0]?.vector.length ?? 0) + SURFACE_WIDTH, PENALTY);
}

export interface DifficultyLesson {
  readonly head: DifficultyHead;
  readonly text: string;
  readonly figures: Readonly<Record<string, number>>;
}

/** @param vectors of the questions, then of the labels' examples */
export function learnDifficulty(
  questions: readonly Question[],
  labels: LabelSet,
  vectors: readonly Float32Array[],
): DifficultyLesson {
  const hard = labels.names.indexOf('hard');
  const weight = (LABELS_SHARE * questions.length) / labels.examples.length;
  const points = [
    ...questions.map((question) => ({ text: question.text, target: targetOf(question), weight: 1 })),
    ...labels.examples.map(({ text, label }) => ({ text, target: Number(label === hard), weight })),
  ].map((point, at) => ({ ...point, surface: surfaceOf(point.text), vector: vectors[at] as Float32Array }));
  const asked = points.slice(0, questions.length);
  const groups = groupsOf(asked.map(({ vector }) => vector));
  const order = shuffled([...Array(GROUPS).keys()], seededRandom(SEED));
  const scores = new Array<number>(questions.length);
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const isOut = (at: number): boolean =>
      at < questions.length && order.indexOf(groups[at] as number) % FOLDS === fold;
    const kept = points.filter((_, at) => !isOut(at));
    const unit = unitOf(kept);
    const model = learn(kept, unit);
    asked.forEach((point, at) => {
      if (isOut(at)) scores[at] = scoreOf(model.weights, model.bias, featuresOf(point, unit));
    });
  }
  const told = tell(questions, scores, groups);
  return { head: headOf(points, questions, scores, labels), ...told };
}

/** The head of all points, its bias and sharpness such that it says how often small models were wrong. */
function headOf(
  points: readonly Point[],
  questions: readonly Question[],
  scores: readonly number[],
  labels: LabelSet,
): DifficultyHead {
  const unit = unitOf(points);
  const { weights, bias } = learn(points, unit);
  const platt = fitLogistic(
    questions.map(({ weak }, at) => ({
      features: dense([scores[at] as number]),
      target: isWrong(weak),
      weight: 1,
    })),
    1,
    1e-6,
  );
  const sharpness = platt.weights[0] as number;
  const width = weights.length - SURFACE_WIDTH;
  const surface = unit.spread.map(
    (spread, at) => (sharpness * SURFACE_UNIT * (weights[width + at] as number)) / spread,
  );
  const shift = surface.reduce((sum, value, at) => sum - value * (unit.centre[at] as number), 0);
  return {
    vector: Float32Array.from(weights.subarray(0, width), (value) => sharpness * VECTOR_UNIT * value),
    surface,
    bias: platt.bias + sharpness * bias + shift,
    labels: digestOfLabels(labels),
  };
}

function tell(questions: readonly Question[], scores: readonly number[], groups: readonly number[]) {
  const order = (scoreAt: (at: number) => number): ReturnType<typeof ranked> =>
    ranked(
      questions.map(
        ({ weak, strong }, at): Routed => ({
          score: scoreAt(at),
          weak: weak[TOLD_PAIR] as number,
          strong: strong[TOLD_PAIR] as number,
        }),
      ),
    );
  const own = order((at) => scores[at] as number);
  const length = order((at) => (questions[at] as Question).text.length);
  const [interval] = bootstrap(questions.length, BOOTSTRAPS, 'difficulty', (counts) => [
    rankedApgr(own, counts),
  ]);
  const wrong = (at: number): boolean => isWrong((questions[at] as Question).weak) > 0.5;
  const within = [...Array(GROUPS).keys()].flatMap((group) => {
    const members = groups.flatMap((each, at) => (each === group ? [at] : []));
    const [yes, no] = [members.filter(wrong), members.filter((at) => !wrong(at))];
    if (Math.min(yes.length, no.length) < 15) return [];
    const scoreAt = (at: number): number => scores[at] as number;
    return [{ area: auroc(yes.map(scoreAt), no.map(scoreAt)), size: members.length }];
  });
  const sizes = within.reduce((sum, { size }) => sum + size, 0);
  const figures = {
    apgr: rankedApgr(own),
    apgr_low: interval?.low ?? Number.NaN,
    apgr_high: interval?.high ?? Number.NaN,
    apgr_of_length: rankedApgr(length),
    auroc_within_groups: within.reduce((sum, { area, size }) => sum + (area * size) / sizes, 0),
  };
  const lines = Object.entries(figures).map(([name, value]) => `${name.padEnd(24)}${value.toFixed(3)}`);
  return {
    figures,
    text: `difficulty, ${questions.length} questions, groups held out\n${lines.join('\n')}\n`,
  };
}

/** Groups of alike vectors: Lloyd's algorithm from seeded beginnings. */
function groupsOf(vectors: readonly Float32Array[]): number[] {
  let centres = shuffled(vectors, seededRandom(SEED))
    .slice(0, GROUPS)
    .map((vector) => Float64Array.from(vector));
  let groups: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    groups = vectors.map((vector) => {
      const distances = centres.map((centre) => squaredDistance(centre, vector));
      return distances.indexOf(Math.min(...distances));
    });
    centres = centres.map((centre, group) => {
      const members = vectors.filter((_, at) => groups[at] === group);
      if (members.length === 0) return centre;
      return centre.map(
        (_, i) => members.reduce((sum, vector) => sum + (vector[i] as number), 0) / members.length,
      );
    });
  }
  return groups;
}

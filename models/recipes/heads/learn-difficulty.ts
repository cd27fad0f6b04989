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
import { createWaves, type WaveSettings } from '../../../src/classify/difficulty-features.ts';
import { type DifficultyHead, digestOfLabels } from '../../../src/classify/difficulty-head.ts';
import { SURFACE_WIDTH, surfaceOf } from '../../../src/classify/difficulty-surface.ts';
import type { Features } from '../../../src/classify/injection-features.ts';
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
const PENALTY = 2e-4;
const WAVES = 1_024;
/** What length counts beside all else, both in units of their spread: across kinds of questions it goes with the gain. */
const LENGTH_SHARE = 0.5;
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
  readonly text: string;
  readonly target: number;
  readonly weight: number;
  readonly waves: Features;
}

function spreadOf(values: readonly number[]): { centre: number; spread: number } {
  const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return { centre, spread: Math.sqrt(squares / values.length) || 1 };
}

function settingsOf(texts: readonly string[], dimensions: number): WaveSettings {
  const surfaces = texts.map(surfaceOf);
  const units = Array.from({ length: SURFACE_WIDTH }, (_, at) =>
    spreadOf(surfaces.map((surface) => surface[at] as number)),
  );
  const [centre, spread] = [units.map((unit) => unit.centre), units.map((unit) => unit.spread)];
  return { seed: SEED, waves: WAVES, dimensions, centre, spread };
}

const learn = (points: readonly Point[]): Logistic =>
  fitLogistic(
    points.map(({ waves, target, weight }) => ({ features: waves, target, weight })),
    WAVES,
    PENALTY,
  );

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
  const settings = settingsOf(
    questions.map(({ text }) => text),
    vectors[0]?.length ?? 0,
  );
  const wavesOf = createWaves(settings);
  const points = [
    ...questions.map((question) => ({ text: question.text, target: targetOf(question), weight: 1 })),
    ...labels.examples.map(({ text, label }) => ({ text, target: Number(label === hard), weight })),
  ].map((point, at): Point => ({ ...point, waves: dense(wavesOf(vectors[at] as Float32Array, point.text)) }));
  const groups = groupsOf(vectors.slice(0, questions.length));
  const order = shuffled([...Array(GROUPS).keys()], seededRandom(SEED));
  const scores = new Array<number>(questions.length);
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const isOut = (at: number): boolean =>
      at < questions.length && order.indexOf(groups[at] as number) % FOLDS === fold;
    const model = learn(points.filter((_, at) => !isOut(at)));
    questions.forEach((_, at) => {
      if (isOut(at)) scores[at] = scoreOf(model.weights, model.bias, (points[at] as Point).waves);
    });
  }
  const lengthOf = ({ text }: Question): number => Math.log1p(text.length);
  const share = (LENGTH_SHARE * spreadOf(scores).spread) / spreadOf(questions.map(lengthOf)).spread;
  const withLength = scores.map((score, at) => score + share * lengthOf(questions[at] as Question));
  const told = tell(questions, withLength, groups);
  return { head: headOf(points, questions, withLength, { settings, share, labels }), ...told };
}

/** The head of all points, its bias and sharpness such that it says how often small models were wrong. */
function headOf(
  points: readonly Point[],
  questions: readonly Question[],
  scores: readonly number[],
  { settings, share, labels }: { settings: WaveSettings; share: number; labels: LabelSet },
): DifficultyHead {
  const { weights, bias } = learn(points);
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
  return {
    ...settings,
    weights: Float32Array.from(weights, (value) => sharpness * value),
    length: sharpness * share,
    bias: platt.bias + sharpness * bias,
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

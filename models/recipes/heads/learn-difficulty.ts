/**
 * Learns the difficulty head from questions of which it is known which models answered them right, and from the shipped
 * labels, which say what is hard in support. Judged on benchmarks it had not seen, one held out after the other.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { auroc } from '../../../eval/measures/ranking.ts';
import { apgr, type Routed, ranked, rankedApgr } from '../../../eval/measures/routing.ts';
import { bootstrap } from '../../../eval/measures/spread.ts';
import type { DifficultyHead } from '../../../src/classify/difficulty/difficulty-head.ts';
import { SURFACE_WIDTH, surfaceOf } from '../../../src/classify/difficulty/surface.ts';
import { createWaves, type WaveSettings } from '../../../src/classify/difficulty/waves.ts';
import type { Features } from '../../../src/classify/injection/features.ts';
import { digestOfLabels, type LabelSet } from '../../../src/classify/labels/label-set.ts';
import { dense, fitLogistic, type Logistic, scoreOf } from './logistic.ts';

const FILES = [
  'ulab_llama8b_nemotron49b_train_dedup.jsonl',
  'ulab_qwen7b_nemotron51b_train_dedup.jsonl',
] as const;
/** The pair whose models differ enough to tell a router by. */
const TOLD_PAIR = 1;
/**
 * What a wrong answer of the small model counts where the large ones were wrong, too: less, for nobody gains; but not
 * nothing, for it was hard all the same. Chosen, with the penalty, on held-out groups of alike questions.
 */
const BOTH_WRONG = 0.6;
const PENALTY = 2e-4;
const WAVES = 1_024;
/** What length counts beside all else, both in units of their spread: across kinds of questions it goes with the gain. */
const LENGTH_SHARE = 1.2;
/** All labels together, in units of all questions together. */
const LABELS_SHARE = 0.1;
/** Which benchmark a row is of is read off its place, as the evaluation does. */
const SPECS = fileURLToPath(new URL('../../../eval/data-sets/routing', import.meta.url));
/** APGR says little where the two models hardly differ. */
const GAP_MIN = 0.05;
const SEED = 4;
const BOOTSTRAPS = 400;

export interface Question {
  readonly text: string;
  /** Quality of each pair's answers, 0 to 1. */
  readonly weak: readonly number[];
  readonly strong: readonly number[];
  readonly benchmark: string;
}

/** The questions of the routing sets; none if they are not there. @param folder of the public sets */
export function readQuestions(folder: string): Question[] {
  const paths = FILES.map((file) => join(folder, 'routing', file));
  if (!paths.every((path) => existsSync(path))) return [];
  const [first = [], second = []] = paths.map(
    (path): { id: string; prompt: string; weak: number; strong: number }[] =>
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
  );
  const spec = JSON.parse(readFileSync(join(SPECS, FILES[0].replace('.jsonl', '.spec.json')), 'utf8'));
  const begins = Object.entries<number>(spec.groups.from);
  const others = new Map(second.map((row) => [row.prompt, row]));
  return first.flatMap((row) => {
    const other = others.get(row.prompt);
    if (other === undefined) return [];
    const place = Number(row.id.split('/').at(-1));
    const benchmark = begins.findLast(([, from]) => from <= place)?.[0] ?? '';
    return [
      { text: row.prompt, weak: [row.weak, other.weak], strong: [row.strong, other.strong], benchmark },
    ];
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
  const scores = new Array<number>(questions.length);
  for (const benchmark of new Set(questions.map((question) => question.benchmark))) {
    const isOut = (at: number): boolean => questions[at]?.benchmark === benchmark;
    const model = learn(points.filter((_, at) => !isOut(at)));
    questions.forEach((_, at) => {
      if (isOut(at)) scores[at] = scoreOf(model.weights, model.bias, (points[at] as Point).waves);
    });
  }
  const lengthOf = ({ text }: Question): number => Math.log1p(text.length);
  const share = (LENGTH_SHARE * spreadOf(scores).spread) / spreadOf(questions.map(lengthOf)).spread;
  const withLength = scores.map((score, at) => score + share * lengthOf(questions[at] as Question));
  const told = tell(questions, withLength);
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

function tell(questions: readonly Question[], scores: readonly number[]) {
  const all = questions.map((_, at) => at);
  const scoreAt = (at: number): number => scores[at] as number;
  const lengthAt = (at: number): number => (questions[at] as Question).text.length;
  const routed = (rows: readonly number[], pair: number, score: (at: number) => number): Routed[] =>
    rows.map((at) => {
      const { weak, strong } = questions[at] as Question;
      return { score: score(at), weak: weak[pair] as number, strong: strong[pair] as number };
    });
  const own = ranked(routed(all, TOLD_PAIR, scoreAt));
  const [interval] = bootstrap(questions.length, BOOTSTRAPS, 'difficulty', (counts) => [
    rankedApgr(own, counts),
  ]);
  const figures: Record<string, number> = {
    'all: APGR': rankedApgr(own),
    'all: APGR, low': interval?.low ?? Number.NaN,
    'all: APGR, high': interval?.high ?? Number.NaN,
    'all: APGR of length': apgr(routed(all, TOLD_PAIR, lengthAt)),
  };
  for (const benchmark of new Set(questions.map((question) => question.benchmark))) {
    const rows = all.filter((at) => questions[at]?.benchmark === benchmark);
    const isBad = (at: number): boolean => isWrong((questions[at] as Question).weak) > 0.5;
    const [wrong, right] = [rows.filter(isBad), rows.filter((at) => !isBad(at))];
    figures[`${benchmark}: AUROC of wrong`] = auroc(wrong.map(scoreAt), right.map(scoreAt));
    figures[`${benchmark}: AUROC of length`] = auroc(wrong.map(lengthAt), right.map(lengthAt));
    for (const pair of [0, 1]) {
      const gap =
        routed(rows, pair, scoreAt).reduce((sum, { weak, strong }) => sum + strong - weak, 0) / rows.length;
      if (gap < GAP_MIN) continue;
      figures[`${benchmark}: APGR, pair ${pair + 1}`] = apgr(routed(rows, pair, scoreAt));
      figures[`${benchmark}: APGR of length, pair ${pair + 1}`] = apgr(routed(rows, pair, lengthAt));
    }
  }
  const lines = Object.entries(figures).map(([name, value]) => `${name.padEnd(44)}${value.toFixed(3)}`);
  return {
    figures,
    text: `difficulty, ${questions.length} questions, benchmarks held out\n${lines.join('\n')}\n`,
  };
}

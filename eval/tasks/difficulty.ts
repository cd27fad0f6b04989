/**
 * Difficulty: does it tell which prompts need the larger model? As APGR (`eval/measures/routing.ts`) against the prompt's
 * length and against chance, and as what it says of itself: the chance that the small model's answer will not do.
 */
import {
  type ReliabilityBin,
  reliabilityBins,
  type WeightedOutcome,
} from '../../src/statistics/selective.ts';
import { calibrationError } from '../measures/calibration.ts';
import { auroc } from '../measures/ranking.ts';
import { type Routed, ranked, rankedApgr, recoveredAt } from '../measures/routing.ts';
import { bootstrap, type Interval, meanOf } from '../measures/spread.ts';
import type { RoutingRow } from '../reading/routing-sets.ts';
import { type Run, tested } from './run.ts';
import type { ShippedHeads } from './shipped-heads.ts';

/** A group with fewer prompts is not told apart. */
const GROUP_ROWS_MIN = 50;
/**
 * APGR divides by the gap between the two models. Where that is less than so many standard errors from nothing, its sign
 * is hardly known, and the quotient is noise.
 */
const GAP_ERRORS_MIN = 3;
/** Budgets at which the curve is drawn. */
const BUDGETS = Array.from({ length: 21 }, (_, at) => at / 20);

export interface RouterFigures {
  readonly apgr: number;
  /** 95 % over prompts. */
  readonly interval: Interval;
  /** Share of the performance gap recovered, at each of `budgets`. */
  readonly recovered: readonly number[];
}

export interface DifficultyFigures {
  readonly set: string;
  readonly group: string | null;
  readonly prompts: number;
  readonly weak: number;
  readonly strong: number;
  /** False: the models differ too little for an APGR; those below are NaN. */
  readonly hasGap: boolean;
  readonly budgets: readonly number[];
  readonly difficulty: RouterFigures;
  readonly length: RouterFigures;
  /** Difficulty's APGR less length's, 95 % over the same prompts. */
  readonly lead: Interval;
  /** How well difficulty tells the small model's wrong answers from its right ones; NaN where all are alike. */
  readonly wrongAuroc: number;
  readonly calibrationError: number;
  readonly reliability: readonly ReliabilityBin[];
}

interface Judged extends RoutingRow {
  readonly difficulty: number;
}

/** The whole set, then each of its groups that is large enough. */
export async function measureDifficulty(
  run: Run,
  heads: ShippedHeads,
  set: string,
  rows: readonly RoutingRow[],
): Promise<DifficultyFigures[]> {
  const used = tested(run, rows, set);
  const judged = await heads.judge(
    set,
    used.map(({ text }) => text),
  );
  const known = used.flatMap((row, at): Judged[] => {
    const difficulty = judged[at]?.difficulty;
    // Where the head cannot tell, the server has no number to route by either.
    return typeof difficulty === 'number' ? [{ ...row, difficulty }] : [];
  });
  const groups = [...Map.groupBy(known, ({ group }) => group)]
    .filter(([group, same]) => group !== null && same.length >= GROUP_ROWS_MIN)
    .sort(([a], [b]) => String(a).localeCompare(String(b)));
  const { bootstrapRounds } = run.sizes;
  return [null, ...groups].map((each) => {
    const [group, same] = each ?? [null, known];
    return figuresOf(set, group, same, bootstrapRounds);
  });
}

/** @param rows with the difficulty that the head gave them */
export function figuresOf(
  set: string,
  group: string | null,
  rows: readonly Judged[],
  bootstrapRounds: number,
): DifficultyFigures {
  const byDifficulty = ranked(rows.map((row): Routed => ({ ...row, score: row.difficulty })));
  const byLength = ranked(rows.map((row): Routed => ({ ...row, score: row.text.length })));
  const seed = `${set} ${group ?? ''}`;
  const [difficulty, length, lead] = bootstrap(rows.length, bootstrapRounds, seed, (counts) => {
    const [own, other] = [rankedApgr(byDifficulty, counts), rankedApgr(byLength, counts)];
    return [own, other, own - other];
  });
  const outcomes = rows.map(
    (row): WeightedOutcome => ({ confidence: row.difficulty, right: row.weak < 0.5, weight: 1 }),
  );
  const wrong = rows.filter(({ weak }) => weak < 0.5).map((row) => row.difficulty);
  const right = rows.filter(({ weak }) => weak >= 0.5).map((row) => row.difficulty);
  const hasGap = isGapKnown(rows.map((row) => row.strong - row.weak));
  const unknown = { low: Number.NaN, high: Number.NaN };
  const figures = (order: typeof byLength, interval = unknown): RouterFigures => ({
    apgr: hasGap ? rankedApgr(order) : Number.NaN,
    interval: hasGap ? interval : unknown,
    recovered: hasGap ? BUDGETS.map((budget) => recoveredAt(budget, order)) : [],
  });
  return {
    set,
    group,
    prompts: rows.length,
    weak: meanOf(rows.map(({ weak }) => weak)),
    strong: meanOf(rows.map(({ strong }) => strong)),
    hasGap,
    budgets: BUDGETS,
    difficulty: figures(byDifficulty, difficulty),
    length: figures(byLength, length),
    lead: hasGap ? (lead ?? unknown) : unknown,
    wrongAuroc: auroc(wrong, right),
    calibrationError: calibrationError(outcomes),
    reliability: reliabilityBins(outcomes),
  };
}

function isGapKnown(gains: readonly number[]): boolean {
  const mean = meanOf(gains);
  const variance = meanOf(gains.map((gain) => (gain - mean) ** 2));
  return mean > GAP_ERRORS_MIN * Math.sqrt(variance / gains.length);
}

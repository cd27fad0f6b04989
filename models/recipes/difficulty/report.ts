/**
 * How the difficulty head does on benchmarks that it had not seen, beside the prompt's length: APGR where the two models
 * differ (`eval/measures/routing.ts`), and AUROC of the small models' wrong answers, which is known where they do not, too.
 */
import { calibrationError } from '../../../eval/measures/calibration.ts';
import { auroc } from '../../../eval/measures/ranking.ts';
import { ranked, rankedApgr } from '../../../eval/measures/routing.ts';
import { bootstrap, meanOf } from '../../../eval/measures/spread.ts';
import type { DifficultyRow } from './rows.ts';

/** Where the gap between the models is less than so many standard errors, an APGR is noise (as in the evaluation). */
const GAP_ERRORS_MIN = 3;
const BOOTSTRAPS = 400;
/** Questions of school subjects at many levels, as an exam over many subjects mixes them. */
const MIXTURE = ['gpqa', 'gsm8k', 'commonsense_qa', 'math', 'openbook_qa', 'arc_challenge'];

interface Judged {
  readonly row: DifficultyRow;
  readonly chance: number;
  readonly length: number;
}

interface Figure {
  readonly own: number;
  readonly length: number;
  /** Own less length's, 95 % over the same questions. */
  readonly low: number;
  readonly high: number;
}

export interface DifficultyReport {
  readonly figures: Readonly<Record<string, Figure | number>>;
  readonly text: string;
}

/** @param heldOut the chance of each row, by what was learned without its benchmark */
export function difficultyReport(
  rows: readonly DifficultyRow[],
  heldOut: readonly number[],
): DifficultyReport {
  const judged = rows.map(
    (row, at): Judged => ({ row, chance: heldOut[at] as number, length: row.text.length }),
  );
  const asked = judged.filter(({ row }) => row.pairs.length > 0);
  const benchmarks = [...Map.groupBy(asked, ({ row }) => row.set)];
  const figures: Record<string, Figure | number> = {};
  for (const [name, same] of [['all', asked] as const, ...benchmarks]) {
    for (const pair of [0, 1]) {
      if (isGapKnown(same, pair)) figures[`APGR, ${name}, pair ${pair + 1}`] = apgrOf(same, pair);
    }
  }
  const mixture = asked.filter(({ row }) => MIXTURE.includes(row.set));
  for (const [name, same] of [['mixture', mixture] as const, ...benchmarks]) {
    figures[`AUROC of wrong, ${name}`] = aurocOf(same);
  }
  for (const set of new Set(judged.map(({ row }) => row.set))) {
    const same = judged.filter(({ row }) => row.set === set && row.pairs.length === 0);
    if (same.length > 0) figures[`AUROC of hard, ${set}`] = aurocOf(same);
  }
  figures['calibration error'] = calibrationError(
    asked.flatMap(({ row, chance }) =>
      row.pairs.map(({ weak }) => ({ confidence: chance, right: weak < 0.5, weight: 1 })),
    ),
  );
  const squares = asked.map(({ row, chance }) => (chance - row.wrong) ** 2);
  figures['Brier score'] = meanOf(squares);
  const share = meanOf(asked.map(({ row }) => row.wrong));
  figures['Brier score of the mean'] = meanOf(asked.map(({ row }) => (share - row.wrong) ** 2));
  return { figures, text: textOf(figures) };
}

function isGapKnown(judged: readonly Judged[], pair: number): boolean {
  const gains = judged.map((each) => gainOf(each, pair));
  const mean = meanOf(gains);
  const variance = meanOf(gains.map((gain) => (gain - mean) ** 2));
  return mean > GAP_ERRORS_MIN * Math.sqrt(variance / gains.length);
}

function gainOf({ row }: Judged, pair: number): number {
  const { weak = 0, strong = 0 } = row.pairs[pair] ?? {};
  return strong - weak;
}

function apgrOf(judged: readonly Judged[], pair: number): Figure {
  const order = (score: (each: Judged) => number) =>
    ranked(judged.map((each) => ({ score: score(each), weak: 0, strong: gainOf(each, pair) })));
  const [own, length] = [order(({ chance }) => chance), order((each) => each.length)];
  const [lead] = bootstrap(judged.length, BOOTSTRAPS, `difficulty ${pair}`, (counts) => [
    rankedApgr(own, counts) - rankedApgr(length, counts),
  ]);
  return { own: rankedApgr(own), length: rankedApgr(length), ...(lead ?? { low: NaN, high: NaN }) };
}

function aurocOf(judged: readonly Judged[]): Figure {
  const of = (some: readonly Judged[], score: (each: Judged) => number): number => {
    const isWrong = ({ row }: Judged): boolean => row.wrong > 0.5;
    return auroc(some.filter(isWrong).map(score), some.filter((each) => !isWrong(each)).map(score));
  };
  const both = (some: readonly Judged[]): [number, number] => [
    of(some, ({ chance }) => chance),
    of(some, (each) => each.length),
  ];
  const [own, length] = both(judged);
  const [lead] = bootstrap(judged.length, BOOTSTRAPS, 'difficulty', (counts) => {
    const drawn = counts.flatMap((count, at) => new Array<Judged>(count).fill(judged[at] as Judged));
    const [first, second] = both(drawn);
    return [first - second];
  });
  return { own, length, ...(lead ?? { low: NaN, high: NaN }) };
}

function textOf(figures: Readonly<Record<string, Figure | number>>): string {
  const lines = Object.entries(figures).map(([name, figure]) => {
    if (typeof figure === 'number') return `${name.padEnd(36)}${figure.toFixed(3)}`;
    const { own, length, low, high } = figure;
    const lead = `${low.toFixed(3)} to ${high.toFixed(3)}`;
    return `${name.padEnd(36)}${own.toFixed(3)}   length ${length.toFixed(3)}   lead ${lead}`;
  });
  return `difficulty, each benchmark judged by what was learned without it\n${lines.join('\n')}\n`;
}

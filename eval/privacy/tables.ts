/** The figures as tables. */
import { percent, percentWithin, type Table } from '../report/table.ts';
import type { PrivacyResults, ScoredSet } from './results.ts';
import type { Characters, SetScore, Share } from './score.ts';

/** By section of the report. */
export function tablesOf(results: PrivacyResults): Readonly<Record<string, readonly Table[]>> {
  const values = results.sets.filter(({ isNames }) => !isNames);
  const names = results.sets.filter(({ isNames }) => isNames);
  return {
    overview: [overview(values)],
    names: names.length === 0 ? [] : [characters(names), ...groups(names)],
    speed: results.speeds.length === 0 ? [] : [speed(results)],
    classes: values.map(byClass),
  };
}

const NOTE_LIBRARIES =
  'Libraries, where they were asked, saw a sample of the rows; a share in brackets is its 95 % interval.';

function overview(sets: readonly ScoredSet[]): Table {
  const tools = toolsOf(sets);
  return {
    title: 'Values hidden, and rows left alone, percent',
    note: `A value is hidden when every letter and digit of it is; a row is left alone when nothing in it was touched. ${NOTE_LIBRARIES}`,
    head: ['set', 'rows', 'aim', ...tools],
    rows: sets.map((set) => [
      set.name,
      String(set.rows),
      set.aim === 'hide' ? 'hidden' : 'left alone',
      ...tools.map((tool) => cell(scoreOf(set, tool)?.all)),
    ]),
  };
}

const cell = (share: Share | undefined): string =>
  share === undefined ? '–' : percentWithin(share.share, share.interval);
const toolsOf = (sets: readonly ScoredSet[]): string[] => [
  ...new Set(sets.flatMap(({ scores }) => scores.map(({ tool }) => tool))),
];
const scoreOf = ({ scores }: ScoredSet, tool: string): SetScore | undefined =>
  scores.find((score) => score.tool === tool);

function characters(sets: readonly ScoredSet[]): Table {
  const tools = toolsOf(sets);
  return {
    title: 'Names, places and organisations: percent of personal characters left / precision by character',
    note: `Letters and digits are counted. ${NOTE_LIBRARIES}`,
    head: ['set', 'rows', 'personal characters', ...tools],
    rows: sets.map((set) => [
      set.name,
      String(set.rows),
      String(set.scores[0]?.characters.personal ?? 0),
      ...tools.map((tool) => leftAndPrecision(scoreOf(set, tool)?.characters)),
    ]),
  };
}

export const leftOf = ({ left, personal }: Characters): number => left / personal;
export const precisionOf = ({ hidden, hiddenPersonal }: Characters): number => hiddenPersonal / hidden;

const leftAndPrecision = (counts: Characters | undefined): string =>
  counts === undefined ? '–' : `${percent(leftOf(counts))} / ${percent(precisionOf(counts))}`;

/** By kind, and by origin with the gap between the best and the worst served. */
function groups(sets: readonly ScoredSet[]): Table[] {
  const kinds: Table = {
    title: 'Percent of personal characters left, by kind',
    note: 'By tiergate.',
    head: ['set', 'kind', 'characters', 'left'],
    rows: sets.flatMap(({ name, scores: [own] }) =>
      [...(own?.characters.byKind ?? [])].map(([kind, { left, of }]) => [
        name,
        kind,
        String(of),
        percent(left / of),
      ]),
    ),
  };
  const [first] = sets;
  const own = first?.scores[0];
  if (own === undefined) return [kinds];
  const origins = [...own.characters.byOrigin].sort(([, a], [, b]) => a.left / a.of - b.left / b.of);
  const shares = origins.map(([, { left, of }]) => left / of);
  const gap = (shares.at(-1) ?? 0) - (shares[0] ?? 0);
  return [
    kinds,
    {
      title: 'Percent of the characters of people’s names left, by where the name is common',
      note: `By tiergate, on the set “${first?.name}”. Between the best and the worst served: ${percent(gap)} points.`,
      head: ['origin', 'characters', 'left'],
      rows: origins.map(([origin, { left, of }]) => [origin, String(of), percent(left / of)]),
    },
  ];
}

function speed({ speeds, model }: PrivacyResults): Table {
  const [own] = speeds;
  return {
    title: 'Time for 1 KB of English support text, milliseconds',
    note: `Median and ninetieth percentile, all in one run on one thread and in turns. ${model === null ? 'No model for names was there.' : `Names by ${model}.`}`,
    head: ['tool', 'median', '90 %', 'times the first'],
    rows: speeds.map(({ name, median, ninetieth }) => [
      name,
      median.toFixed(3),
      ninetieth.toFixed(3),
      own === undefined ? '–' : (median / own.median).toFixed(1),
    ]),
  };
}

function byClass(set: ScoredSet): Table {
  const tools = toolsOf([set]);
  const [own] = set.scores;
  const classes = [...(own?.byClass ?? [])].sort(([, a], [, b]) => a.share - b.share);
  return {
    title: `${set.name}, by class`,
    note: `${set.about} Percent ${set.aim === 'hide' ? 'hidden' : 'left alone'}, the worst first.`,
    head: ['class', 'rows', ...tools],
    rows: classes.map(([name, share]) => [
      name,
      String(share.of),
      ...tools.map((tool) => percent(scoreOf(set, tool)?.byClass.get(name)?.share ?? Number.NaN)),
    ]),
  };
}

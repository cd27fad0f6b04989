/** The figures as tables. */
import { percent, percentWithin, type Table } from '../report/table.ts';
import type { PrivacyResults, ScoredSet } from './results.ts';
import type { Characters, SetScore, Share } from './score.ts';

/** By section of the report. */
export function tablesOf(results: PrivacyResults): Readonly<Record<string, readonly Table[]>> {
  const values = results.sets.filter(({ isNames }) => !isNames);
  const names = results.sets.filter(({ isNames }) => isNames);
  return {
    overview: values.length === 0 ? [] : [overview(values)],
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

type Left = ReadonlyMap<string, { readonly left: number; readonly of: number }>;

/** By kind and by sort of message; and by origin, with the gap between the best and the worst served. */
function groups(sets: readonly ScoredSet[]): Table[] {
  const rowsOf = (pick: (counts: Characters) => Left): string[][] =>
    sets.flatMap(({ name, scores: [own] }) =>
      [...(own === undefined ? [] : pick(own.characters))].map(([group, { left, of }]) => [
        name,
        group,
        String(of),
        percent(left / of),
      ]),
    );
  const head = ['set', 'of', 'characters', 'left'];
  return [
    {
      title: 'Percent of personal characters left, by kind',
      note: 'By tiergate.',
      head,
      rows: rowsOf(({ byKind }) => byKind),
    },
    {
      title: 'Percent of personal characters left, by sort of message',
      note: 'By tiergate.',
      head,
      rows: rowsOf((counts) => counts.byClass),
    },
    ...sets.slice(0, 1).flatMap(origins),
  ];
}

function origins({ name, scores: [own] }: ScoredSet): Table[] {
  const sorted = [...(own?.characters.byOrigin ?? [])].sort(([, a], [, b]) => a.left / a.of - b.left / b.of);
  if (sorted.length === 0) return [];
  const shares = sorted.map(([, { left, of }]) => left / of);
  const gap = (shares.at(-1) ?? 0) - (shares[0] ?? 0);
  return [
    {
      title: 'Percent of the characters of people’s names left, by where the name is common',
      note: `By tiergate, on the set “${name}”. Between the best and the worst served: ${percent(gap)} points.`,
      head: ['origin', 'characters', 'left'],
      rows: sorted.map(([origin, { left, of }]) => [origin, String(of), percent(left / of)]),
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

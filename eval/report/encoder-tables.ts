/** What was measured, how large it is and what it learned from; and what tuning won and quantizing cost, at a glance. */
import { names } from './columns.ts';
import type { Results } from './results.ts';
import { decimal, percent, percentWithError, type Table } from './table.ts';

const BYTES_IN_MB = 1e6;
/** Digits of a cosine that is almost 1. */
const COSINE_DIGITS = 4;
/** Examples of each intent that the comparison learns from. */
const SHOTS = 10;

export function encoders(results: Results): Table {
  return {
    title: 'Encoders',
    note: results.isQuick
      ? 'A quick run, on a part of the data: for a look, not for telling.'
      : 'Intents were learned on each encoder’s own vectors.',
    head: ['encoder', 'weights', 'MB', 'engine', 'revision'],
    rows: results.encoders.map(({ name, kind, bytes, engine, revision }) => [
      name,
      kind,
      (bytes / BYTES_IN_MB).toFixed(1),
      engine,
      revision,
    ]),
  };
}

export function likeness({ likeness: all }: Results): Table {
  const compared = all.filter(({ to }) => to.length > 0);
  return {
    title: 'Likeness of vectors: cosine, mean (least)',
    note: `Of the same ${all[0]?.texts ?? 0} texts (\`src/quantize/check-texts.ts\`) by two encoders; and, by one, of different texts: the mean, and what 95 % of the pairs are below.`,
    head: ['encoder', ...compared.map(({ encoder }) => `to ${encoder}`), 'between different texts'],
    rows: all.map(({ encoder, to, others }) => [
      encoder,
      ...compared.map((column) => {
        const own = to.find((each) => each.encoder === column.encoder);
        return own === undefined
          ? '–'
          : `${decimal(own.mean, COSINE_DIGITS)} (${decimal(own.least, COSINE_DIGITS)})`;
      }),
      `${decimal(others.mean)} (95 %: ${decimal(others.high)})`,
    ]),
  };
}

/** None where no encoder here learned from a set that is there. */
export function learnedFrom({ encoders: all, sets }: Results): Table[] {
  const learned = [...new Set(all.flatMap(({ trainedOn }) => trainedOn))];
  const found = learned.map((name) => sets.find((set) => set.name === name && set.messages !== null));
  if (found.every((set) => set === undefined)) return [];
  return [
    {
      title: 'What encoders learned from',
      note: 'Sets as their makers name them. Messages: those for training, or all where the set has no split.',
      head: ['set', 'messages', 'source', 'licence', 'learned from by'],
      rows: learned.map((name, at) => [
        name,
        String(found[at]?.messages ?? '–'),
        found[at]?.source ?? '–',
        found[at]?.licence ?? '–',
        all
          .filter(({ trainedOn }) => trainedOn.includes(name))
          .map((encoder) => encoder.name)
          .join(', '),
      ]),
    },
  ];
}

/** On sets that no encoder learned from; none where there is one encoder, or no such set. */
export function comparison(results: Results): Table[] {
  const { encoders: all, intents, slices } = results;
  const seen = new Set(all.flatMap(({ trainedOn }) => trainedOn));
  const sets = [...new Set([...intents, ...slices].map(({ set }) => set))].filter((set) => !seen.has(set));
  if (all.length < 2 || sets.length === 0) return [];
  const rows = sets.flatMap((set) => [
    ...FIGURES.map(([what, shots, figure]) => [
      set,
      what,
      ...names(results).map((name) => {
        const own = intents.find((each) => each.set === set && each.shots === shots && each.encoder === name);
        return own === undefined ? '–' : figure(own);
      }),
    ]),
    ...SLICES.map((slice) => [
      set,
      `right intent, %: ${slice}`,
      ...names(results).map((name) => {
        const own = slices.find((each) => each.set === set && each.slice === slice && each.encoder === name);
        return own === undefined ? '–' : percent(own.accuracy);
      }),
    ]),
  ]);
  return [
    {
      title: 'What tuning won, and what fewer bits cost',
      note: `On sets that no encoder here learned from; ${SHOTS} examples of each intent where nothing else is said. Each figure is explained with its own table.`,
      head: ['set', 'what', ...names(results)],
      rows: rows.filter((cells) => cells.slice(2).some((cell) => cell !== '–')),
    },
  ];
}

const SLICES = ['one typo', 'two typos'];

type IntentRow = Results['intents'][number];

const FIGURES: readonly (readonly [string, IntentRow['shots'], (row: IntentRow) => string])[] = [
  ['right intent, %, all examples', 'full', (row) => percentWithError(row.accuracy)],
  ['right intent, %', SHOTS, (row) => percentWithError(row.accuracy)],
  ['far strangers, AUROC', SHOTS, ({ far }) => decimal(far?.auroc.mean ?? Number.NaN)],
  ['near strangers, AUROC', SHOTS, ({ near }) => decimal(near?.auroc.mean ?? Number.NaN)],
  [
    'answerable at 1 % wrong, 20 % far strangers, %',
    SHOTS,
    ({ answers }) => percent(answers.answerableMixed),
  ],
  [
    'calibration error, 20 % strangers, half of them near',
    SHOTS,
    ({ answers }) => decimal(answers.calibrationErrorNear),
  ],
];

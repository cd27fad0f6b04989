/** The figures of every task as tables: one row for what is measured, one column for each encoder where that fits. */
import type { IntentFigures } from '../tasks/intent-figures.ts';
import { adapters } from './adapter-tables.ts';
import { marked, names, SEEN_NOTE, setName } from './columns.ts';
import { comparison, encoders, learnedFrom, likeness } from './encoder-tables.ts';
import { preferred, type Results } from './results.ts';
import { decimal, decimalWithin, percent, percentWithError, percentWithin, type Table } from './table.ts';

type Row<Figures> = Figures & { readonly encoder: string };

/** By the section of a model card that each belongs to. */
export function tablesOf(results: Results): Readonly<Record<string, readonly Table[]>> {
  return {
    encoders: [encoders(results), likeness(results)],
    'learned from': learnedFrom(results),
    comparison: comparison(results),
    accuracy: results.intents.length === 0 ? [] : [accuracy(results)],
    strangers: results.intents.length === 0 ? [] : [strangers(results)],
    answers: results.intents.length === 0 ? [] : [answers(results), calibration(results)],
    slices: results.slices.length === 0 ? [] : [slices(results)],
    adapters: results.adapters.length === 0 ? [] : [adapters(results)],
    injection: results.injection.length === 0 ? [] : [injection(results), injectionSlices(results)],
    difficulty: results.difficulty.length === 0 ? [] : [difficulty(results)],
    fairness: results.fairness.length === 0 ? [] : [fairness(results)],
    'fairness groups': results.fairness.length === 0 ? [] : [fairnessGroups(results)],
  };
}

/** One row for each set and number of examples; a cell for each encoder. */
function bySet(
  results: Results,
  cell: (figures: Row<IntentFigures>) => string,
  about: (figures: Row<IntentFigures>) => string[],
): string[][] {
  const rows = Map.groupBy(results.intents, ({ set, shots }) => `${set} ${shots}`);
  return [...rows.values()].map((same) => {
    const [first] = same as [Row<IntentFigures>];
    const { set, shots } = first;
    const cells = results.encoders.map((row) => {
      const own = same.find(({ encoder }) => encoder === row.name);
      return own === undefined ? '–' : marked(cell(own), row, set);
    });
    return [setName(results, set), shots === 'full' ? 'all' : String(shots), ...about(first), ...cells];
  });
}

function accuracy(results: Results): Table {
  return {
    title: 'Right intent, percent',
    note: `Learned from all examples, and from a few of each intent (${results.sizes.draws} draws; the first is the set’s own where it publishes one). ± one standard error, of draws and test messages together. ${SEEN_NOTE}`,
    head: ['set', 'examples of each', 'intents', 'learned from', 'tested on', ...names(results)],
    rows: bySet(
      results,
      ({ accuracy: share }) => percentWithError(share),
      ({ intents, examples, tested }) => [String(intents), String(examples), String(tested)],
    ),
  };
}

function strangers(results: Results): Table {
  const kinds = [
    ['far', ({ far }: IntentFigures) => far],
    ['far, learned without any', ({ farUnaided }: IntentFigures) => farUnaided],
    ['near', ({ near }: IntentFigures) => near],
  ] as const;
  const rows = kinds.flatMap(([kind, figuresOf]) =>
    bySet(
      results,
      (figures) => {
        const scope = figuresOf(figures);
        return scope === null ? '–' : `${decimal(scope.auroc.mean)} / ${percent(scope.recall.mean)}`;
      },
      (figures) => [kind, String(figuresOf(figures)?.strangers ?? 0), errorOf(figuresOf(figures)?.auroc)],
    ),
  );
  return {
    title:
      'Strangers: AUROC of `in_scope` / percent of strangers turned away when 95 % of the known messages are accepted',
    note: 'Far: messages that belong to no intent of the set (its own, or another set’s). Near: a quarter of the intents held back, their messages being the strangers.',
    head: ['set', 'examples of each', 'strangers', 'how many', '± AUROC', ...names(results)],
    rows: rows.filter((cells) => cells[3] !== '0'),
  };
}

const errorOf = (estimate: { standardError: number } | undefined): string =>
  estimate === undefined ? '–' : decimal(estimate.standardError);

function answers(results: Results): Table {
  return {
    title: 'Share answerable at 1 % wrong answers at most, percent',
    note: 'Of known messages and far strangers together, as many of each as the set has; the ceiling is the share of known ones. In brackets the 95 % interval over test messages; behind the stroke the share with strangers as 20 % of the weight, where 80 is the ceiling; then the area under the risk–coverage curve (smaller is better).',
    head: ['set', 'examples of each', 'messages', 'ceiling', ...names(results)],
    rows: bySet(
      results,
      ({ answers: { answerable, answerableInterval, answerableMixed, area } }) => {
        const interval = answerableInterval ?? { low: Number.NaN, high: Number.NaN };
        return `${percentWithin(answerable.mean, interval)} / ${percent(answerableMixed)}; ${decimal(area, 4)}`;
      },
      ({ answers: { rows, ceiling } }) => [String(rows), percent(ceiling)],
    ),
  };
}

function calibration(results: Results): Table {
  return {
    title: 'Expected calibration error of `confidence`',
    note: 'Ten bins of equal mass: on messages as the set has them / with far strangers as 5 % / as 20 % of the weight / with strangers as 20 %, half of them near; heads assume 4 % near and 8 % far ones, or 8 % near ones where they have learned none that are far. The floor is what a perfectly calibrated head would show on so many messages.',
    head: ['set', 'examples of each', 'floor', ...names(results)],
    rows: bySet(
      results,
      ({ answers: { calibrationError, calibrationErrorFew, calibrationErrorMixed } }) =>
        [calibrationError, calibrationErrorFew, calibrationErrorMixed]
          .map((each) => decimal(each))
          .join(' / '),
      ({ answers: { calibrationErrorFloor } }) => [decimal(calibrationErrorFloor)],
    ),
  };
}

function slices(results: Results): Table {
  const rows = Map.groupBy(results.slices, ({ set, slice }) => `${set}\n${slice}`);
  return {
    title: 'Right intent by slice, percent (mean confidence); percent of messages whose intent changes',
    note: 'One head for each set, learned from all examples as they are. Slips are made by a seeded typo maker in words of four letters and more. Confidence allows for strangers, who are not among these messages, so it lies below the share of right ones.',
    head: ['set', 'slice', 'messages', ...names(results)],
    rows: [...rows.values()].map((same) => {
      const [{ set, slice, messages }] = same as [(typeof same)[number]];
      const cells = results.encoders.map((row) => {
        const own = same.find(({ encoder }) => encoder === row.name);
        if (own === undefined) return '–';
        const changed = own.changed === null ? '' : `; ${percent(own.changed)}`;
        return marked(`${percent(own.accuracy)} (${percent(own.confidence, 0)})${changed}`, row, set);
      });
      return [setName(results, set), slice, String(messages), ...cells];
    }),
  };
}

function injection(results: Results): Table {
  return {
    title: 'Attacks found at 1 % false alarms on benign look-alikes, percent',
    note: 'The threshold is set on the look-alikes of all languages. An attack of which the head says that it cannot tell is not found. 95 % intervals.',
    head: [
      'encoder',
      'sets',
      'attacks',
      'found',
      'cannot tell',
      'look-alikes',
      'false alarms',
      'everyday messages',
      'false alarms',
      'AUROC',
      'threshold',
    ],
    rows: results.injection.map((figures) => {
      const { encoder, over, found, undecided, falseAlarms, everydayAlarms } = figures;
      return [
        encoder,
        over === 'unseen' ? 'not learned from' : 'all',
        String(found.of),
        percentWithin(found.share, found.interval),
        percent(undecided.share),
        String(falseAlarms.of),
        percent(falseAlarms.share),
        String(everydayAlarms.of),
        percent(everydayAlarms.share, 2),
        decimal(figures.auroc),
        decimal(figures.threshold),
      ];
    }),
  };
}

function injectionSlices(results: Results): Table {
  const parts = [
    ['language', 'byLanguage'],
    ['kind', 'byFamily'],
    ['set', 'bySet'],
  ] as const;
  const rows = parts.flatMap(([part, key]) => {
    const told = part === 'set' ? results.injection.filter(({ over }) => over === 'all') : preferred(results);
    const sliceNames = [...new Set(told.flatMap((figures) => figures[key].map(({ name }) => name)))];
    return sliceNames.map((name) => {
      const own = results.encoders.map((encoder) =>
        told.find((figures) => figures.encoder === encoder.name)?.[key].find((slice) => slice.name === name),
      );
      const first = own.find((slice) => slice !== undefined);
      const cells = own.map((slice) =>
        slice === undefined ? '–' : `${percent(slice.found.share)} / ${percent(slice.falseAlarms.share)}`,
      );
      const shown = part === 'set' ? setName(results, name) : name;
      return [part, shown, String(first?.found.of ?? 0), String(first?.falseAlarms.of ?? 0), ...cells];
    });
  });
  return {
    title: 'Attacks found / false alarms on look-alikes, percent, by slice',
    note: `By language and kind on sets that no head learned from, if there are any. ${SEEN_NOTE}`,
    head: ['by', 'slice', 'attacks', 'look-alikes', ...names(results)],
    rows,
  };
}

function difficulty(results: Results): Table {
  return {
    title: 'Difficulty: APGR',
    note: `Area under the share of the performance gap recovered, over all budgets (RouteLLM, arXiv:2406.18665); chance has .500. 95 % intervals over prompts. –: the two models differ too little for it. ${SEEN_NOTE}`,
    head: [
      'encoder',
      'set',
      'benchmark',
      'prompts',
      'small → large right, %',
      'difficulty',
      'length',
      'lead over length',
      'AUROC of wrong',
      'calibration error',
    ],
    rows: results.difficulty.map((figures) => [
      figures.encoder,
      setName(results, figures.set),
      figures.group ?? 'all',
      String(figures.prompts),
      `${percent(figures.weak)} → ${percent(figures.strong)}`,
      decimalWithin(figures.difficulty.apgr, figures.difficulty.interval),
      decimalWithin(figures.length.apgr, figures.length.interval),
      figures.hasGap ? `${decimal(figures.lead.low)} to ${decimal(figures.lead.high)}` : '–',
      decimal(figures.wrongAuroc),
      decimal(figures.calibrationError),
    ]),
  };
}

function fairness(results: Results): Table {
  return {
    title: 'Counterfactual flip rate, percent',
    note: 'Pairs of versions of one message, by members of two groups, that get another intent / urgency / route under the shipped labels and policy.',
    head: ['what differs', 'messages', 'pairs', ...names(results)],
    rows: [...Map.groupBy(results.fairness, ({ kind }) => kind)].map(([kind, same]) => {
      const cells = results.encoders.map(({ name }) => {
        const own = same.find(({ encoder }) => encoder === name);
        if (own === undefined) return '–';
        const { intent, urgency, route } = own.flips.rates;
        return `${percent(intent)} / ${percent(urgency)} / ${percent(route)}`;
      });
      const [first] = same as [(typeof same)[number]];
      return [kind, String(first.messages), String(first.flips.pairs), ...cells];
    }),
  };
}

function fairnessGroups(results: Results): Table {
  const kinds = [...Map.groupBy(results.fairness, ({ kind }) => kind)].filter(([kind]) => kind !== 'all');
  const rows = kinds.flatMap(([kind, same]) => {
    const groups = [...new Set(same.flatMap(({ groups: own }) => own.map(({ group }) => group)))];
    return groups.map((group) => {
      const own = results.encoders.map(({ name }) =>
        same.find(({ encoder }) => encoder === name)?.groups.find((each) => each.group === group),
      );
      const cells = own.map((each) => {
        if (each === undefined) return '–';
        const { intent, urgency, route } = each.rates;
        return `${percent(intent)} / ${percent(urgency)} / ${percent(route)}`;
      });
      return [kind, group, String(own.find((each) => each !== undefined)?.versions ?? 0), ...cells];
    });
  });
  return {
    title: 'By group: versions that get another intent / urgency / route than most of their message, percent',
    note: '',
    head: ['what differs', 'group', 'versions', ...names(results)],
    rows,
  };
}

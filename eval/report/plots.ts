/** The plots of each section of the report. */

import { type Axis, type Line, type LinePlot, linePlot, type Point } from '../../src/wire/line-plot.ts';
import type { InjectionFigures } from '../tasks/injection.ts';
import { type BarRow, barPlot, colourOf, legend } from './bar-plot.ts';
import { preferred, type Results } from './results.ts';
import { decimal, percent } from './table.ts';

/** Of a risk–coverage curve, the part that matters. */
const RISK_SHOWN_MAX = 0.1;
const RISK_MAX = 0.01;
const whole = (share: number): string => percent(share, 0);

/** By section of the report. */
export function plotsOf(results: Results): Readonly<Record<string, string>> {
  const keys = legend(results.encoders.map(({ name }) => name));
  const framed = (plots: readonly string[], note = keys): string =>
    plots.length === 0 ? '' : `${note}<div class="plots">${plots.join('\n')}</div>`;
  const curves = legend(
    results.encoders.map(({ name }) => name),
    'solid: learned from all examples; dashed: from ten of each intent',
  );
  return {
    accuracy: framed(accuracyBars(results)),
    strangers: framed(strangerBars(results)),
    answers: framed([...riskCurves(results), ...reliabilityCurves(results)], curves),
    slices: framed(sliceBars(results)),
    injection: framed(injectionBars(results)),
    difficulty: difficultyPlots(results),
    fairness: framed(fairnessBars(results)),
  };
}

const setsIn = (rows: readonly { readonly set: string }[]): string[] => [
  ...new Set(rows.map(({ set }) => set)),
];

function accuracyBars({ intents, encoders }: Results): string[] {
  return (['full', 10, 5] as const).flatMap((shots) => {
    const same = intents.filter((figures) => figures.shots === shots);
    if (same.length === 0) return [];
    const rows = setsIn(same).map(
      (set): BarRow => ({
        name: set,
        bars: encoders.map(({ name }) => {
          const accuracy = same.find((each) => each.set === set && each.encoder === name)?.accuracy;
          if (accuracy === undefined) return { value: Number.NaN };
          const reach = 1.96 * accuracy.standardError;
          return { value: accuracy.mean, low: accuracy.mean - reach, high: accuracy.mean + reach };
        }),
      }),
    );
    const title = `Right intent, %, learned from ${shots === 'full' ? 'all examples' : `${shots} of each`}`;
    return [barPlot({ title, from: 0.5, to: 1, tell: (value) => percent(value), rows })];
  });
}

function strangerBars({ intents, encoders }: Results): string[] {
  return (['far', 'near'] as const).flatMap((kind) => {
    const same = intents.filter((figures) => figures.shots === 10 && figures[kind] !== null);
    const rows = setsIn(same).map(
      (set): BarRow => ({
        name: set,
        bars: encoders.map(({ name }) => {
          const scope = same.find((each) => each.set === set && each.encoder === name)?.[kind];
          if (scope === null || scope === undefined) return { value: Number.NaN };
          const { mean, standardError } = scope.auroc;
          return { value: mean, low: mean - 1.96 * standardError, high: mean + 1.96 * standardError };
        }),
      }),
    );
    const title = `AUROC of in-scope, ${kind} strangers, ten examples of each`;
    return rows.length === 0 ? [] : [barPlot({ title, from: 0.5, to: 1, tell: decimal, rows })];
  });
}

/** For each set, a line for each encoder: all examples, and ten of each. */
function curvesOf(
  { intents, encoders }: Results,
  set: string,
  pointsOf: (figures: Results['intents'][number]) => Line['points'],
): Line[] {
  return intents
    .filter((figures) => figures.set === set && (figures.shots === 'full' || figures.shots === 10))
    .map((figures) => ({
      name: `${figures.encoder}, ${figures.shots === 'full' ? 'all' : figures.shots}`,
      colour: colourOf(encoders.findIndex(({ name }) => name === figures.encoder)),
      isDashed: figures.shots !== 'full',
      points: pointsOf(figures),
    }));
}

const CURVES = { isTitled: true, widthPx: 400, heightPx: 300 } as const;
const shareAxis = (name: string, to = 1): Axis => ({ name, from: 0, to, tell: whole });

function riskCurves(results: Results): string[] {
  return setsIn(results.intents).map((set) =>
    linePlot({
      ...CURVES,
      title: `${set}: risk and coverage`,
      x: shareAxis('messages answered, %'),
      y: shareAxis('wrong answers, %', RISK_SHOWN_MAX),
      lines: curvesOf(results, set, ({ answers }) => answers.curve.map((p) => [p.coverage, p.error])),
      guides: [
        {
          points: [
            [0, RISK_MAX],
            [1, RISK_MAX],
          ],
        },
      ],
    }),
  );
}

const DIAGONAL: LinePlot['guides'] = [
  {
    points: [
      [0, 0],
      [1, 1],
    ],
  },
];

function reliabilityCurves(results: Results): string[] {
  return setsIn(results.intents).map((set) => {
    const lines = curvesOf(results, set, ({ answers }) =>
      answers.reliability.map((bin): Point => [bin.confidence, bin.right]),
    );
    return linePlot({
      ...CURVES,
      title: `${set}: reliability`,
      x: shareAxis('confidence, %'),
      y: shareAxis('right, %'),
      lines,
      dots: lines.flatMap(({ points, colour, name }) =>
        points.map((at) => ({ at, radiusPx: 3, colour, title: name })),
      ),
      guides: DIAGONAL,
    });
  });
}

function sliceBars({ slices, encoders }: Results): string[] {
  return setsIn(slices).map((set) => {
    const same = slices.filter((figures) => figures.set === set);
    const rows = [...new Set(same.map(({ slice }) => slice))].map(
      (slice): BarRow => ({
        name: slice,
        bars: encoders.map(({ name }) => {
          const own = same.find((figures) => figures.slice === slice && figures.encoder === name);
          return own === undefined ? { value: Number.NaN } : { value: own.accuracy, ...own.interval };
        }),
      }),
    );
    return barPlot({
      title: `${set}: right intent, %`,
      from: 0,
      to: 1,
      tell: (value) => percent(value),
      rows,
    });
  });
}

function injectionBars(results: Results): string[] {
  const { injection, encoders } = results;
  const shown = preferred(results);
  const plot = (title: string, part: 'byLanguage' | 'byFamily'): string => {
    const slicesOf = (name: string): InjectionFigures['byLanguage'] =>
      shown.find(({ encoder }) => encoder === name)?.[part] ?? [];
    const withAttacks = shown.flatMap((figures) => figures[part].filter(({ found }) => found.of > 0));
    const rows = [...new Set(withAttacks.map(({ name }) => name))].map(
      (slice): BarRow => ({
        name: slice,
        bars: encoders.map(({ name }) => {
          const found = slicesOf(name).find((each) => each.name === slice)?.found;
          return found === undefined ? { value: Number.NaN } : { value: found.share, ...found.interval };
        }),
      }),
    );
    return barPlot({ title, from: 0, to: 1, tell: (value) => percent(value), rows, guide: 0.95 });
  };
  if (injection.length === 0) return [];
  return [plot('Attacks found, %, by language', 'byLanguage'), plot('Attacks found, %, by kind', 'byFamily')];
}

/** Colours stand for routers here: difficulty first, length second. */
function difficultyPlots({ difficulty, encoders }: Results): string {
  if (difficulty.length === 0) return '';
  const plots = encoders.flatMap(({ name }) => {
    const own = difficulty.filter(({ encoder }) => encoder === name);
    const rows = own.map(
      (figures): BarRow => ({
        name: figures.group ?? `all of ${figures.set}`,
        bars: [figures.difficulty, figures.length].map(({ apgr, interval }) => ({
          value: apgr,
          ...interval,
        })),
      }),
    );
    const bars = barPlot({ title: `APGR, ${name}`, from: 0, to: 1, tell: decimal, rows, guide: 0.5 });
    const curves = own
      .filter(({ group, hasGap }) => group === null && hasGap)
      .map(({ set, budgets, difficulty: head, length }) =>
        linePlot({
          ...CURVES,
          title: set.slice(0, 44),
          x: shareAxis('prompts sent to the larger model, %'),
          y: shareAxis('gap recovered, %'),
          lines: [head, length].map(({ recovered }, colour) => ({
            name: colour === 0 ? 'difficulty' : 'length',
            colour: colourOf(colour),
            points: budgets.map((budget, at) => [budget, recovered[at] ?? 0] as const),
          })),
          guides: DIAGONAL,
        }),
      );
    return [bars, ...curves];
  });
  return `${legend(['difficulty', 'length of the prompt'], 'dotted: chance')}<div class="plots">${plots.join('\n')}</div>`;
}

function fairnessBars({ fairness, encoders }: Results): string[] {
  return (['intent', 'urgency', 'route'] as const).flatMap((outcome) => {
    if (fairness.length === 0) return [];
    const rows = [...new Set(fairness.map(({ kind }) => kind))].map(
      (kind): BarRow => ({
        name: kind,
        bars: encoders.map(({ name }) => ({
          value:
            fairness.find((figures) => figures.kind === kind && figures.encoder === name)?.flips.rates[
              outcome
            ] ?? Number.NaN,
        })),
      }),
    );
    const values = fairness.map(({ flips }) => flips.rates[outcome]);
    const to = Math.ceil(Math.max(0.05, ...values) * 20) / 20;
    const title = `Pairs that get another ${outcome}, %`;
    return [barPlot({ title, from: 0, to, tell: (value) => percent(value), rows, guide: 0.01 })];
  });
}

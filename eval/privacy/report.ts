/** The report of the bench for people: as Markdown, and as one HTML file with plots. */
import { barPlot, legend } from '../report/bar-plot.ts';
import { pageHtml, tableHtml } from '../report/page.ts';
import { markdown, percent } from '../report/table.ts';
import type { PrivacyResults } from './results.ts';
import { leftOf, precisionOf, tablesOf } from './tables.ts';

const HEADINGS: Readonly<Record<string, readonly [heading: string, about: string]>> = {
  overview: ['Values and numbers', 'What a shape, a checksum or a word beside it tells.'],
  names: ['Names, places and organisations', 'What only the sentence tells.'],
  speed: ['Speed', ''],
  classes: ['By class', 'Where it falls short.'],
};

export const reportMarkdown = (results: PrivacyResults): string =>
  `${Object.values(tablesOf(results)).flat().map(markdown).join('\n\n')}\n`;

export function reportHtml(results: PrivacyResults): string {
  const tables = tablesOf(results);
  const plots: Readonly<Record<string, string>> = {
    overview: valuePlot(results),
    names: namePlot(results),
    speed: speedPlot(results),
  };
  const shown = Object.entries(HEADINGS).filter(([section]) => (tables[section] ?? []).length > 0);
  return pageHtml({
    title: 'tiergate: personal data',
    heading: 'Personal data',
    about: [
      results.model === null
        ? 'Structured kinds alone: no model for names was there.'
        : 'Structured kinds, and names by the model.',
    ],
    links: shown.map(([section, [heading]]) => `<a href="#${section}">${heading}</a>`),
    body: shown
      .map(
        ([section, [heading, about]]) =>
          `<section id="${section}"><h2>${heading}</h2><p>${about}</p>${plots[section] ?? ''}${(tables[section] ?? []).map(tableHtml).join('')}</section>`,
      )
      .join('\n'),
  });
}

const whole = (share: number): string => percent(share, 0);

function valuePlot({ sets }: PrivacyResults): string {
  const values = sets.filter(({ isNames }) => !isNames);
  const tools = [...new Set(values.flatMap(({ scores }) => scores.map(({ tool }) => tool)))];
  const rows = values.map(({ name, aim, scores }) => ({
    name: `${name}: ${aim === 'hide' ? 'hidden' : 'left alone'}`,
    bars: tools.map((tool) => {
      const all = scores.find((score) => score.tool === tool)?.all;
      return all === undefined ? { value: Number.NaN } : { value: all.share, ...all.interval };
    }),
  }));
  if (rows.length === 0) return '';
  return `${legend(tools)}<div class="plots">${barPlot({ title: 'Hidden, or left alone, %', from: 0, to: 1, tell: whole, rows })}</div>`;
}

function namePlot({ sets }: PrivacyResults): string {
  const names = sets.filter(({ isNames }) => isNames);
  const tools = [...new Set(names.flatMap(({ scores }) => scores.map(({ tool }) => tool)))];
  if (names.length === 0) return '';
  const plot = (title: string, value: (score: (typeof names)[number]['scores'][number]) => number): string =>
    barPlot({
      title,
      from: 0,
      to: 1,
      tell: whole,
      rows: names.map(({ name, scores }) => ({
        name,
        bars: tools.map((tool) => {
          const score = scores.find((each) => each.tool === tool);
          return { value: score === undefined ? Number.NaN : value(score) };
        }),
      })),
    });
  const left = plot('Personal characters left, %', ({ characters }) => leftOf(characters));
  const precision = plot('Precision by character, %', ({ characters }) => precisionOf(characters));
  return `${legend(tools)}<div class="plots">${left}${precision}</div>`;
}

function speedPlot({ speeds }: PrivacyResults): string {
  if (speeds.length === 0) return '';
  const most = Math.max(...speeds.map(({ median }) => median));
  const tell = (value: number): string => `${value < 1 ? value.toFixed(2) : value.toFixed(0)} ms`;
  const rows = speeds.map(({ name, median }) => ({ name, bars: [{ value: median }] }));
  return `<div class="plots">${barPlot({ title: '1 KB, median', from: 0, to: most, tell, rows })}</div>`;
}

/** The report for people: one HTML file with everything in it, no script, no address. */
import { escapeHtml } from '../../src/wire/html.ts';
import { plotsOf } from './plots.ts';
import { preferred, type Results } from './results.ts';
import { decimal, type Table } from './table.ts';
import { tablesOf } from './tables.ts';

const HEADINGS: Readonly<Record<string, readonly [heading: string, about: string]>> = {
  encoders: ['What was measured', ''],
  'learned from': ['What encoders learned from', ''],
  comparison: [
    'Tuning and quantizing',
    'What was won by tuning the encoder, and lost by storing it in fewer bits.',
  ],
  accuracy: ['Intents', 'How often the right intent comes first, among messages that have one.'],
  strangers: [
    'Strangers',
    'How well messages that belong to no intent are told from those that do, by the in-scope probability.',
  ],
  answers: [
    'What can be answered safely',
    'The most confident messages first: how many can be answered before the share of wrong answers passes 1 %. And whether the confidence keeps its word.',
  ],
  slices: ['By slice', 'Short and long messages, and the same messages in other forms.'],
  injection: ['Injection', 'Attacks on a model’s instructions, against messages that only look like them.'],
  difficulty: ['Difficulty', 'Which prompts need the larger model.'],
  fairness: ['Counterfactual fairness', 'The same message, by members of different groups.'],
};

/** What is longer is a sentence, and begins at the left. */
const FIGURE_CHARS_MAX = 40;

export function reportHtml(results: Results): string {
  const tables = tablesOf(results);
  const plots = plotsOf(results);
  const sections = Object.entries(HEADINGS).flatMap(([section, [heading, about]]) => {
    const own = tables[section] ?? [];
    if (own.length === 0) return [];
    return [
      `<section id="${section.replaceAll(' ', '-')}"><h2>${heading}</h2><p>${about}</p>`,
      plots[section] ?? '',
      ...own.map(tableHtml),
      section === 'injection' ? hardest(results) : '',
      section === 'fairness' ? (tables['fairness groups'] ?? []).map(tableHtml).join('') : '',
      section === 'fairness' ? examples(results) : '',
      '</section>',
    ];
  });
  const links = Object.entries(HEADINGS)
    .filter(([section]) => (tables[section] ?? []).length > 0)
    .map(([section, [heading]]) => `<a href="#${section.replaceAll(' ', '-')}">${heading}</a>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>tiergate: evaluation</title>
<style>${STYLE}</style>
<header><h1>Evaluation</h1>
<p>${results.encoders.map(({ name, kind }) => `<b>${escapeHtml(name)}</b> (${escapeHtml(kind)})`).join(', ')}</p>
${results.isQuick ? '<p class="warning">A quick run, on a part of the data. Its figures are for a look, not for telling.</p>' : ''}
<nav>${links.join('')}</nav></header>
${sections.join('\n')}
${sources(results)}
</html>
`;
}

function tableHtml({ title, note, head, rows }: Table): string {
  const one = (cell: string, tag: string): string =>
    `<${tag}${cell.length > FIGURE_CHARS_MAX ? ' class="words"' : ''}>${escapeHtml(cell)}</${tag}>`;
  const line = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => one(cell, tag)).join('')}</tr>`;
  return `<figure><figcaption><b>${escapeHtml(title)}.</b> ${escapeHtml(note)}</figcaption>
<div class="wide"><table><thead>${line(head, 'th')}</thead><tbody>
${rows.map((row) => line(row, 'td')).join('\n')}
</tbody></table></div></figure>`;
}

/** Which messages decide how many attacks are found. */
function hardest(results: Results): string {
  const [figures] = preferred(results).slice(-1);
  if (figures === undefined) return '';
  const { attacks, lookAlikes } = figures.hardest;
  const rows = [
    ...lookAlikes.map((message) => ['benign', message] as const),
    ...attacks.map((message) => ['attack', message] as const),
  ];
  return tableHtml({
    title: `Hardest for ${figures.encoder}`,
    note: 'The look-alikes that seem most like attacks (these set the threshold), and the attacks that seem least like one.',
    head: ['is', 'seems to be an attack', 'language', 'kind', 'message'],
    rows: rows.map(([is, { score, language, family, text }]) => [
      is,
      score < 0 ? 'cannot tell' : decimal(score),
      language,
      family,
      text,
    ]),
  });
}

/** What flips, in words. */
function examples({ fairness, encoders }: Results): string {
  const [encoder] = encoders.slice(-1);
  const rows = fairness
    .filter(({ kind, encoder: name }) => kind !== 'all' && name === encoder?.name)
    .flatMap(({ kind, examples: all }) => all.map((example) => ({ kind, ...example })));
  if (rows.length === 0) return '';
  return tableHtml({
    title: `What flips with ${encoder?.name ?? ''}`,
    note: 'One version that gets something else than most versions of its message, beside one that does not.',
    head: ['what differs', 'group', 'outcome', 'most versions', 'get', 'this version', 'gets'],
    rows: rows.map(({ kind, group, outcome, usualText, usual, otherText, other }) => [
      kind,
      group,
      outcome,
      usualText,
      usual,
      otherText,
      other,
    ]),
  });
}

function sources({ sets, notes }: Results): string {
  const table = tableHtml({
    title: 'Data sets',
    note: 'None of them is part of this repository, except those of our own.',
    head: ['set', 'for', 'what', 'source', 'licence', 'learned from by'],
    rows: sets.map((set) => [
      set.name,
      set.task,
      set.title,
      set.source,
      set.licence,
      set.learnedBy.join(', ') || '–',
    ]),
  });
  const list = notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('');
  return `<section id="data"><h2>Data</h2>${table}${list === '' ? '' : `<h3>Not measured</h3><ul>${list}</ul>`}</section>`;
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #d9dee5; --page: #fff; --band: #f5f7fa; --link: #0b62a8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e3e8ee; --soft: #9aa6b5; --line: #36404d; --page: #14191f; --band: #1b2129; --link: #6db3ee; } }
* { box-sizing: border-box; }
body { font: 15px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--page); max-width: 76rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.9rem; margin: 0 0 .3rem; } h2 { font-size: 1.35rem; margin: 2.8rem 0 .3rem; } h3 { font-size: 1.05rem; }
header p { margin: .2rem 0; color: var(--soft); } section > p { color: var(--soft); margin: .2rem 0 1rem; max-width: 50rem; }
nav { display: flex; flex-wrap: wrap; gap: .4rem 1.2rem; margin-top: 1rem; padding: .6rem 0; border-block: 1px solid var(--line); }
a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
.warning { color: #b3541e !important; font-weight: 600; }
figure { margin: 1.2rem 0; } figcaption { margin-bottom: .5rem; color: var(--soft); max-width: 60rem; } figcaption b { color: var(--ink); }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; }
th, td { padding: .28rem .75rem; text-align: right; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; background: var(--band); } th:first-child, td:first-child { text-align: left; }
#fairness td, #data td, #data th, td.words { text-align: left; } td.words { min-width: 22rem; } tbody tr:hover { background: var(--band); }
.plots { display: flex; flex-wrap: wrap; gap: 1rem 1.5rem; align-items: flex-start; } svg { max-width: 100%; height: auto; } svg text { fill: var(--ink); }
.grid { stroke: var(--line); stroke-width: 1; } .guide { stroke: var(--soft); stroke-width: 1.2; stroke-dasharray: 3 3; } .interval { stroke: var(--ink); stroke-width: 1.4; opacity: .65; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; margin: .2rem 0 .6rem; font-size: .88rem; } .key i { display: inline-block; width: .9em; height: .9em; border-radius: 2px; margin-right: .4em; vertical-align: -.08em; }
@media print { nav { display: none; } section { break-inside: avoid; } }
`;

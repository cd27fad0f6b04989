/** The report for people: one HTML file with everything in it, no script, no address. */
import { escapeHtml } from '../../src/wire/html.ts';
import { pageHtml, tableHtml } from './page.ts';
import { plotsOf } from './plots.ts';
import { preferred, type Results } from './results.ts';
import { decimal } from './table.ts';
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
  return pageHtml({
    title: 'tiergate: evaluation',
    heading: 'Evaluation',
    about: [
      results.encoders.map(({ name, kind }) => `<b>${escapeHtml(name)}</b> (${escapeHtml(kind)})`).join(', '),
    ],
    ...(results.isQuick
      ? { warning: 'A quick run, on a part of the data. Its figures are for a look, not for telling.' }
      : {}),
    links,
    body: `${sections.join('\n')}\n${sources(results)}`,
  });
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

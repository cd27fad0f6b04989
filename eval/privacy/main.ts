/**
 * `npm run bench:privacy`: what of personal data is hidden, what else is touched, and how long it takes; on sets that no
 * detector was tuned on, beside three JavaScript libraries. docs/evaluation.md explains the figures.
 *
 *   npm run bench:privacy -- [--data FOLDER] [--set NAME ...] [--show SET] [--misses SET] [--model PACK]
 *                            [--threads N] [--alone] [--rows N] [--out FOLDER]
 *
 *   --data    a folder with emerging.dev.conll and lifebench.jsonl; without it, our own sets alone
 *   --set     only these sets
 *   --draw    another draw of our own sets: other values, other frames; 1
 *   --show    prints a set as JSON Lines, and measures nothing
 *   --misses  prints what of a set is missed or wrongly touched, as JSON Lines
 *   --model   the model pack that finds names; by default the shipped one, and without names where it has no such model
 *   --threads how many the model has; 1, as the libraries have
 *   --alone   without the libraries; without it, npm installs them into the cache
 *   --rows    how many rows of a set the libraries are asked about; 300
 *   --out     where report.md, report.html and report.json go
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createDetect } from '../../src/detect/detect.ts';
import { findStructured } from '../../src/detect/structured.ts';
import { atMost } from '../reading/draws.ts';
import { reportHtml, reportMarkdown } from './report.ts';
import type { ScoredSet } from './results.ts';
import type { SetOfRows } from './row.ts';
import { score } from './score.ts';
import { nameSets, structuredSets } from './sets/sets.ts';
import { measureSpeed, type Speed, type Timed } from './speed.ts';
import { openLibraries } from './tools/libraries.ts';
import { type NamesModel, openNames } from './tools/names-model.ts';
import { tiergate } from './tools/tiergate.ts';
import type { Tool } from './tools/tool.ts';

const CACHE = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url));
const TIMED_TEXTS = 400;

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    set: { type: 'string', multiple: true },
    show: { type: 'string' },
    draw: { type: 'string', default: '1' },
    misses: { type: 'string' },
    model: { type: 'string' },
    threads: { type: 'string', default: '1' },
    alone: { type: 'boolean', default: false },
    rows: { type: 'string', default: '300' },
    out: { type: 'string', default: join(CACHE, 'privacy', 'report') },
  },
});

const tell = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
const print = (text: string): void => void process.stdout.write(text);

async function run(): Promise<void> {
  const chosen = [values.show, values.misses, ...(values.set ?? [])].filter((name) => name !== undefined);
  const ofValues = structuredSets(Number(values.draw));
  const all = [...ofValues, ...nameSets(values.data, Number(values.draw))];
  const unknown = chosen.find((name) => !all.some((set) => set.name === name));
  if (unknown !== undefined)
    throw new Error(`There is no set “${unknown}”. There are: ${all.map(({ name }) => name).join(', ')}.`);
  const sets = chosen.length === 0 ? all : all.filter(({ name }) => chosen.includes(name));
  if (values.show !== undefined) return print(jsonLines(sets.flatMap(({ rows }) => rows)));

  const model = await openNames({ pack: values.model, threads: values.threads });
  try {
    const own = tiergate('tiergate', model?.detectors);
    // A company's name in a line of numbers is found by the model with good reason: told apart.
    const ofShapes = model === null ? [own] : [own, tiergate('structured kinds alone')];
    if (values.misses !== undefined) return await printMisses(own, sets);
    const libraries = values.alone ? [] : await openLibraries(join(CACHE, 'privacy', 'libraries'));
    const scored: ScoredSet[] = [];
    for (const set of sets) {
      const isNames = !ofValues.includes(set);
      scored.push(await scoredSet(set, isNames ? [own] : ofShapes, libraries, isNames));
    }
    tell('Measuring speed.');
    const results = { model: model?.name ?? null, sets: scored, speeds: await speeds(model, own, libraries) };
    mkdirSync(values.out, { recursive: true });
    writeFileSync(join(values.out, 'report.md'), reportMarkdown(results));
    writeFileSync(join(values.out, 'report.html'), reportHtml(results));
    writeFileSync(join(values.out, 'report.json'), `${JSON.stringify(results, mapsAsObjects, 2)}\n`);
    print(reportMarkdown(results));
    tell(`Written to ${values.out}: report.md, report.html, report.json.`);
  } finally {
    await model?.close();
  }
}

async function scoredSet(
  set: SetOfRows,
  own: readonly Tool[],
  libraries: readonly Tool[],
  isNames: boolean,
): Promise<ScoredSet> {
  const sample = { ...set, rows: atMost(set.rows, Number(values.rows), `libraries ${set.name}`) };
  const scores = [];
  for (const tool of own) scores.push(await score(tool, set));
  for (const library of libraries) {
    tell(`${set.name}: ${library.name}, ${sample.rows.length} rows`);
    scores.push(await score(library, sample));
  }
  const { name, about, aim } = set;
  return { name, about, aim, isNames, rows: set.rows.length, scores };
}

function speeds(model: NamesModel | null, own: Tool, libraries: readonly Tool[]): Promise<Speed[]> {
  const structured = createDetect();
  const bodyOf = (text: string) => ({ messages: [{ role: 'user', content: text }] });
  const timed: Timed[] = [
    { name: 'structured kinds alone', run: (text) => findStructured(text) },
    { name: 'detect, structured kinds', run: (text) => structured(bodyOf(text)) },
    ...(model === null ? [] : [{ name: 'detect, with names', run: (text: string) => own.spansOf(text) }]),
    ...libraries.map(({ name, spansOf }) => ({ name, run: spansOf })),
  ];
  return measureSpeed(timed, TIMED_TEXTS);
}

async function printMisses(own: Tool, sets: readonly SetOfRows[]): Promise<void> {
  for (const set of sets) {
    const { misses } = await score(own, set);
    print(jsonLines(misses.map(({ row, found }) => ({ ...row, found }))));
    tell(`${set.name}: ${misses.length} of ${set.rows.length} rows.`);
  }
}

const jsonLines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const mapsAsObjects = (_key: string, value: unknown): unknown =>
  value instanceof Map ? Object.fromEntries(value as Map<string, unknown>) : value;

await run().catch((error: unknown) => {
  tell(`bench:privacy: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});

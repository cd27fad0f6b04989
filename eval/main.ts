/**
 * `npm run eval`: how good the shipped judgement is, measured by exactly the code that serves. Figures as JSON and as one
 * HTML file; docs/evaluation.md explains them, and how to add a data set.
 *
 *   npm run eval -- --data FOLDER [--model PACK ...] [--fp32 MODEL ...] [--int8 MODEL ...] [--only TASK ...] [--quick]
 *                   [--out FOLDER] [--write-card FILE]
 *
 *   --data        a folder with intents/, injection/, routing/ (docs/evaluation.md)
 *   --model       a model pack to measure; by default the shipped one
 *   --fp32        a model in float32 to compare with: a folder or weights file as `tiergate model quantize` takes it
 *   --int8        such a model, to compare with what it is in int8
 *   --only        intents, slices, adapters, injection, difficulty or fairness; by default all
 *   --set         only data sets whose name begins so
 *   --quick       minutes instead of hours: a part of the data, one draw of the examples
 *   --out         where report.json and report.html go
 *   --write-card  puts the figures into the marked sections of a model card
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readSettings } from '../src/settings.ts';
import { openContestants } from './encoders/contestants.ts';
import { measure } from './measure.ts';
import { checkCard, writeCard } from './report/card.ts';
import { reportHtml } from './report/html.ts';
import { TASKS, type Task } from './report/results.ts';
import { markdown } from './report/table.ts';
import { tablesOf } from './report/tables.ts';
import { FULL, QUICK, shownProgress } from './tasks/run.ts';
import { readCounterfactuals } from './texts/counterfactuals.ts';

const CACHE = fileURLToPath(new URL('../node_modules/.cache/eval', import.meta.url));

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    model: { type: 'string', multiple: true, default: [] },
    fp32: { type: 'string', multiple: true, default: [] },
    int8: { type: 'string', multiple: true, default: [] },
    only: { type: 'string', multiple: true, default: [...TASKS] },
    set: { type: 'string', multiple: true, default: [''] },
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: join(CACHE, 'report') },
    'write-card': { type: 'string' },
  },
});

function isTask(word: string): word is Task {
  return (TASKS as readonly string[]).includes(word);
}

async function run(): Promise<void> {
  const { data, out, quick } = values;
  if (data === undefined) throw new Error('Say where the data is: --data FOLDER (docs/evaluation.md).');
  const unknown = values.only.find((word) => !isTask(word));
  if (unknown !== undefined) throw new Error(`--only must be one of ${TASKS.join(', ')}; not ${unknown}.`);
  const card = values['write-card'];
  if (card !== undefined) checkCard(card, quick);
  const contestants = await openContestants(
    {
      packs: values.model.length > 0 ? values.model : [readSettings({}).TIERGATE_MODEL],
      floats: values.fp32,
      int8s: values.int8,
    },
    {
      threads: availableParallelism(),
      cache: CACHE,
      tell: (sentence) => process.stderr.write(`${sentence}\n`),
    },
  );
  try {
    const results = await measure(contestants, {
      data,
      tasks: TASKS.filter((task) => values.only.includes(task)),
      isWanted: (set) => values.set.some((beginning) => set.startsWith(beginning)),
      sizes: quick ? QUICK : FULL,
      isQuick: quick,
      counterfactuals: readCounterfactuals(),
      progressOf: shownProgress,
    });
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, 'report.json'), `${JSON.stringify(results, null, 2)}\n`);
    writeFileSync(join(out, 'report.html'), reportHtml(results));
    process.stdout.write(`${Object.values(tablesOf(results)).flat().map(markdown).join('\n\n')}\n`);
    for (const note of results.notes) process.stderr.write(`${note}\n`);
    process.stderr.write(`Written to ${out}: report.html, report.json.\n`);
    if (card !== undefined) writeCard(card, results);
  } finally {
    for (const { encoder } of contestants) await encoder.close();
  }
}

await run().catch((error: unknown) => {
  process.stderr.write(`eval: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

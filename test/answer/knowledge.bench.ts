/**
 * Prints the tables of docs/knowledge.md: accuracy, reliability and what each bar lets through, for the shipped model and
 * the sample knowledge base. More files of messages that nothing here answers can be named: JSON Lines with `text`.
 *
 *   node test/answer/knowledge.bench.ts [FILE …]
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createKnowledge } from '../../src/answer/knowledge.ts';
import { createNativeEncoder } from '../../src/engine/native/native-encoder.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const encoder = await createNativeEncoder({
  modelFolder: path('../../models/tiergate-small-int4'),
  queueMax: 1,
  threads: 1,
});
const started = performance.now();
const knowledge = await createKnowledge({ encoder, folder: path('../../policies/knowledge') });
print(`${knowledge.size} articles, ready in ${Math.round(performance.now() - started)} ms`);

async function ask(file: string) {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const rows = lines.map((line) => JSON.parse(line) as { text: string; article?: string | null });
  const embeddings = await encoder.embedAll(rows.map(({ text }) => text));
  return rows.map(({ article }, at) => {
    const matches = knowledge.find(embeddings[at]!.vector, 3);
    const found = matches.map((match) => match.article.id);
    return {
      article: article ?? null,
      found,
      score: matches[0]!.score,
      right: article === found[0],
      vector: embeddings[at]!.vector,
    };
  });
}

const asked = await ask(path('fixtures/questions.jsonl'));
type Rows = typeof asked;
const share = (rows: Rows, holds: (row: Rows[number]) => boolean): string =>
  (rows.filter(holds).length / rows.length).toFixed(3);
const answerable = asked.filter(({ article }) => article !== null);
const unanswerable = asked.filter(({ article }) => article === null);
print(`right first ${share(answerable, ({ right }) => right)} of ${answerable.length}`);
print(`right among three ${share(answerable, ({ article, found }) => found.includes(article ?? ''))}`);

print('\nscore from | messages | mean score | right');
for (let bin = 0; bin < 5; bin += 1) {
  const rows = asked.filter(({ score }) => Math.min(4, Math.floor(score * 5)) === bin);
  const mean = rows.reduce((sum, { score }) => sum + score, 0) / rows.length;
  print(`${bin / 5} | ${rows.length} | ${mean.toFixed(2)} | ${share(rows, ({ right }) => right)}`);
}

const others = await Promise.all(
  process.argv.slice(2).map(async (file) => ({ name: basename(file), rows: await ask(file) })),
);
print(
  `\nbar | answerable answered | right of all answered | unanswerable answered of ${unanswerable.length}`,
);
for (const bar of [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]) {
  const over = (row: Rows[number]): boolean => row.score >= bar;
  const given = asked.filter(over);
  const more = others.map(({ name, rows }) => ` | ${name} ${share(rows, over)}`).join('');
  const falsely = unanswerable.filter(over).length;
  print(`${bar} | ${share(answerable, over)} | ${share(given, ({ right }) => right)} | ${falsely}${more}`);
}

const from = performance.now();
for (const { vector } of asked) knowledge.find(vector, 4);
print(`\nfind: ${((1000 * (performance.now() - from)) / asked.length).toFixed(0)} µs`);
await encoder.close();

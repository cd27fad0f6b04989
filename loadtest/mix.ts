/**
 * Mixes a file of requests from public data sets: `node loadtest/mix.ts DATA_FOLDER OUT.jsonl [COUNT]`.
 * DATA_FOLDER has intents/bitext/dev.jsonl, intents/clinc150/{val,oos_val}.jsonl, intents/hwu64/valid.jsonl,
 * pii/lifebench.jsonl (JSON Lines with a `text`). The same folder and count always give the same file.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Which file, how many parts of the mix, and what it stands for. */
const SOURCES = [
  ['intents/bitext/dev.jsonl', 6, 'support'],
  ['intents/clinc150/val.jsonl', 2, 'other intents'],
  ['intents/clinc150/oos_val.jsonl', 2, 'out of scope'],
  ['intents/hwu64/valid.jsonl', 1, 'other intents'],
  ['pii/lifebench.jsonl', 1, 'personal data'],
] as const;

const [folder, out, count = '360'] = process.argv.slice(2);
if (folder === undefined || out === undefined) {
  console.error('usage: node loadtest/mix.ts DATA_FOLDER OUT.jsonl [COUNT]');
  process.exit(2);
}
const parts = SOURCES.reduce((sum, [, weight]) => sum + weight, 0);
const lines = SOURCES.flatMap(([file, weight, about]) => {
  const rows = readFileSync(join(folder, file), 'utf8').trim().split('\n');
  const wanted = Math.round((Number(count) * weight) / parts);
  // Evenly spread over the file, so that no one intent fills the mix.
  return Array.from({ length: wanted }, (_, i) => {
    const row = JSON.parse(rows[Math.floor((i * rows.length) / wanted)] ?? '{}') as { text: string };
    return { key: (i + 0.5) / wanted, line: JSON.stringify({ text: row.text, about }) };
  });
});
lines.sort((a, b) => a.key - b.key);
writeFileSync(out, `${lines.map(({ line }) => line).join('\n')}\n`);
console.log(`${lines.length} requests in ${out}`);

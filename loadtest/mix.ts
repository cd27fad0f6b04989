/**
 * Mixes a file of requests from public data sets: `node loadtest/mix.ts DATA_FOLDER OUT.jsonl [COUNT]`.
 * DATA_FOLDER has intents/bitext/dev.jsonl, intents/clinc150/{val,oos_val}.jsonl, intents/hwu64/valid.jsonl,
 * intents/dstc11_insurance.jsonl, pii/lifebench.jsonl (JSON Lines with a `text`). The same folder and count always give the same file.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ANY = /(?:)/;
/** Such messages have an address or a number in them. */
const CONTACT_DATA = /@|\d{7}|\d{3}[- ]\d{3}/;

/** Which file, how many parts of the mix, what it stands for, and which of its rows are meant. */
const SOURCES = [
  ['intents/bitext/dev.jsonl', 6, 'support', ANY],
  ['intents/clinc150/val.jsonl', 2, 'other intents', ANY],
  ['intents/clinc150/oos_val.jsonl', 2, 'out of scope', ANY],
  ['intents/hwu64/valid.jsonl', 1, 'other intents', ANY],
  ['intents/dstc11_insurance.jsonl', 0.5, 'personal data', CONTACT_DATA],
  ['pii/lifebench.jsonl', 0.5, 'personal data', CONTACT_DATA],
] as const;

const [folder, out, count = '360'] = process.argv.slice(2);
if (folder === undefined || out === undefined) {
  console.error('usage: node loadtest/mix.ts DATA_FOLDER OUT.jsonl [COUNT]');
  process.exit(2);
}
const parts = SOURCES.reduce((sum, [, weight]) => sum + weight, 0);
const lines = SOURCES.flatMap(([file, weight, about, meant]) => {
  const all = readFileSync(join(folder, file), 'utf8').trim().split('\n');
  const rows = all.filter((row) => meant.test((JSON.parse(row) as { text: string }).text));
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

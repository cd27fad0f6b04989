/**
 * How long one text takes, from the call to its vector, on the shipped model pack: `npm run bench:engine`.
 * Prints a table of milliseconds on stdout, progress on stderr.
 *
 *   npm run bench:engine [-- --model FOLDER] [--rounds N] [--threads N]
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createOnnxEncoder } from '../../src/engine/onnx-encoder.ts';

const TOKENS = [16, 64, 128, 256, 512];
const SPECIAL_TOKENS = 2;
const WARM_UP_ROUNDS = 5;
const MB = 1_000_000;

const { values: options } = parseArgs({
  options: {
    model: {
      type: 'string',
      default: fileURLToPath(new URL('../../models/gte-small-int4', import.meta.url)),
    },
    rounds: { type: 'string', default: '60' },
    threads: { type: 'string', default: '1' },
  },
});
const rounds = Number(options.rounds);

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

const rssBefore = process.memoryUsage.rss();
const startedAt = performance.now();
const encoder = await createOnnxEncoder({
  modelFolder: options.model,
  queueMax: 64,
  threads: Number(options.threads),
});
const startMs = performance.now() - startedAt;
const rssStarted = process.memoryUsage.rss();

const rows: string[] = [];
for (const tokens of TOKENS) {
  // Words that are one token each, and differ from round to round.
  const words = ['parcel', 'order', 'return', 'late', 'money', 'card', 'blue', 'shop'];
  const text = (round: number): string =>
    Array.from({ length: tokens - SPECIAL_TOKENS }, (_, at) => words[(at * 5 + round) % words.length]).join(
      ' ',
    );
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) await encoder.embed(text(round));
  const durationsMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const at = performance.now();
    await encoder.embed(text(round));
    durationsMs.push(performance.now() - at);
    process.stderr.write(`\r${tokens} tokens: ${round + 1}/${rounds} `);
  }
  durationsMs.sort((a, b) => a - b);
  rows.push([tokens, ...[0, 0.5, 0.99].map((share) => quantile(durationsMs, share).toFixed(2))].join('\t'));
}
process.stderr.write('\n');
const rssEnd = process.memoryUsage.rss();
await encoder.close();
process.stdout.write(
  [
    `${options.model} ${encoder.revision}, ${options.threads} thread(s), ${rounds} rounds, Node ${process.version}`,
    `start ${startMs.toFixed(0)} ms; RSS ${[rssBefore, rssStarted, rssEnd].map((bytes) => Math.round(bytes / MB)).join(' → ')} MB (process, engine started, end)`,
    'tokens\tmin ms\tmedian ms\tp99 ms',
    ...rows,
    '',
  ].join('\n'),
);

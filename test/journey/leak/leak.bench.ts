/**
 * `npm run bench:leak`: a million conversations, by chance, through whole gateways to providers that keep every byte. No
 * planted value may be in them, in any encoding, and every answer must come back as it was written. In some, a detector
 * or the provider fails; then nothing may leave, or nothing planted.
 *
 *   npm run bench:leak -- [--conversations 1000000] [--from 1] [--workers CORES] [--log FILE]
 *
 *   --conversations  how many
 *   --from           the seed of the first: to go on, or to repeat one, as a complaint names its seed
 *   --workers        processes, each with a gateway of its own
 *   --log            a file to which the summary is appended, as a line of JSON
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { added, NONE, summaryOf, type Tally } from './tally.ts';
import type { Report } from './worker.ts';

const COMPLAINTS_SHOWN_MAX = 50;
/** Conversations that a worker is given at a time. */
const BLOCK = 100;
const TOLD_EVERY_MS = 10_000;
const BAR_CHARS = 30;

const { values } = parseArgs({
  options: {
    conversations: { type: 'string', default: '1000000' },
    from: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(availableParallelism()) },
    log: { type: 'string' },
  },
});

function numberOf(name: 'conversations' | 'from' | 'workers'): number {
  const number = Number(values[name]);
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`--${name} is no number from 1 on.`);
  return number;
}

const count = numberOf('conversations');
const from = numberOf('from');
const isScreen = process.stderr.isTTY === true;
const tell = (line: string): void => void process.stderr.write(isScreen ? `\r\x1b[K${line}\n` : `${line}\n`);

let tally: Tally = NONE;
let next = from;
let shown = 0;
let toldMs = 0;
let startMs = 0;
let isStopped = false;

function take({ tally: more, complaints }: Report): void {
  tally = added(tally, more);
  for (const complaint of complaints) if (shown++ < COMPLAINTS_SHOWN_MAX) tell(complaint);
  const now = performance.now();
  if (!isScreen && now - toldMs < TOLD_EVERY_MS) return;
  toldMs = now;
  const done = tally.conversations;
  const perSecond = (1_000 * done) / (now - startMs);
  const full = Math.floor((BAR_CHARS * done) / count);
  const minutesLeft = Math.ceil((count - done) / perSecond / 60);
  const bar = `${'█'.repeat(full)}${'░'.repeat(BAR_CHARS - full)}`;
  const line = `${bar} ${done} of ${count}, ${perSecond.toFixed(0)}/s, ${minutesLeft} min left, ${tally.wrong} wrong`;
  process.stderr.write(isScreen ? `\r\x1b[K${line}` : `${line}\n`);
}

/** The next message; rejects when the worker ends instead. */
async function heard(worker: ChildProcess): Promise<unknown> {
  const done = new AbortController();
  const ended = once(worker, 'exit', { signal: done.signal }).then(([code]) => {
    throw new Error(`A worker ended with ${code}; its conversations are not counted.`);
  });
  ended.catch(() => undefined);
  try {
    const [message] = await Promise.race([once(worker, 'message', { signal: done.signal }), ended]);
    return message;
  } finally {
    done.abort();
  }
}

/** Gives a worker blocks until there are none left. */
async function lead(worker: ChildProcess): Promise<void> {
  while (next < from + count && !isStopped) {
    const block = { from: next, count: Math.min(BLOCK, from + count - next) };
    next += block.count;
    worker.send(block);
    take((await heard(worker)) as Report);
  }
  worker.disconnect();
}

async function run(): Promise<void> {
  const started = Array.from({ length: Math.min(numberOf('workers'), Math.ceil(count / BLOCK)) }, () =>
    fork(fileURLToPath(new URL('worker.ts', import.meta.url))),
  );
  await Promise.all(started.map(heard));
  process.once('SIGINT', () => {
    isStopped = true;
  });
  startMs = performance.now();
  const ends = await Promise.allSettled(started.map(lead));
  const seconds = (performance.now() - startMs) / 1_000;
  if (isScreen) process.stderr.write('\r\x1b[K');
  const errors = ends.flatMap((end) => (end.status === 'rejected' ? [String(end.reason)] : []));
  for (const error of errors) tell(error);
  process.stdout.write(`${summaryOf(tally, seconds)}\n`);
  if (next < from + count) process.stdout.write(`Stopped; go on with --from ${next}.\n`);
  if (values.log !== undefined) {
    const line = { from, to: next - 1, workers: started.length, seconds: Math.round(seconds), ...tally };
    appendFileSync(values.log, `${JSON.stringify({ ...line, errors: errors.length })}\n`);
  }
  if (tally.wrong > 0 || errors.length > 0) process.exitCode = 1;
}

await run();

/**
 * One start of the encoder as the server starts it, in a process of its own: how long until its first answer, how much
 * memory it takes, how long a text takes from the call to its vector, tokenizer included. Prints one line of JSON.
 * Arguments: the model pack, the kernel ('' for the fastest), the file in which trials of kernels are remembered.
 */
import { createEncoder } from '../../../src/engine/create-encoder.ts';
import { median, quantile } from './quantile.ts';

/** Special tokens counted. */
const TOKENS = 64;
const SPECIAL_TOKENS = 2;
const TEXTS = 200;
/** One token each. */
const WORDS = ['parcel', 'order', 'return', 'late', 'money', 'card', 'blue', 'shop'];
const MB = 1_000_000;

export interface WholeWay {
  /** What runs: a kernel, or onnxruntime. */
  readonly engine: string;
  /** From the call that opens the model pack. */
  readonly firstAnswerMs: number;
  /** From the start of Node itself. */
  readonly processMs: number;
  /** Resident memory that the encoder added. */
  readonly memoryMb: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const textAt = (round: number): string =>
  Array.from({ length: TOKENS - SPECIAL_TOKENS }, (_, at) => WORDS[(at * 5 + round) % WORDS.length]).join(
    ' ',
  );
const residentMb = (): number => {
  globalThis.gc?.();
  return process.memoryUsage.rss() / MB;
};

const [modelFolder = '', kernel = '', trialsFile = ''] = process.argv.slice(2);
const before = residentMb();
const began = performance.now();
const encoder = await createEncoder({
  modelFolder,
  kernel,
  trialsFile,
  queueMax: 64,
  threads: 1,
  warn: (sentence) => process.stderr.write(`${sentence}\n`),
});
await encoder.embed(textAt(0));
const firstAnswerMs = performance.now() - began;
const processMs = performance.now();
const timesMs: number[] = [];
for (let round = 1; round <= TEXTS; round += 1) {
  const at = performance.now();
  await encoder.embed(textAt(round));
  timesMs.push(performance.now() - at);
}
const measured: WholeWay = {
  engine: encoder.engine,
  firstAnswerMs,
  processMs,
  memoryMb: residentMb() - before,
  p50Ms: median(timesMs),
  p99Ms: quantile(timesMs, 0.99),
};
await encoder.close();
process.stdout.write(`${JSON.stringify(measured)}\n`);

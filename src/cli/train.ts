/** `tiergate train`: learns intents from a file of examples, and reports how good they are. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ONNXRUNTIME } from '../engine/onnx/onnx-encoder.ts';
import { trialsFileOf } from '../engine/server-engine.ts';
import { progressBar } from '../quantize/progress.ts';
import { readSettings, type Settings } from '../settings.ts';
import { type AdapterSourceOptions, NoAdapter } from '../train/adapter/adapter-source.ts';
import { adapterSentence } from '../train/adapter/trial.ts';
import { OUTSIDE_ADVISED, type TrainReport } from '../train/report-shape.ts';
import { type Training, train } from '../train/train.ts';
import { openEncoder } from './open-encoder.ts';

export const usage =
  'EXAMPLES.csv|jsonl|yaml --out FOLDER [--out-of-scope FILE] [--model FOLDER] [--quote] [--adapter]';
export const about =
  'learns intents from examples (columns `text` and `intent`), and reports how good they are';

const STEPS = {
  embed: 'Reading the examples',
  learn: 'Learning and checking',
  adapt: 'Learning adapters',
  compare: 'Comparing',
} as const;
const WARNINGS_SHOWN = 10;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      'out-of-scope': { type: 'string' },
      model: { type: 'string' },
      quote: { type: 'boolean', default: false },
      adapter: { type: 'boolean', default: false },
    },
  });
  const [examples, ...more] = positionals;
  const { out } = values;
  if (examples === undefined || out === undefined || more.length > 0)
    throw new Error(`It is: train ${usage}`);
  const settings = readSettings(process.env);
  const began = performance.now();
  const bars: Partial<Record<keyof typeof STEPS, (done: number) => void>> = {};
  const training = await train({
    examples,
    outOfScope: values['out-of-scope'],
    out,
    isQuoting: values.quote,
    adapter: values.adapter ? adapterOptions(settings, values.model) : undefined,
    openEncoder: () => openEncoder(settings, values.model),
    onStep: (step, done, total) => {
      bars[step] ??= progressBar(STEPS[step], total);
      bars[step]?.(done);
    },
  });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stderr.write(warningsOf(training));
  process.stdout.write(`${summary(training.report)}\nTook ${seconds} s. ${nextSteps(out)}`);
  return 0;
}

function adapterOptions(settings: Settings, modelFolder = settings.TIERGATE_MODEL): AdapterSourceOptions {
  const kernel = settings.TIERGATE_KERNEL;
  if (kernel === ONNXRUNTIME)
    throw new NoAdapter('An adapter needs the native engine; TIERGATE_KERNEL is onnxruntime.');
  return {
    modelFolder,
    native: { kernel, trialsFile: trialsFileOf(settings) },
    threads: settings.TIERGATE_ENGINE_THREADS || availableParallelism(),
  };
}

function warningsOf({ warnings }: Training): string {
  const more = warnings.length - WARNINGS_SHOWN;
  const lines = warnings.slice(0, WARNINGS_SHOWN);
  if (more > 0) lines.push(`… and ${more} more like these.`);
  return lines.map((line) => `${line}\n`).join('');
}

function nextSteps(out: string): string {
  return `Look at ${join(out, 'report.html')} first; then try:
  echo '{"text":"…"}' | npm run -s tiergate -- classify --labels ${out} --format human
`;
}

/** What is shown at the end. */
export function summary(report: TrainReport): string {
  const { examples, intentCount, outOfScope, accuracy, answerable, strangers, calibrationError } = report;
  const at = answerable.find(({ error }) => error === 0.05);
  const found = strangers.far ?? strangers.near;
  const look = [
    [report.conflicts.count, 'pairs of nearly the same message under two intents'],
    [report.misfits.count, 'messages that look as if they belong to another intent'],
    [report.nearDuplicates.count, 'pairs of nearly the same message under one intent'],
    [report.repeats.count, 'messages that stand there twice'],
  ] as const;
  return [
    `${examples} examples of ${intentCount} intents, and ${outOfScope} messages that are out of scope.`,
    `Right intent for ${percent(accuracy.value)} of unseen messages (${percent(accuracy.low)} to ${percent(accuracy.high)}); confidence is off by ${percent(calibrationError)} on average.`,
    ...(report.adapter === null ? [] : [adapterSentence(report.adapter)]),
    ...(found === null
      ? []
      : [`Tells ${percent(found.found)} of strange messages, letting 95 % of the known ones through.`]),
    at === undefined || at.confidence === null
      ? 'With these examples, no confidence keeps wrong answers below 5 %.'
      : `With up to 5 % wrong, ${percent(at.coverage)} of the traffic can be answered: from a confidence of ${at.confidence.toFixed(2)} on.`,
    ...look.filter(([count]) => count > 0).map(([count, what]) => `To look at: ${count} ${what}.`),
    ...report.addNext
      .slice(0, 3)
      .map(({ intent, add }) => `To add next: about ${add} examples of ${intent}.`),
    ...(outOfScope < OUTSIDE_ADVISED ? ['To add next: some dozens of messages that are out of scope.'] : []),
  ].join('\n');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

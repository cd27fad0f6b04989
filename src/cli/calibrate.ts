/** `tiergate calibrate`: finds from which confidence the policy's promises (`max_error`) can be kept, and which cannot. */
import { createReadStream } from 'node:fs';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Classify } from '../classify/classify.ts';
import type { Detect } from '../detect/detect.ts';
import {
  type Calibrated,
  calibrate,
  type Judged,
  type Promised,
  toCalibration,
} from '../guarantee/calibrate.ts';
import { calibrationFolder, writeCalibration } from '../guarantee/calibration.ts';
import { feedbackFile, openFeedbackStore } from '../guarantee/feedback-store.ts';
import { type LabelledRow, readLabelledRows } from '../guarantee/labelled-rows.ts';
import { reportHtml, reportJson, reportText } from '../guarantee/report.ts';
import { compilePolicy } from '../policy/compile.ts';
import { parsePercent } from '../policy/guarantees.ts';
import { EVERYTHING } from '../policy/personal-rules.ts';
import type { Policy } from '../policy/policy.ts';
import { readSettings, type Settings } from '../settings.ts';
import type { Classification, Facts, Unclassified } from '../shapes.ts';
import { estimateTokens } from '../wire/tokens.ts';
import { openClassify } from './open-classify.ts';
import { openDetect } from './open-detect.ts';

export const usage =
  '[--labelled FILE.jsonl] [--policy FILE] [--max-error 1% ...] [--confidence 95%] [--since TIME] [--labels FOLDER] [--model FOLDER] [--out FOLDER] [--format human|json] [--seed N]';
export const about =
  'finds the confidence from which the policy’s max_error is kept, from labelled requests or recorded feedback';

/** 0: every promise can be kept. 2: some cannot. (1: the tool itself failed; a rejection.) */
export type CalibrateExit = 0 | 2;

/** Messages that are classified at once. */
const BATCH_ROWS_MAX = 256;

export async function run(args: readonly string[]): Promise<CalibrateExit> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      labelled: { type: 'string' },
      policy: { type: 'string' },
      'max-error': { type: 'string', multiple: true, default: [] },
      confidence: { type: 'string', default: '95%' },
      since: { type: 'string' },
      labels: { type: 'string' },
      model: { type: 'string' },
      out: { type: 'string' },
      format: { type: 'string', default: 'human' },
      seed: { type: 'string', default: '1' },
    },
  });
  const { format, labelled } = values;
  if (format !== 'human' && format !== 'json')
    throw new Error(`--format must be human or json; not ${format}.`);
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new Error('--seed must be a whole number.');
  const settings = readSettings(process.env);
  const doubt = readDoubt(values.confidence);
  const policy = await readPolicy(values.policy ?? settings.TIERGATE_POLICY);
  const promised = promisedBy(values['max-error'], policy);
  const since = readTime(values.since);
  // What is wrong with a file shows before the model is loaded.
  const rows = labelled === undefined ? null : await readLabelledRows(open(labelled), labelled);
  if (rows === null) await checkRecorded(settings);
  const understanding = await openClassify(settings, values);
  let calibrated: Calibrated;
  try {
    const { revision } = understanding.classify;
    const judged =
      rows === null
        ? await recorded(settings, revision, since)
        : await judgeAsServed(rows, understanding.classify, settings, policy);
    const options = {
      promised,
      policy,
      doubt,
      labelsRevision: revision,
      madeAt: new Date().toISOString(),
      seed,
    };
    calibrated = calibrate(judged, options);
  } finally {
    await understanding.close();
  }
  const folder = values.out ?? calibrationFolder(settings);
  await writeCalibration(folder, toCalibration(calibrated));
  await writeFile(join(folder, 'report.json'), reportJson(calibrated));
  await writeFile(join(folder, 'report.html'), reportHtml(calibrated));
  process.stdout.write(format === 'json' ? reportJson(calibrated) : reportText(calibrated));
  process.stderr.write(
    `Written to ${folder}; report.html there shows more. A running server takes it over by itself.\n`,
  );
  return calibrated.guarantees.every(({ threshold }) => threshold !== null) ? 0 : 2;
}

const open = (file: string): AsyncIterable<Uint8Array> =>
  file === '-' ? process.stdin : createReadStream(file);

/** `95%` leaves a doubt of 0.05. */
function readDoubt(text: string): number {
  const confidence = parsePercent(text);
  if (confidence === null || confidence < 0.5 || confidence >= 1) {
    throw new Error('--confidence must be from 50% up to, but not, 100%, such as 95%.');
  }
  // What is left of a percentage is one, too, and not 0.050000000000000044.
  return Number((1 - confidence).toFixed(6));
}

function readTime(text: string | undefined): number {
  const time = text === undefined ? 0 : Date.parse(text);
  if (Number.isNaN(time))
    throw new Error('--since must be a time such as 2026-01-31 or 2026-01-31T12:00:00Z.');
  return time;
}

/** Names that the policy uses are not checked here: `policy check` does that. */
async function readPolicy(file: string): Promise<Policy> {
  return compilePolicy(await readFile(file, 'utf8'), file, {});
}

/** What the policy promises, or what is asked for instead. @throws Error where that is nothing */
export function promisedBy(asked: readonly string[], policy: Policy): readonly Promised[] {
  const promised = asked.map((text) => {
    const errorMax = parsePercent(text);
    if (errorMax === null || errorMax <= 0 || errorMax > 0.5) {
      throw new Error('--max-error must be a percentage above 0% and up to 50%, such as 1%.');
    }
    return { rule: null, scope: null, errorMax };
  });
  if (promised.length > 0) return promised;
  if (policy.guarantees.length > 0) return policy.guarantees;
  throw new Error(
    'No rule of the policy has `max_error` under its `when`, so there is nothing to calibrate. `--max-error 1%` asks for any rule.',
  );
}

async function checkRecorded(settings: Settings): Promise<void> {
  await access(feedbackFile(settings)).catch(() => {
    throw new Error(
      `Nothing is recorded in ${settings.TIERGATE_DATA}. --labelled FILE.jsonl names requests of which it is known what they are about.`,
    );
  });
}

/** What the server remembers of requests that these labels judged. */
async function recorded(settings: Settings, revision: string, since: number): Promise<Judged[]> {
  const file = feedbackFile(settings);
  const onFailure = (thrown: unknown): never => {
    throw thrown;
  };
  const store = openFeedbackStore({ file, rowsMax: settings.TIERGATE_FEEDBACK_MAX, onFailure });
  try {
    const judged: Judged[] = [];
    for (const { facts, wrong, labelsRevision } of store.since(since)) {
      if (labelsRevision === revision) judged.push({ confidence: facts.labels.confidence, wrong, facts });
    }
    return judged;
  } finally {
    store.close();
  }
}

/** By what the server would find in each: a rule may ask for personal data. */
async function judgeAsServed(
  rows: readonly LabelledRow[],
  classify: Classify,
  settings: Settings,
  { personalRules }: Policy,
): Promise<Judged[]> {
  const { detect, close } = await openDetect(settings);
  try {
    return await judge(rows, classify, detect, showProgress, personalRules);
  } finally {
    await close();
  }
}

/** Classifies the rows that are messages. @throws Error naming intents that there are not */
export async function judge(
  rows: readonly LabelledRow[],
  { classifyAll, intents }: Pick<Classify, 'classifyAll' | 'intents'>,
  detect: Detect,
  onProgress: (done: number, total: number) => void = () => undefined,
  personalRules: Policy['personalRules'] = () => EVERYTHING,
): Promise<Judged[]> {
  const unknown = new Set(
    rows.flatMap((row) =>
      row.kind === 'text' && row.intent !== null && !intents.includes(row.intent) ? row.intent : [],
    ),
  );
  if (unknown.size > 0) {
    const named = [...unknown].slice(0, 10).join(', ');
    throw new Error(
      `The labels have no intent of ${unknown.size} that the rows name: ${named}. What is about none of the intents has the intent null.`,
    );
  }
  const judged: Judged[] = [];
  for (let at = 0; at < rows.length; at += BATCH_ROWS_MAX) {
    const batch = rows.slice(at, at + BATCH_ROWS_MAX);
    const labels = await labelsOf(batch, classifyAll);
    for (const row of batch) {
      if (row.kind === 'confidence') {
        judged.push({ confidence: row.confidence, wrong: row.wrong, facts: null });
        continue;
      }
      const said = labels.get(row);
      if (said?.status !== 'classified') continue;
      const tenant = row.tenant ?? '';
      const body = { messages: [{ role: 'user', content: row.text }] };
      const { kinds } = await detect(body, personalRules(tenant));
      const facts: Facts = {
        tenant,
        model: 'tiergate-auto',
        features: [],
        promptTokens: estimateTokens(row.text),
        personal: kinds,
        labels: said,
      };
      judged.push({ confidence: said.confidence, wrong: said.intent !== row.intent, facts });
    }
    onProgress(Math.min(rows.length, at + BATCH_ROWS_MAX), rows.length);
  }
  return judged;
}

/** Each tenant's messages, by its own intents. */
async function labelsOf(
  batch: readonly LabelledRow[],
  classifyAll: Classify['classifyAll'],
): Promise<ReadonlyMap<LabelledRow, Classification | Unclassified | undefined>> {
  const messages = batch.filter((row) => row.kind === 'text');
  const labels = new Map<LabelledRow, Classification | Unclassified | undefined>();
  for (const [tenant, rows] of Map.groupBy(messages, (row) => row.tenant)) {
    const texts = rows.map(({ text }) => text);
    const said = await classifyAll(texts, tenant ?? undefined);
    for (const [i, row] of rows.entries()) labels.set(row, said[i]);
  }
  return labels;
}

/** Drawn over itself, on a terminal only. */
function showProgress(done: number, total: number): void {
  if (process.stderr.isTTY)
    process.stderr.write(`\rclassifying ${done}/${total}${done === total ? '\n' : ''}`);
}

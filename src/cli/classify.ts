/** `tiergate classify`: labels for many messages, a line in and a line out. */
import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import type { Classify } from '../classify/classify.ts';
import { readSettings } from '../settings.ts';
import type { Classification, Json, JsonObject, Unclassified } from '../shapes.ts';
import { openClassify } from './open-classify.ts';
import { readerIsGone, send } from './standard-streams.ts';
import { type TextLine, textLines } from './text-lines.ts';

export const usage = '[--format json|human] [--labels FOLDER] [--model FOLDER]';
export const about = 'reads {"text": …} line by line from standard input and prints the labels of each';

/** 0: every line was answered. 3: some could not be read. (1: the tool itself failed; a rejection.) */
export type ClassifyExit = 0 | 3;

/** Lines, and characters of text, that go to the encoder at once. Two such batches are in memory. */
const BATCH_LINES_MAX = 256;
const BATCH_CHARS_MAX = 1_048_576;

const FORMATS = { json: toJson, human: toWords } as const;

export async function run(args: readonly string[]): Promise<ClassifyExit> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      format: { type: 'string', default: 'json' },
      labels: { type: 'string' },
      model: { type: 'string' },
    },
  });
  const { format } = values;
  if (format !== 'json' && format !== 'human')
    throw new Error(`--format must be json or human; not ${format}.`);
  const settings = readSettings(process.env);
  const { classify, warnings, close } = await openClassify(settings, values);
  for (const warning of warnings) process.stderr.write(`${warning}\n`);
  try {
    const gone = readerIsGone(process.stdout);
    const done = classifyLines(process.stdin, process.stdout, {
      classifyAll: classify.classifyAll,
      write: FORMATS[format],
      complain: (sentence) => void process.stderr.write(`${sentence}\n`),
    });
    return await Promise.race([done, gone]);
  } finally {
    await close();
  }
}

export interface ClassifyLines {
  readonly classifyAll: Classify['classifyAll'];
  /** How a row is written, without its line end. */
  readonly write: (row: JsonObject, text: string) => string;
  readonly complain: (sentence: string) => void;
}

/** Answers each line with a line, in order. Memory is bounded however long the input is. */
export async function classifyLines(
  from: AsyncIterable<Uint8Array>,
  to: Writable,
  options: ClassifyLines,
): Promise<ClassifyExit> {
  let exit: ClassifyExit = 0;
  // One batch is read, and goes to the encoder, while the one before is still there: it is never idle.
  let before: Promise<string> = Promise.resolve('');
  for await (const rows of batchesOf(from)) {
    for (const { line, problem } of rows) {
      if (problem === null) continue;
      options.complain(`line ${line}: ${problem}`);
      exit = 3;
    }
    const answers = answer(rows, options);
    // Its failure is met where it is waited for.
    answers.catch(() => undefined);
    await send(to, await before);
    before = answers;
  }
  await send(to, await before);
  return exit;
}

async function answer(rows: readonly TextLine[], { classifyAll, write }: ClassifyLines): Promise<string> {
  const texts = rows.flatMap(({ text }) => (text === null ? [] : [text]));
  const labels = (await classifyAll(texts)).values();
  const lines = rows.map(({ fields, text, problem, line }) => {
    const said = text === null ? undefined : labels.next().value;
    if (said === undefined) return write({ ...fields, error: `line ${line}: ${problem}` }, '');
    return write({ ...fields, ...labelsToWire(said) }, text ?? '');
  });
  return lines.map((line) => `${line}\n`).join('');
}

async function* batchesOf(from: AsyncIterable<Uint8Array>): AsyncGenerator<TextLine[]> {
  let rows: TextLine[] = [];
  let chars = 0;
  for await (const row of textLines(from)) {
    rows.push(row);
    chars += row.text?.length ?? 0;
    if (rows.length < BATCH_LINES_MAX && chars < BATCH_CHARS_MAX) continue;
    yield rows;
    [rows, chars] = [[], 0];
  }
  if (rows.length > 0) yield rows;
}

/** Null: cannot be told. */
function labelsToWire(labels: Classification | Unclassified): JsonObject {
  const known = labels.status === 'classified' ? labels : null;
  return {
    intent: known?.intent ?? null,
    confidence: rounded(known?.confidence ?? 0),
    in_scope: rounded(known?.inScope ?? 0),
    urgency: known?.urgency ?? null,
    urgency_confidence: rounded(known?.urgencyConfidence ?? 0),
    difficulty: known === null ? null : rounded(known.difficulty),
    injection: known === null || known.injection === null ? null : rounded(known.injection),
    language: known?.language ?? 'und',
  };
}

/** More digits say nothing. */
function rounded(chance: number): number {
  return Number(chance.toFixed(6));
}

function toJson(row: JsonObject): string {
  return JSON.stringify(row);
}

const SHOWN_CHARS_MAX = 60;

function toWords(row: JsonObject, text: string): string {
  if (typeof row.error === 'string') return row.error;
  const percent = (value: Json | undefined): string =>
    typeof value === 'number' ? `${Math.round(100 * value)} %`.padStart(5) : '    –';
  const words = [
    String(row.intent ?? '–').padEnd(28),
    percent(row.confidence),
    `known ${percent(row.in_scope)}`,
    String(row.urgency ?? '–').padEnd(8),
    `hard ${percent(row.difficulty)}`,
    `attack ${percent(row.injection)}`,
    String(row.language).padEnd(3),
    // A terminal is never steered by a message.
    text.slice(0, SHOWN_CHARS_MAX).replaceAll(/\p{C}+/gu, ' '),
  ];
  return words.join('  ');
}

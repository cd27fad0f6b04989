/** `tiergate classify`: labels for many messages, a line in and a line out. */
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import type { Classify } from '../classify/classify.ts';
import { readSettings } from '../settings.ts';
import type { Classification, Json, JsonObject, Unclassified } from '../shapes.ts';
import { isObject, readJsonBody } from '../wire/json.ts';
import { readLines } from '../wire/lines.ts';
import { openClassify } from './open-classify.ts';

export const usage = '[--format json|human] [--labels FOLDER] [--model FOLDER]';
export const about = 'reads {"text": …} line by line from standard input and prints the labels of each';

/** 0: every line was answered. 3: some could not be read. (1: the tool itself failed; a rejection.) */
export type ClassifyExit = 0 | 3;

/** Longest line, in bytes: as long as the server takes a request. */
const LINE_BYTES_MAX = 4_194_304;
/** Deepest nesting of a line, as for a request. */
const DEPTH_MAX = 64;
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

/** Resolves when whoever reads the labels has had enough, as `head` does: that is no fault. */
function readerIsGone(to: Writable): Promise<0> {
  return new Promise((resolve, reject) => {
    to.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') reject(error);
      process.stdin.destroy();
      resolve(0);
    });
  });
}

/** A line that was read: its fields, or what is wrong with it. */
type Row = { readonly line: number; readonly fields: JsonObject } & (
  | { readonly text: string; readonly problem: null }
  | { readonly text: null; readonly problem: string }
);

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
  const send = async (text: string): Promise<void> => {
    if (text !== '' && !to.write(text)) await once(to, 'drain');
  };
  for await (const rows of batchesOf(from)) {
    for (const { line, problem } of rows) {
      if (problem === null) continue;
      options.complain(`line ${line}: ${problem}`);
      exit = 3;
    }
    const answers = answer(rows, options);
    // Its failure is met where it is waited for.
    answers.catch(() => undefined);
    await send(await before);
    before = answers;
  }
  await send(await before);
  return exit;
}

async function answer(rows: readonly Row[], { classifyAll, write }: ClassifyLines): Promise<string> {
  const texts = rows.flatMap(({ text }) => (text === null ? [] : [text]));
  const labels = (await classifyAll(texts)).values();
  const lines = rows.map(({ fields, text, problem, line }) => {
    const said = text === null ? undefined : labels.next().value;
    if (said === undefined) return write({ ...fields, error: `line ${line}: ${problem}` }, '');
    return write({ ...fields, ...labelsToWire(said) }, text ?? '');
  });
  return lines.map((line) => `${line}\n`).join('');
}

async function* batchesOf(from: AsyncIterable<Uint8Array>): AsyncGenerator<Row[]> {
  let rows: Row[] = [];
  let chars = 0;
  let line = 0;
  for await (const bytes of readLines(from, LINE_BYTES_MAX)) {
    line += 1;
    if (bytes?.toString('latin1').trim() === '') continue;
    const row = readRow(bytes, line);
    rows.push(row);
    chars += row.text?.length ?? 0;
    if (rows.length < BATCH_LINES_MAX && chars < BATCH_CHARS_MAX) continue;
    yield rows;
    [rows, chars] = [[], 0];
  }
  if (rows.length > 0) yield rows;
}

function readRow(bytes: Uint8Array | null, line: number): Row {
  if (bytes === null)
    return { line, fields: {}, text: null, problem: `longer than ${LINE_BYTES_MAX} bytes.` };
  let value: Json;
  try {
    value = readJsonBody(bytes, DEPTH_MAX);
  } catch {
    // The parser's own message quotes the line, which may go to a log.
    return {
      line,
      fields: {},
      text: null,
      problem: `this is not valid JSON in UTF-8, at most ${DEPTH_MAX} levels deep.`,
    };
  }
  if (!isObject(value)) return { line, fields: {}, text: null, problem: 'this is not a JSON object.' };
  // The message itself is not printed again: labels can go where messages may not. `error` is ours to say.
  const { text, error: _theirs, ...fields } = value;
  return typeof text === 'string'
    ? { line, fields, text, problem: null }
    : { line, fields, text: null, problem: 'there is no "text", or it is not a string.' };
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

/** JSON Lines that hold a text each, as `classify` and `redact` read them: a line that is not usable says why. */
import type { Json, JsonObject } from '../shapes.ts';
import { isObject, readJsonBody } from '../wire/json.ts';
import { readLines } from '../wire/lines.ts';

/** Longest line, in bytes: as long as the server takes a request. */
const LINE_BYTES_MAX = 4_194_304;
/** Deepest nesting of a line, as for a request. */
const DEPTH_MAX = 64;

/** A line that was read: its fields beside the text, or what is wrong with it. */
export type TextLine = { readonly line: number; readonly fields: JsonObject } & (
  | { readonly text: string; readonly problem: null }
  | { readonly text: null; readonly problem: string }
);

/** Every line but the empty ones, numbered from 1. No problem quotes its line: it may go to a log. */
export async function* textLines(from: AsyncIterable<Uint8Array>): AsyncGenerator<TextLine> {
  let line = 0;
  for await (const bytes of readLines(from, LINE_BYTES_MAX)) {
    line += 1;
    if (bytes?.toString('latin1').trim() === '') continue;
    yield readLine(bytes, line);
  }
}

function readLine(bytes: Uint8Array | null, line: number): TextLine {
  const unusable = (problem: string, fields: JsonObject = {}): TextLine => ({
    line,
    fields,
    text: null,
    problem,
  });
  if (bytes === null) return unusable(`longer than ${LINE_BYTES_MAX} bytes.`);
  let value: Json;
  try {
    value = readJsonBody(bytes, DEPTH_MAX);
  } catch {
    // The parser's own message quotes the line.
    return unusable(`this is not valid JSON in UTF-8, at most ${DEPTH_MAX} levels deep.`);
  }
  if (!isObject(value)) return unusable('this is not a JSON object.');
  // The message itself is not among the fields: labels can go where messages may not. `error` is ours to say.
  const { text, error: _theirs, ...fields } = value;
  if (typeof text !== 'string') return unusable('there is no "text", or it is not a string.', fields);
  return { line, fields, text, problem: null };
}

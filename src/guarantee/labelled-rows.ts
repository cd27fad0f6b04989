/**
 * Labelled requests as a file, a JSON object a line, in either of two forms:
 *
 * - `{"confidence": 0.93, "right": true}`: what was classified elsewhere, and whether the intent was right. Without
 *   `right`, a request whose confidence alone is known.
 * - `{"text": "…", "intent": "order_status"}`: a message and its right intent, to be classified here. An intent that is
 *   empty, null, `oos` or `out_of_scope`: none of those that there are. `tenant` may say whose it is.
 */
import type { Json, JsonObject } from '../shapes.ts';
import { isObject, parseJson } from '../wire/json.ts';
import { readLines } from '../wire/lines.ts';

/** Most rows, and the longest, in bytes. */
export const ROWS_MAX = 1_000_000;
const LINE_BYTES_MAX = 4_194_304;
const TENANT_CHARS_MAX = 128;
/** Problems that are told, of all there are. */
const PROBLEMS_MAX = 20;

export type LabelledRow =
  | { readonly kind: 'confidence'; readonly confidence: number; readonly wrong: boolean | null }
  | {
      readonly kind: 'text';
      readonly text: string;
      /** Null: none of those that there are. */
      readonly intent: string | null;
      readonly tenant: string | null;
    };

/** Rows that cannot be used; the message has a line for each, and quotes none of them. */
export class LabelledRowsError extends Error {
  constructor(problems: readonly string[], count: number) {
    const more = count > problems.length ? [`… and ${count - problems.length} more`] : [];
    super([...problems, ...more].join('\n'));
    this.name = 'LabelledRowsError';
  }
}

/** @param file as the problems name it @throws LabelledRowsError */
export async function readLabelledRows(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
): Promise<LabelledRow[]> {
  const rows: LabelledRow[] = [];
  const problems: string[] = [];
  let problemCount = 0;
  let line = 0;
  for await (const bytes of readLines(chunks, LINE_BYTES_MAX)) {
    line += 1;
    if (bytes !== null && bytes.toString('latin1').trim() === '') continue;
    const row = readRow(bytes);
    if (typeof row === 'string') {
      problemCount += 1;
      if (problems.length < PROBLEMS_MAX) problems.push(`${file}:${line}: ${row}`);
    } else rows.push(row);
    if (rows.length > ROWS_MAX) throw new LabelledRowsError([`${file}: more than ${ROWS_MAX} rows.`], 1);
  }
  if (problemCount > 0) throw new LabelledRowsError(problems, problemCount);
  return rows;
}

/** The row, or what is wrong with it. */
function readRow(bytes: Uint8Array | null): LabelledRow | string {
  if (bytes === null) return `longer than ${LINE_BYTES_MAX} bytes.`;
  let value: Json;
  try {
    value = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return 'this is not valid JSON in UTF-8.';
  }
  if (!isObject(value)) return 'this is not a JSON object.';
  if ('confidence' in value) return readConfidence(value);
  if ('text' in value) return readText(value);
  return 'there is neither `confidence` nor `text`.';
}

function readConfidence({ confidence, right }: JsonObject): LabelledRow | string {
  if (typeof confidence !== 'number' || !(confidence >= 0 && confidence <= 1)) {
    return '`confidence` is not a number from 0 to 1.';
  }
  if (right === undefined || right === null) return { kind: 'confidence', confidence, wrong: null };
  if (typeof right !== 'boolean') return '`right` is neither true nor false.';
  return { kind: 'confidence', confidence, wrong: !right };
}

const OUT_OF_SCOPE: readonly (Json | undefined)[] = [null, '', 'oos', 'out_of_scope'];

function readText({ text, intent, tenant = null }: JsonObject): LabelledRow | string {
  if (typeof text !== 'string' || text.trim() === '') return '`text` is empty, or not a string.';
  if (tenant !== null && (typeof tenant !== 'string' || tenant.length > TENANT_CHARS_MAX)) {
    return '`tenant` is not a name.';
  }
  if (OUT_OF_SCOPE.includes(intent)) return { kind: 'text', text, intent: null, tenant };
  if (typeof intent !== 'string') return '`intent` is missing, or not a string.';
  return { kind: 'text', text, intent, tenant };
}

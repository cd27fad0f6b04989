/**
 * JSON in and out without loss: what tiergate has no business with must leave exactly as it came.
 */
import { Buffer, isUtf8 } from 'node:buffer';
import { TiergateError } from '../errors.ts';
import type { Json, JsonObject, RawNumber } from '../shapes.ts';

/** ECMAScript "JSON.parse source text access" (TC39 stage 4), which TypeScript's library does not declare yet. */
interface JsonWithSource {
  rawJSON(source: string): RawNumber;
  isRawJSON(value: unknown): value is RawNumber;
  parse(text: string, reviver: (key: string, value: Json, context: { source?: string }) => Json): Json;
}
const json: JsonWithSource = JSON as never;

/** True for a number that is kept as its source text. */
export const isRawNumber = (value: unknown): value is RawNumber => json.isRawJSON(value);

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawNumber(value);
}

/** Only such texts can hold a number that a double would change: a long run of digits, or a three-digit exponent. */
const MAY_HOLD_WIDE_NUMBER = /\d{16}|\d[eE]\+?\d{3}/;

/** Parses JSON text; integers beyond 2^53 and numbers beyond a double's range keep their source text. */
export function parseJson(text: string): Json {
  if (!MAY_HOLD_WIDE_NUMBER.test(text)) return JSON.parse(text) as Json;
  return json.parse(text, (_key, value, { source }) =>
    typeof value === 'number' &&
    source !== undefined &&
    !(Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value)))
      ? json.rawJSON(source)
      : value,
  );
}

/**
 * Reads a request body: strict UTF-8, bounded depth, valid JSON.
 * @throws TiergateError in_body_not_utf8, in_body_too_deep, in_body_not_json
 */
export function readJsonBody(bytes: Uint8Array, depthMax: number): Json {
  if (!isUtf8(bytes)) throw new TiergateError('in_body_not_utf8');
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  // Some editors and shells put a byte order mark before UTF-8; RFC 8259 lets a reader pass over it.
  const text = whole.startsWith('\uFEFF') ? whole.slice(1) : whole;
  if (isDeeper(text, depthMax)) {
    throw new TiergateError('in_body_too_deep', { detail: `more than ${depthMax} levels` });
  }
  try {
    return parseJson(text);
  } catch {
    // The parser's own message quotes the text, which is content: it is dropped.
    throw new TiergateError('in_body_not_json');
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Whether brackets nest deeper than `depthMax`. Looks at the text, so that no recursion ever meets such a document. */
function isDeeper(text: string, depthMax: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === BACKSLASH) i++;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === 0x5b || code === 0x7b) {
      depth++;
      if (depth > depthMax) return true;
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
  return false;
}

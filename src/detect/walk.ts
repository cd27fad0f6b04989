/**
 * Every piece of text of a JSON body. Default-deny: no field is left out because of its name, so a field that nobody
 * has heard of is searched like any other. The one exception is bytes: a string that is wholly a base64 `data:` URL of an
 * image, sound or film, or wholly a kilobyte or more of base64, is opaque unless it is text (docs/personal-data.md says so).
 */
import { TiergateError } from '../errors.ts';
import { EMBEDDED_JSON, type Json, type Leaf, type Step } from '../shapes.ts';
import { isRawNumber, parseJson } from '../wire/json.ts';
import { isEncodedText } from './views/encoded-run.ts';

/** Levels of nesting, those of documents inside strings counted in. The door bounds the body itself. */
export const DEPTH_MAX = 600;
/** Documents inside strings inside documents. */
export const DOCUMENTS_DEEP_MAX = 8;
/** Pieces of text in one body. */
export const LEAVES_MAX = 500_000;
/** UTF-16 code units of all pieces together. */
export const TEXT_CHARS_MAX = 2_097_152;
/** Steps of the paths to all places together: many pieces, each deep down, would fill the memory. */
export const STEPS_MAX = 8_000_000;

const MEDIA =
  /^data:(?:image|audio|video)\/[\w.+-]{1,64}(?:;[\w=.+-]{1,64}){0,4};base64,([A-Za-z0-9+/=_-]*)$/;

/**
 * A file or a sound as OpenAI's `file_data` and `input_audio` hold it. In a megabyte of random characters there is, more
 * likely than not, something that looks like a record number, and replacing that would break the file.
 */
const FILE = /^(?:data:[\w.+-]{1,64}\/[\w.+-]{1,64}(?:;[\w=.+-]{1,64}){0,4};base64,)?([A-Za-z0-9+/]+={0,2})$/;
const FILE_CHARS_MIN = 1_024;

function isBytes(text: string): boolean {
  const media = text.startsWith('data:') ? MEDIA.exec(text)?.[1] : undefined;
  if (media !== undefined) return !isEncodedText(media);
  if (text.length < FILE_CHARS_MIN) return false;
  const base64 = FILE.exec(text)?.[1];
  if (base64 === undefined || base64.length % 4 !== 0) return false;
  return /[a-z]/.test(base64) && /[A-Z]/.test(base64) && !isEncodedText(base64);
}

/**
 * Lists the leaves of `body` in document order, an object's key before its value.
 * @throws TiergateError detect_too_much where a maximum is exceeded
 */
export function leavesOf(body: Json): Leaf[] {
  const walk: Walk = { leaves: [], chars: 0, steps: 0 };
  visit(walk, body, [], 0);
  return walk.leaves;
}

interface Walk {
  readonly leaves: Leaf[];
  chars: number;
  steps: number;
}

function visit(walk: Walk, value: Json, path: readonly Step[], documentsDeep: number): void {
  walk.steps += path.length;
  if (path.length > DEPTH_MAX || walk.steps > STEPS_MAX) throw tooMuch('nesting');
  if (typeof value === 'string') visitString(walk, value, path, documentsDeep);
  else if (typeof value === 'number') add(walk, { path, role: 'number', text: String(value) });
  else if (value === null || typeof value === 'boolean') return;
  else if (isRawNumber(value)) add(walk, { path, role: 'number', text: value.rawJSON });
  else if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) visit(walk, value[i] as Json, [...path, i], documentsDeep);
  } else {
    for (const [key, member] of Object.entries(value)) {
      const inside = [...path, key];
      add(walk, { path: inside, role: 'key', text: key });
      visit(walk, member, inside, documentsDeep);
    }
  }
}

function visitString(walk: Walk, text: string, path: readonly Step[], documentsDeep: number): void {
  if (isBytes(text)) return;
  const document = embedded(text);
  if (document === undefined) {
    add(walk, { path, role: 'value', text });
    return;
  }
  if (documentsDeep === DOCUMENTS_DEEP_MAX) throw tooMuch('documents inside documents');
  // The raw text counts too: what is parsed again at each level must not multiply the work without bound.
  count(walk, text);
  visit(walk, document, [...path, EMBEDDED_JSON], documentsDeep + 1);
}

function add(walk: Walk, leaf: Leaf): void {
  count(walk, leaf.text);
  walk.leaves.push(leaf);
  if (walk.leaves.length > LEAVES_MAX) throw tooMuch('pieces of text');
}

function count(walk: Walk, text: string): void {
  walk.chars += text.length;
  if (walk.chars > TEXT_CHARS_MAX) throw tooMuch('text');
}

function tooMuch(detail: string): TiergateError {
  return new TiergateError('detect_too_much', { detail });
}

const CLOSING: Readonly<Record<string, string>> = { '{': '}', '[': ']', '"': '"' };

/** The JSON document that a string holds, if it holds one: an object, an array, or a string with escapes in it. */
function embedded(text: string): Json | undefined {
  const trimmed = text.trim();
  const closing = CLOSING[trimmed[0] ?? ''];
  if (trimmed.length < 2 || closing === undefined || !trimmed.endsWith(closing)) return undefined;
  if (closing === '"' && !trimmed.includes('\\')) return undefined;
  let parsed: Json;
  try {
    parsed = parseJson(trimmed);
  } catch {
    return undefined;
  }
  // A parser keeps the last of two members of one name. The first would then leave unread, so such a document is text.
  return hasRepeatedKeys(trimmed, parsed) ? undefined : parsed;
}

function hasRepeatedKeys(text: string, parsed: Json): boolean {
  if (!text.includes(':')) return false;
  return keysWritten(text) !== keysHeld(parsed);
}

/** Members that a valid JSON text spells out: colons outside of strings. */
function keysWritten(text: string): number {
  let keys = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (inString) {
      if (char === '\\') i++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === ':') keys++;
  }
  return keys;
}

function keysHeld(root: Json): number {
  let keys = 0;
  const waiting: Json[] = [root];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value !== 'object' || value === null || isRawNumber(value)) continue;
    const members = Object.values(value) as Json[];
    if (!Array.isArray(value)) keys += members.length;
    for (const member of members) waiting.push(member);
  }
  return keys;
}

/** A whole answer with every text of its choices changed, in pieces of work: one may be as long as a book. */
import type { Json, JsonObject } from '../../shapes.ts';
import type { InPieces } from '../../turns.ts';
import { isObject } from '../../wire/json.ts';
import type { GrowingText, StartText } from './growing-text.ts';

/** UTF-16 code units of a text that are changed in one piece of work. */
const PIECE_CHARS = 8_192;

/**
 * Members that hold no words: names that an application goes by, tokens one by one, bytes in base64. No placeholder is in
 * them, and what looks like personal data in random characters is none.
 */
const LEFT = new Set([
  ...['id', 'type', 'role', 'finish_reason', 'tool_call_id', 'logprobs'],
  ...['data', 'b64_json', 'signature', 'thought_signature', 'encrypted_content'],
]);
const DATA_URL = /^data:[\w.+-]{1,64}\/[\w.+-]{1,64}(?:;[\w=.+-]{1,64}){0,4};base64,/;

/** Whether a string is left as it is, whatever is in it. */
const isLeft = (key: string, value: Json): boolean =>
  LEFT.has(key) || (typeof value === 'string' && value.startsWith('data:') && DATA_URL.test(value));

/** What else a completion holds is left as it is. */
export function* changedWhole(completion: JsonObject, start: StartText): InPieces<JsonObject> {
  const { choices } = completion;
  return choices === undefined ? completion : { ...completion, choices: yield* changedJson(choices, start) };
}

/** Changes every string of a JSON value; the same object if nothing in it changed. */
export function* changedJson(value: Json, start: StartText, key = ''): InPieces<Json> {
  if (isLeft(key, value)) return value;
  if (typeof value === 'string') return (yield* changedText(value, start, key)).text;
  if (Array.isArray(value)) {
    const members: Json[] = [];
    for (const member of value as readonly Json[]) members.push(yield* changedJson(member, start));
    return members.every((member, i) => member === value[i]) ? value : members;
  }
  return isObject(value) ? yield* changedObject(value, start) : value;
}

function* changedObject(value: JsonObject, start: StartText): InPieces<JsonObject> {
  // The text that annotations beside it point into.
  let growing: GrowingText | undefined;
  const changed = new Map<string, Json>();
  for (const [key, member] of Object.entries(value)) {
    if (typeof member === 'string' && (key === 'content' || key === 'text')) {
      const { text, growing: own } = yield* changedText(member, start, key);
      growing = own;
      changed.set(key, text);
    } else changed.set(key, yield* changedJson(member, start, key));
  }
  const { annotations } = value;
  if (growing !== undefined && annotations !== undefined) {
    changed.set('annotations', movedAnnotations(changed.get('annotations') ?? null, growing));
  }
  const isSame = [...changed].every(([key, member]) => member === value[key]);
  return isSame ? value : Object.fromEntries(changed);
}

/** A tool call's `arguments` are JSON text, so values are escaped in them. */
function* changedText(
  text: string,
  start: StartText,
  key: string,
): InPieces<{ readonly text: string; readonly growing: GrowingText }> {
  const growing = start(key === 'arguments' ? 'json' : 'unknown');
  return { text: (yield* pushed(growing, text)) + growing.end(), growing };
}

/** What can be shown of a growing text with more of it, which may be as long as a book. */
export function* pushed(growing: GrowingText, more: string): InPieces<string> {
  if (more.length <= PIECE_CHARS) return growing.push(more);
  let changed = '';
  for (let at = 0; at < more.length; at += PIECE_CHARS) {
    changed += growing.push(more.slice(at, at + PIECE_CHARS));
    yield;
  }
  return changed;
}

const OFFSETS = ['start_index', 'end_index'];

/** Annotations (citations) with their offsets into `text` moved to where the place is now. */
export function movedAnnotations(value: Json, text: GrowingText, key = ''): Json {
  if (typeof value === 'number') return OFFSETS.includes(key) ? text.moved(value) : value;
  if (Array.isArray(value)) {
    const members = value.map((member: Json) => movedAnnotations(member, text));
    return members.every((member, i) => member === value[i]) ? value : members;
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(
    ([name, member]) => [name, movedAnnotations(member, text, name)] as const,
  );
  return entries.every(([name, member]) => member === value[name]) ? value : Object.fromEntries(entries);
}

/** The changes that `redact` makes to a document, and the document with them made. */
import { EMBEDDED_JSON, type Json, type JsonObject, type Leaf, type Step } from '../shapes.ts';
import { isObject, isRawNumber, parseJson } from '../wire/json.ts';

/** The changes to a document, as a tree of the steps that lead to them: all else stays the object it was. */
export interface Edits {
  value?: string;
  key?: string;
  readonly members: Map<Step, Edits>;
}

export function note(root: Edits, { path, role }: Leaf, text: string): void {
  let place = root;
  for (const step of path) {
    let next = place.members.get(step);
    if (next === undefined) {
      next = { members: new Map() };
      place.members.set(step, next);
    }
    place = next;
  }
  if (role === 'key') place.key = text;
  else place.value = text;
}

/** A number with a finding in it becomes a string. A document in a string is written anew only if it changed. */
export function edited(value: Json, edits: Edits): Json {
  if (edits.value !== undefined) {
    if (typeof value !== 'string' && typeof value !== 'number' && !isRawNumber(value)) throw misplaced();
    return edits.value;
  }
  if (edits.members.size === 0) return value;
  const inside = edits.members.get(EMBEDDED_JSON);
  if (inside !== undefined) {
    if (typeof value !== 'string') throw misplaced();
    return JSON.stringify(edited(parseJson(value.trim()), inside));
  }
  let made = 0;
  const change = (member: Json, step: Step): Json => {
    const change = edits.members.get(step);
    if (change === undefined) return member;
    made++;
    return edited(member, change);
  };
  let result: Json;
  if (Array.isArray(value)) result = value.map(change);
  else if (isObject(value)) result = editedObject(value, edits, change);
  else throw misplaced();
  if (made !== edits.members.size) throw misplaced();
  return result;
}

/** Built from entries, which define members and never call a setter: a key may be `__proto__`. */
function editedObject(
  value: JsonObject,
  edits: Edits,
  change: (member: Json, key: string) => Json,
): JsonObject {
  const untouched = Object.keys(value).filter((key) => edits.members.get(key)?.key === undefined);
  const taken = new Set(untouched);
  const entries = Object.entries(value).map(([key, member]) => {
    const name = edits.members.get(key)?.key;
    return [name === undefined ? key : free(name, taken), change(member, key)] as const;
  });
  const result = Object.fromEntries(entries);
  if (Object.keys(result).length !== entries.length) throw new Error('two keys became one');
  return result;
}

/** Two masks can be alike, and no member may be lost for it. */
function free(name: string, taken: Set<string>): string {
  let own = name;
  for (let n = 2; taken.has(own); n++) own = `${name} ${n}`;
  taken.add(own);
  return own;
}

const misplaced = (): Error => new Error('a finding that does not fit the body');

/**
 * The stage `redact`: a request with every finding replaced by a placeholder. Nothing else makes a RedactedInquiry. It
 * looks over its own work: a result that still holds a replaced value is an error, not a request.
 */
import { TiergateError } from '../errors.ts';
import { Literals } from '../literals.ts';
import { EVERYTHING } from '../policy/personal-rules.ts';
import {
  type Detection,
  EMBEDDED_JSON,
  type Finding,
  type Inquiry,
  type Json,
  type JsonObject,
  type Leaf,
  type PersonalRules,
  type RedactedInquiry,
  type Step,
} from '../shapes.ts';
import { isObject, isRawNumber, parseJson } from '../wire/json.ts';
import { placeholders } from './placeholder.ts';
import { Vault } from './vault.ts';

export interface Redact {
  /** @throws TiergateError redact_failed: nothing may leave then. */
  redact(inquiry: Inquiry, detection: Detection, tenant: string, rules?: PersonalRules): Redacted;
}

export interface Redacted {
  readonly redacted: RedactedInquiry;
  readonly vault: Vault;
}

/**
 * Makes the stage.
 * @param secret keys the placeholders; instances that serve one conversation share it
 */
export function createRedact({ secret }: { readonly secret: string }): Redact {
  if (secret === '') throw new Error('Placeholders need a secret.');
  return {
    redact(inquiry, detection, tenant, rules = EVERYTHING) {
      try {
        return redactWith(secret, inquiry, detection, { tenant, rules });
      } catch (cause) {
        throw new TiergateError('redact_failed', { cause });
      }
    },
  };
}

function redactWith(
  secret: string,
  inquiry: Inquiry,
  detection: Detection,
  { tenant, rules }: { readonly tenant: string; readonly rules: PersonalRules },
): Redacted {
  const { requestId, conversation, stream } = inquiry;
  const vault = new Vault();
  const placeholderOf = placeholders({ secret, tenant, conversation }, detection.leaves, vault);
  const forbidden = new Set<string>();
  const edits: Edits = { members: new Map() };
  for (const [leaf, findings] of byLeaf(detection)) {
    let text = '';
    let read = 0;
    for (const { start, end, kind } of findings) {
      if (start < read || end > leaf.text.length || end <= start) throw new Error('findings out of order');
      const value = leaf.text.slice(start, end);
      if (isForbidden(value)) forbidden.add(value);
      text += leaf.text.slice(read, start) + placeholderOf(kind, value);
      read = end;
    }
    note(edits, leaf, text + leaf.text.slice(read));
  }
  const body = edited(inquiry.body, edits);
  if (!isObject(body)) throw new Error('the body is no object');
  const model = typeof body.model === 'string' ? body.model : inquiry.model;
  const result = { requestId, model, stream, body, forbidden: [...forbidden], rules };
  if (holdsAny([model, body], result.forbidden)) throw new Error('a replaced value is left');
  return { redacted: result as unknown as RedactedInquiry, vault };
}

/**
 * Values that are long and peculiar enough to be refused wherever they appear in what leaves. `detect` finds such a
 * value inside of longer words too, so none of them can be left by rights. Shorter ones, and passwords that are plain
 * words, are replaced where they were found, but could be part of anything.
 */
const isForbidden = (value: string): boolean => value.length >= 8 && /[\d@]/.test(value);

function byLeaf({ leaves, findings }: Detection): Map<Leaf, Finding[]> {
  const map = new Map<Leaf, Finding[]>();
  for (const finding of findings) {
    const leaf = leaves[finding.leaf];
    if (leaf === undefined) throw new Error('a finding without its text');
    const there = map.get(leaf);
    if (there === undefined) map.set(leaf, [finding]);
    else there.push(finding);
  }
  return map;
}

/** The changes to a document, as a tree of the steps that lead to them: all else stays the object it was. */
interface Edits {
  value?: string;
  key?: string;
  readonly members: Map<Step, Edits>;
}

function note(root: Edits, { path, role }: Leaf, text: string): void {
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
function edited(value: Json, edits: Edits): Json {
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
  const entries = Object.entries(value).map(
    ([key, member]) => [edits.members.get(key)?.key ?? key, change(member, key)] as const,
  );
  const result = Object.fromEntries(entries);
  if (Object.keys(result).length !== entries.length) throw new Error('two keys became one');
  return result;
}

const misplaced = (): Error => new Error('a finding that does not fit the body');

/** Whether any text of a document, or of a document in one of its strings, holds one of `values`. */
function holdsAny(document: Json, values: readonly string[]): boolean {
  if (values.length === 0) return false;
  const forbidden = new Literals(values);
  const waiting: Json[] = [document];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value === 'object' && value !== null && !isRawNumber(value)) {
      for (const key in value) waiting.push(key, (value as JsonObject)[key] as Json);
      continue;
    }
    const text = isRawNumber(value) ? value.rawJSON : String(value);
    if (forbidden.isIn(text)) return true;
    if (/^\s*[[{"]/.test(text) && text.includes('\\')) {
      const inside = parsed(text);
      if (inside !== undefined) waiting.push(inside);
    }
  }
  return false;
}

/** Only with escapes can a document in a string hold what its own text does not show. */
function parsed(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/**
 * The stage `redact`: a request with every finding replaced: by a placeholder, by its kind, or by nothing, as the policy
 * says. Nothing else makes a RedactedInquiry. It looks over its own work: a result that still holds a replaced value is
 * an error, not a request.
 */
import { TiergateError } from '../errors.ts';
import { type EntityKind, isNamed } from '../personal-kinds.ts';
import { maskOf } from '../placeholder-form.ts';
import { EVERYTHING } from '../policy/personal-rules.ts';
import type { Detection, Finding, Inquiry, Leaf, PersonalRules, RedactedInquiry } from '../shapes.ts';
import { isObject } from '../wire/json.ts';
import { isSure, type Remembered } from './conversation-memory.ts';
import { type Edits, edited, note } from './edits.ts';
import { leftIn } from './left.ts';
import { Placeholders } from './placeholder/placeholder.ts';
import { Vault } from './placeholder/vault.ts';

export interface Redact {
  /**
   * @param rules what takes the place of a kind; a placeholder, if not given
   * @param remembered what earlier requests of the conversation held; it keeps what this one adds
   * @throws TiergateError redact_failed: nothing may leave then.
   */
  redact(
    inquiry: Inquiry,
    detection: Detection,
    tenant: string,
    rules?: PersonalRules,
    remembered?: Remembered,
  ): Redacted;
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
    redact(inquiry, detection, tenant, rules = EVERYTHING, remembered = NOTHING) {
      try {
        return redactWith(secret, inquiry, detection, { tenant, rules, remembered });
      } catch (cause) {
        throw new TiergateError('redact_failed', { cause });
      }
    },
  };
}

const NOTHING: Remembered = { entries: [], known: [], found: () => undefined, keep: () => undefined };

interface Context {
  readonly tenant: string;
  readonly rules: PersonalRules;
  readonly remembered: Remembered;
}

function redactWith(secret: string, inquiry: Inquiry, detection: Detection, context: Context): Redacted {
  const { requestId, conversation, stream } = inquiry;
  const { tenant, rules, remembered } = context;
  const vault = new Vault();
  const found = byLeaf(detection);
  const placeholders = new Placeholders({ secret, tenant, conversation }, vault, {
    texts: detection.leaves.map(({ text }) => text),
    values: detection.findings.map((finding) => [finding.kind, textOf(detection, finding)]),
    earlier: remembered.entries,
  });
  const edits: Edits = { members: new Map() };
  for (const [leaf, findings] of found) note(edits, leaf, replaced(leaf, findings, { placeholders, rules }));
  const body = edited(inquiry.body, edits);
  if (!isObject(body)) throw new Error('the body is no object');
  // As it was asked for: the door lets only names of configured models in, and another would go to another model.
  const { model } = inquiry;
  const forbidden = forbiddenOf(detection, context, [model, body]);
  const result = { requestId, model, stream, body, forbidden, rules };
  const sure = new Set(detection.findings.filter(isSure).map((finding) => textOf(detection, finding)));
  remembered.keep(placeholders.fresh.filter(({ value }) => sure.has(value)));
  return { redacted: result as unknown as RedactedInquiry, vault };
}

/** The text of a leaf with its findings replaced. */
function replaced(
  { text, role }: Leaf,
  findings: readonly Finding[],
  { placeholders, rules }: { readonly placeholders: Placeholders; readonly rules: PersonalRules },
): string {
  let result = '';
  let read = 0;
  for (const { start, end, kind } of findings) {
    if (start < read || end > text.length || end <= start) throw new Error('findings out of order');
    result += text.slice(read, start);
    read = end;
    const action = rules.action(kind);
    if (action === 'placeholder') result += placeholders.of(kind, text.slice(start, end));
    // A member without a name is none: where a key is dropped, its kind stays.
    else if (action === 'mask' || role === 'key') result += maskOf(kind);
    else if (text[end] === ' ' && (result === '' || result.endsWith(' '))) read++;
  }
  return result + text.slice(read);
}

const textOf = ({ leaves }: Detection, { leaf, start, end }: Finding): string =>
  leaves[leaf]?.text.slice(start, end) ?? '';

/** Shorter values could be part of anything. */
const FORBIDDEN_CHARS_MIN = 8;

/**
 * Values that are long and peculiar enough to be refused wherever they appear in what leaves. `detect` finds such a
 * value inside of longer words too, so none of them can be left by rights. Names are found as whole words only (`Anna
 * Schmidt` is no part of `Johanna Schmidtke`), and not everywhere: one that is left, in capitals, over a line end, is not
 * forbidden, as the guard would refuse every such request. Passwords that are plain words are replaced where they were
 * found, but could be part of anything.
 * @throws Error if one is left in `document`
 */
function forbiddenOf(
  detection: Detection,
  { rules, remembered }: Context,
  document: readonly [model: string, body: Inquiry['body']],
): string[] {
  const peculiar = new Set<string>();
  const names = new Set<string>();
  const add = (kind: EntityKind, value: string): void => {
    if (value.length < FORBIDDEN_CHARS_MIN) return;
    if (/[\d@]/.test(value)) peculiar.add(value);
    else if (isNamed(kind) && /\S\s\S/.test(value)) names.add(value);
  };
  for (const finding of detection.findings) {
    if (isSure(finding)) add(finding.kind, textOf(detection, finding));
  }
  for (const { kind, value } of remembered.entries)
    if (rules.counts({ kind, score: 1, start: 0, end: value.length }, value)) add(kind, value);
  const left = leftIn(document, [...peculiar], [...names]);
  if ([...left].some((value) => peculiar.has(value))) throw new Error('a replaced value is left');
  return [...peculiar, ...names].filter((value) => !left.has(value));
}

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

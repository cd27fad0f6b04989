/**
 * What `redact` makes of a document, to be shown to people: the document, and what was found where in it. The same
 * search and the same replacements as those of a request that leaves, but nothing leaves.
 */
import {
  type Detection,
  EMBEDDED_JSON,
  type Finding,
  type Inquiry,
  type Json,
  type JsonObject,
  type Leaf,
  type PersonalRules,
} from '../shapes.ts';
import { findInSource, type ToSource } from '../wire/json-source.ts';
import type { Remembered } from './conversation-memory.ts';
import type { Redact } from './redact.ts';

/** One finding, where people see it. Offsets are UTF-16 code units of the string (or key) at `path`, end exclusive. */
export interface Shown extends Omit<Finding, 'leaf'> {
  /** The string in the document: a document that it holds itself is not entered. */
  readonly path: readonly (string | number)[];
  readonly role: Leaf['role'];
  /** What stands in its place. */
  readonly replacement: string;
}

/** A finding as it is shown outside, in JSON. */
export const spanToWire = ({ start, end, kind, score, detector, view }: Shown): JsonObject => ({
  start,
  end,
  type: kind,
  score,
  detector,
  view,
});

export interface Redaction {
  readonly document: JsonObject;
  /** In the order of the document; of one string, by start. No two overlap. */
  readonly findings: readonly Shown[];
}

/** A document that was searched, and whose it is. */
export interface Searched {
  readonly document: JsonObject;
  readonly detection: Detection;
  readonly rules: PersonalRules;
  readonly tenant: string;
  /** Within a conversation, the same value has the same placeholder. */
  readonly conversation: string;
  readonly requestId: string;
  /** What earlier requests of the conversation held. */
  readonly remembered?: Remembered | undefined;
}

/** @throws TiergateError redact_failed */
export function redactToShow(redact: Redact, searched: Searched): Redaction {
  const { detection, rules, tenant, remembered } = searched;
  const values = detection.findings.map(
    ({ leaf, start, end }) => detection.leaves[leaf]?.text.slice(start, end) ?? '',
  );
  const { redacted } = redact.redact(...withValues(searched, values), tenant, rules, remembered);
  const replacements = redacted.body.values as readonly string[];
  const places = placesOf(searched);
  const findings = detection.findings.map(({ leaf, start, end, ...about }, i): Shown => {
    const { path, role } = detection.leaves[leaf] as Leaf;
    const toSource = places.get(leaf) ?? ((offset) => offset);
    return {
      ...about,
      path: outerPath(path),
      role: outerPath(path).length < path.length ? 'value' : role,
      start: toSource(start),
      end: toSource(end),
      replacement: replacements[i] ?? '',
    };
  });
  return { document: redacted.body.document as JsonObject, findings };
}

/** The document and, beside it, each value on its own: what becomes of it there is what stands in its place. */
function withValues(
  { document, detection, conversation, requestId }: Searched,
  values: readonly string[],
): [Inquiry, Detection] {
  const { leaves, findings, kinds } = detection;
  const inquiry: Inquiry = {
    requestId,
    conversation,
    body: { document, values },
    model: '',
    stream: false,
    text: '',
    features: [],
    promptTokens: 0,
  };
  const all = {
    leaves: [
      ...leaves.map((leaf): Leaf => ({ ...leaf, path: ['document', ...leaf.path] })),
      ...values.map((text, i): Leaf => ({ path: ['values', i], role: 'value', text })),
    ],
    findings: [
      ...findings,
      ...findings.map((finding, i) => ({
        ...finding,
        leaf: leaves.length + i,
        start: 0,
        end: finding.end - finding.start,
      })),
    ],
    kinds,
  };
  return [inquiry, all];
}

/** Up to the string that the document itself holds. */
function outerPath(path: Leaf['path']): (string | number)[] {
  const inside = path.indexOf(EMBEDDED_JSON);
  return path.slice(0, inside === -1 ? path.length : inside) as (string | number)[];
}

/** By leaf: how the offsets of what was found in a document in a string become those of that string. */
function placesOf({ document, detection: { leaves, findings } }: Searched): Map<number, ToSource> {
  const byString = new Map<string, { readonly path: (string | number)[]; readonly leaves: Set<number> }>();
  for (const { leaf } of findings) {
    const { path } = leaves[leaf] as Leaf;
    const outer = outerPath(path);
    if (outer.length === path.length) continue;
    const name = JSON.stringify(outer);
    const group = byString.get(name) ?? { path: outer, leaves: new Set() };
    byString.set(name, group);
    group.leaves.add(leaf);
  }
  const places = new Map<number, ToSource>();
  for (const group of byString.values()) {
    const source = stringAt(document, group.path);
    const indices = [...group.leaves];
    const pieces = indices.map((leaf) => {
      const { path, role } = leaves[leaf] as Leaf;
      return { path: path.slice(group.path.length + 1), role };
    });
    findInSource(source, pieces).forEach((place, i) => {
      if (place !== undefined) places.set(indices[i] as number, place);
    });
  }
  return places;
}

function stringAt(document: Json, path: readonly (string | number)[]): string {
  let value: Json | undefined = document;
  for (const step of path) value = (value as Readonly<Record<string | number, Json>>)[step];
  return String(value);
}

/**
 * What a policy promises with `max_error`: that of the requests a rule takes, no more than this share is misunderstood.
 * From which confidence on that holds is not the policy's to say: `tiergate calibrate` finds it, and a decision gets it
 * among its facts. Without it, the rule takes nothing.
 */
import { createHash } from 'node:crypto';
import { isScalar } from 'yaml';
import type { Condition } from './policy.ts';
import type { Place, Reader } from './reader.ts';

/** The condition's name. */
export const MAX_ERROR = 'max_error';

const PERCENT = /^(\d{1,2}(?:\.\d{1,3})?) ?%$/;

/** `0.5%` is 0.005; null where it is no percentage below a hundred. */
export function parsePercent(text: string): number | null {
  const digits = PERCENT.exec(text)?.[1];
  return digits === undefined ? null : Number(digits) / 100;
}

/** Above a half, a coin would do. */
const PERCENT_MAX = 50;

/** Reads `1%` as 0.01. Null, and a problem reported, where it is no such share. */
export function readErrorMax(place: Place, reader: Reader): number | null {
  const share = isScalar(place.node) ? parsePercent(String(place.node.value)) : null;
  if (share !== null && share > 0 && share <= PERCENT_MAX / 100) return share;
  reader.report(
    place,
    `\`${MAX_ERROR}\` must be a percentage above 0% and up to ${PERCENT_MAX}%.`,
    'Write it with its sign, such as `1%` or `0.5%`.',
  );
  return null;
}

/** Holds from the confidence that a calibration found for this rule, and never without one. */
export function isKept(rule: string): Condition {
  const holds: Condition['holds'] = ({ labels, facts }) =>
    labels !== null && labels.confidence >= (facts.thresholds?.[rule] ?? Number.POSITIVE_INFINITY);
  return Object.freeze({ name: MAX_ERROR, holds });
}

type Actions = Readonly<Record<string, unknown>>;

/** As far as it matters here; a compiled policy has no other parts. */
interface Written {
  readonly bands?: unknown;
  readonly personal?: {
    readonly actions?: Actions;
    readonly tenants?: Readonly<Record<string, { readonly actions?: Actions } | null>>;
  };
  readonly invariants?: readonly { readonly when?: unknown; readonly never?: unknown }[];
  readonly rules: readonly { readonly when?: Readonly<Record<string, unknown>> }[];
}

/** The scope of each rule, by the policy as it is written: bands, invariants, its own conditions and those above it. */
export function scopesOf(written: Written): readonly string[] {
  const invariants = (written.invariants ?? []).map(({ when, never }) => [when, never]);
  const conditions = written.rules.map(({ when = {} }) =>
    Object.entries(when).filter(([name]) => name !== MAX_ERROR),
  );
  const stays = staysOf(written.personal);
  return conditions.map((_, i) => {
    const decisive: unknown[] = [written.bands, invariants, conditions.slice(0, i + 1)];
    if (stays.length > 0) decisive.push(stays);
    return createHash('sha256').update(JSON.stringify(decisive)).digest('hex').slice(0, 12);
  });
}

/** The actions on personal data that are invariants by another name: those that are more than a word. */
function staysOf({ actions = {}, tenants = {} }: NonNullable<Written['personal']> = {}): unknown[] {
  const never = (action: unknown): unknown =>
    typeof action === 'object' && action !== null
      ? Object.keys(action).filter((key) => key !== 'because')
      : null;
  const all = Object.entries(actions).map(([kind, action]) => ['', kind, never(action)]);
  const theirs = Object.entries(tenants).flatMap(([tenant, section]) =>
    Object.entries(section?.actions ?? {}).map(([kind, action]) =>
      // A word matters where it takes the place of more than a word.
      [tenant, kind, never(action) ?? (never(actions[kind]) === null ? null : [])],
    ),
  );
  return [...all, ...theirs].filter(([, , tiers]) => tiers !== null);
}

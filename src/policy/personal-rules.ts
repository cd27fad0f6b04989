/** What counts as personal data for a request, and what becomes of it, as one object that the request takes along. */
import {
  type EntityKind,
  NAMED_KINDS,
  type OwnMatch,
  type PersonalRules,
  REPLACEMENTS,
  type Replacement,
} from '../shapes.ts';
import { type Action, stays } from './personal/actions.ts';
import { Allowed, type AllowedRow } from './personal/allowed.ts';
import { Denied, type DeniedValue } from './personal/denied.ts';
import type { CustomPattern } from './personal/lists.ts';
import { Patterns } from './personal/patterns.ts';

/** What a policy says for one tenant, all of its sections together. */
export interface Written {
  /** The kinds that are searched for; null: all. */
  readonly kinds: ReadonlySet<EntityKind> | null;
  readonly thresholds: ReadonlyMap<EntityKind, number>;
  readonly actions: ReadonlyMap<EntityKind, Action>;
  readonly allow: readonly AllowedRow[];
  readonly deny: readonly DeniedValue[];
  readonly custom: readonly CustomPattern[];
  readonly answers: PersonalRules['answers'];
}

/** The least score of what a model finds, if the policy names none: it is likelier than not. */
export const NAMED_THRESHOLD = 0.5;
const NAMED: ReadonlySet<EntityKind> = new Set(NAMED_KINDS);

/** @param decisive kinds that invariants speak of */
export function rulesOf(written: Written, decisive: ReadonlySet<EntityKind>): PersonalRules {
  const { kinds, thresholds, actions, custom } = written;
  const allowed = new Allowed(written.allow);
  const denied = new Denied(written.deny);
  const patterns = new Patterns(custom.map(({ pattern }) => pattern));
  const isSearched = (kind: EntityKind): boolean =>
    actions.get(kind) !== 'ignore' && (kinds === null || kinds.has(kind));
  const threshold = (kind: EntityKind): number =>
    thresholds.get(kind) ?? (NAMED.has(kind) ? NAMED_THRESHOLD : 0);
  return Object.freeze<PersonalRules>({
    counts: ({ kind, score, start, end }, text) =>
      isSearched(kind) && score >= threshold(kind) && !allowed.has(kind, text, start, end),
    action: (kind) => replacementOf(actions.get(kind)),
    decisive: (kind) => decisive.has(kind) || stays(actions.get(kind)),
    find: (searched) => {
      const { text } = searched;
      const found: OwnMatch[] = denied.find(text);
      for (const { index, start, end } of patterns.find(text)) {
        const row = custom[index];
        if (row === undefined || actions.get(row.kind) === 'ignore') continue;
        if (row.context !== null && !searched.says(row.context, start, end, true)) continue;
        if (!allowed.has(row.kind, text, start, end)) found.push({ start, end, kind: row.kind, score: 1 });
      }
      return found;
    },
    answers: written.answers,
  });
}

/** A request that must stay never gets as far; should it, its value would not be one that comes back. */
function replacementOf(action: Action | undefined): Replacement {
  if (stays(action)) return 'mask';
  return REPLACEMENTS.find((word) => word === action) ?? 'placeholder';
}

/** Every kind, however unsure; everything that is found gets a placeholder. */
export const EVERYTHING: PersonalRules = Object.freeze<PersonalRules>({
  counts: () => true,
  action: () => 'placeholder',
  decisive: () => false,
  find: () => [],
  answers: 'report',
});

/** What counts as personal data for a request, and what becomes of it, as one object that the request takes along. */
import type { EntityKind } from '../personal-kinds.ts';
import { type PersonalRules, REPLACEMENTS, type Replacement } from '../shapes.ts';
import { isCustomKind } from './kinds.ts';
import { type Action, stays } from './personal/actions.ts';
import type { Allowed } from './personal/allowed.ts';
import type { Custom } from './personal/custom.ts';
import type { Denied } from './personal/denied.ts';

/** What a policy says for one tenant, all of its sections together. */
export interface Written {
  /** The kinds that are searched for; null: all. */
  readonly kinds: ReadonlySet<EntityKind> | null;
  /** The least score; a kind that is not here: whatever its detector holds for likely enough to report. */
  readonly thresholds: ReadonlyMap<EntityKind, number>;
  readonly actions: ReadonlyMap<EntityKind, Action>;
  readonly allowed: Allowed;
  readonly denied: Denied;
  readonly custom: Custom;
  readonly answers: PersonalRules['answers'];
}

/** @param decisive kinds that invariants speak of */
export function rulesOf(written: Written, decisive: ReadonlySet<EntityKind>): PersonalRules {
  const { kinds, thresholds, actions, allowed, denied, custom, answers } = written;
  const isSearched = (kind: EntityKind): boolean =>
    actions.get(kind) !== 'ignore' && (kinds === null || kinds.has(kind) || isCustomKind(kind));
  return Object.freeze<PersonalRules>({
    counts: ({ kind, score, start, end }, text) =>
      isSearched(kind) && score >= (thresholds.get(kind) ?? 0) && !allowed.has(kind, text, start, end),
    action: (kind) => replacementOf(actions.get(kind)),
    decisive: (kind) => decisive.has(kind) || stays(actions.get(kind)),
    find: (searched) => {
      const { text } = searched;
      const own = custom
        .find(searched)
        .filter(({ kind, start, end }) => isSearched(kind) && !allowed.has(kind, text, start, end));
      return [...denied.find(text), ...own];
    },
    answers,
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

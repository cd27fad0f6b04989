/** What the structured detectors find in one text by itself: for the tests beside a policy, which run at once. */
import type { KindCounts } from '../personal-kinds.ts';
import type { PersonalRules } from '../shapes.ts';
import { customFamily } from './custom.ts';
import { findStructured } from './structured.ts';

/** How many findings of each kind count by the rules. A model that finds names is not asked. */
export function kindsIn(text: string, rules: PersonalRules): KindCounts {
  const kinds: Record<string, number> = {};
  for (const { kind, covers = [] } of findStructured(text, [], false, customFamily(rules))) {
    kinds[kind] = (kinds[kind] ?? 0) + 1;
    for (const covered of covers) if (rules.decisive(covered)) kinds[covered] ??= 1;
  }
  return kinds;
}

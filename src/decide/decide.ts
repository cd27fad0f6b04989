/** The decide stage: which rule takes a request, and what the invariants make of it. Pure and total. */

import { allHold, type Policy, type Rule, type Situation, situationOf, tiersOf } from '../policy/policy.ts';
import type { Decision, Facts, Outcome } from '../shapes.ts';

/** Facts of a request that was classified, or of which it is known why it could not be. */
export type LabelledFacts = Facts & Required<Pick<Facts, 'labels'>>;

/**
 * Decides what happens to a request. Without labels, the answer may be `needs_labels`: a rule that comes first asks for
 * one. Then classify and ask again. A decision made without labels is the same with any: a request that no rule needs to
 * understand need not be classified.
 */
export function decide(policy: Policy, facts: LabelledFacts): Decision;
export function decide(policy: Policy, facts: Facts): Decision | 'needs_labels';
export function decide(policy: Policy, facts: Facts): Decision | 'needs_labels' {
  const situation = situationOf(facts, policy.kinds);
  const rule = firstMatch(policy, situation);
  return rule === null ? 'needs_labels' : underInvariants(policy, rule, situation);
}

/** The rule that takes the request, or null if that cannot be told without labels. */
function firstMatch({ rules, unclassified }: Policy, situation: Situation): Rule | null {
  for (const rule of rules) {
    if (!allHold(rule.plain, situation)) continue;
    if (rule.labelled.length > 0) {
      if (situation.facts.labels === undefined) return null;
      // This rule might have been the one. To pass it over would let a laxer rule further down decide.
      if (situation.labels === null) return unclassified;
      if (!allHold(rule.labelled, situation)) continue;
    }
    return rule;
  }
  // Not reached with a compiled policy, whose last rule has no conditions. If it were: the careful row.
  return unclassified;
}

/** One pass is enough: the compiler refuses an `instead` that an earlier invariant, or its own, forbids. */
function underInvariants(policy: Policy, rule: Rule, situation: Situation): Decision {
  let { id, because, outcome } = rule;
  for (const invariant of policy.invariants) {
    if (!tiersOf(outcome).some((tier) => invariant.never.has(tier))) continue;
    if (!allHold(invariant.plain, situation)) continue;
    if (invariant.never.has(outcome.tier)) {
      ({ id, because } = invariant);
      outcome = invariant.instead;
    } else if (outcome.tier === 'local') {
      // The rule still decides; only what follows a local answer that falls short is another.
      outcome = { ...outcome, otherwise: lastResort(invariant.instead) };
    }
  }
  return { outcome, rule: id, because, policyRevision: policy.revision };
}

const lastResort = (outcome: Outcome): Exclude<Outcome, { tier: 'local' }> =>
  outcome.tier === 'local' ? outcome.otherwise : outcome;

/**
 * Actions on personal data made up at random: what must stay never leaves, and what is refused gets no answer, whatever
 * the rules and the other invariants say.
 */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide } from '../../src/decide/decide.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { type Policy, tiersOf } from '../../src/policy/policy.ts';
import { PolicyError } from '../../src/policy/problem.ts';
import { factsOf } from '../facts.ts';

const KINDS = ['SECRET', 'UK_NHS', 'EMAIL_ADDRESS', 'CUSTOM_PROJECT'] as const;
const TENANTS = ['acme', 'globex'] as const;
type Kind = (typeof KINDS)[number];

const OUTCOMES = {
  human: { human: { queue: 'care', priority: 'high' } },
  refuse: { refuse: { message: 'No.' } },
  cloud: { cloud: {} },
  house: { local: { bar: 0.5, otherwise: { refuse: { message: 'No.' } } } },
  local: { local: { bar: 0.5, otherwise: { cloud: {} } } },
};
const outcome = fc.constantFrom(...Object.values(OUTCOMES));
const stay = fc.oneof(
  fc.record({ on_prem: fc.constantFrom(OUTCOMES.human, OUTCOMES.refuse, OUTCOMES.house) }),
  fc.constant(OUTCOMES.refuse),
);
const action = fc.oneof(stay, fc.constantFrom('ignore', 'placeholder', 'mask', 'drop'));
const actions = fc.dictionary(fc.constantFrom(...KINDS), action) as fc.Arbitrary<
  Partial<Record<Kind, unknown>>
>;
const some = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
const when = fc.oneof(
  fc.record({ personal: some(['SECRET', 'UK_NHS', 'CUSTOM_PROJECT']) }),
  fc.record({ tenant: some(TENANTS) }),
  fc.record({ personal: fc.constantFrom('any', 'none') }),
);
const written = fc.record({
  actions,
  acme: actions,
  invariants: fc.array(fc.record({ when, never: some(['cloud', 'local', 'human']), instead: outcome }), {
    maxLength: 2,
  }),
  rules: fc.array(fc.record({ when, outcome }), { maxLength: 3 }),
  last: outcome,
});
type Written = typeof written extends fc.Arbitrary<infer T> ? T : never;

/** Null where the compiler refuses: an outcome that another invariant forbids, a rule about an ignored kind. */
function compiled({ actions, acme, invariants, rules, last }: Written): Policy | null {
  const title = (id: string) => ({ id, because: 'Because.' });
  const source = {
    version: 1,
    personal: {
      deny: [{ value: 'Falcon', kind: 'CUSTOM_PROJECT' }],
      actions,
      tenants: { acme: { actions: acme } },
    },
    invariants: invariants.map((one, i) => ({ ...title(`invariant-${i}`), ...one })),
    rules: [
      ...rules.map(({ when, outcome }, i) => ({ ...title(`rule-${i}`), when, does: outcome })),
      { ...title('last'), does: last },
    ],
    unclassified: { because: 'None.', does: OUTCOMES.human },
  };
  try {
    // The linter takes an object with `then` for a promise.
    const text = JSON.stringify(source).replaceAll('"does":', '"then":');
    return compilePolicy(text, 'p.yaml', { tenants: TENANTS });
  } catch (thrown) {
    if (thrown instanceof PolicyError) return null;
    throw thrown;
  }
}

test('a request with a kind that is to stay never leaves, and one to be refused is refused', () => {
  let decided = 0;
  const facts = fc.record({ tenant: fc.constantFrom(...TENANTS), kinds: fc.subarray([...KINDS]) });
  fc.assert(
    fc.property(written, facts, (policy, { tenant, kinds }) => {
      const served = compiled(policy);
      if (served === null) return;
      const personal = Object.fromEntries(kinds.map((kind) => [kind, 1]));
      const decision = decide(served, factsOf({}, { tenant, personal }));
      const wanted = kinds.map(
        (kind) => (tenant === 'acme' ? policy.acme[kind] : undefined) ?? policy.actions[kind],
      );
      const has = (key: string): boolean =>
        wanted.some((action) => typeof action === 'object' && action !== null && key in action);
      if (has('refuse')) expect(decision.outcome.tier).toBe('refuse');
      if (has('on_prem')) expect(tiersOf(decision.outcome)).not.toContain('cloud');
      if (has('on_prem') || has('refuse')) decided++;
      // Made again from what a record holds, it is the same.
      expect(decide(served, JSON.parse(JSON.stringify(factsOf({}, { tenant, personal }))))).toEqual(decision);
    }),
    { numRuns: 600 },
  );
  expect(decided).toBeGreaterThan(50);
});

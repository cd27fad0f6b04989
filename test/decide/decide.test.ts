/**
 * Policies and facts made up at random, and a second, naive reading of the language to hold the first against: it knows
 * no YAML, no bit sets and no laziness.
 */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide } from '../../src/decide/decide.ts';
import type { EntityKind } from '../../src/personal-kinds.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { FEATURES, type Policy, tiersOf } from '../../src/policy/policy.ts';
import { PolicyError } from '../../src/policy/problem.ts';
import {
  type Classification,
  type Facts,
  TIERS,
  type Tier,
  type Unclassified,
  URGENCIES,
} from '../../src/shapes.ts';

const INTENTS = ['order_status', 'complaint', 'account_security'] as const;
const KINDS = ['EMAIL_ADDRESS', 'CREDIT_CARD', 'MEDICAL_RECORD_NUMBER', 'SECRET', 'LOCATION'] as const;
const TENANTS = ['acme', 'globex'] as const;
const MODELS = ['tiergate-auto', 'tiergate-local', 'tiergate-cloud', 'openai/gpt-5-mini'] as const;
const LANGUAGES = ['en', 'de', 'und'] as const;

interface When {
  readonly tenant?: readonly string[];
  readonly model?: readonly string[];
  readonly features?: readonly string[];
  readonly personal?: 'any' | 'none' | readonly string[];
  readonly prompt_tokens?: { readonly min?: number; readonly max?: number };
  readonly intent?: readonly string[];
  readonly urgency?: readonly string[];
  readonly language?: readonly string[];
  readonly confidence?: readonly string[];
  readonly difficulty?: readonly string[];
  readonly injection?: readonly string[];
  readonly in_scope?: readonly string[];
}

const some = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
const plain = {
  tenant: some(TENANTS),
  model: some([...MODELS.slice(0, 3), 'any-provider']),
  features: some(FEATURES),
  personal: fc.oneof(fc.constantFrom('any' as const, 'none' as const), some(KINDS)),
  prompt_tokens: fc.record({ min: fc.nat(50), max: fc.integer({ min: 50, max: 100 }) }, { requiredKeys: [] }),
};
const labelled = {
  intent: some(INTENTS),
  urgency: some(URGENCIES),
  language: some(LANGUAGES),
  confidence: some(['high', 'medium', 'low']),
  difficulty: some(['hard', 'medium', 'easy']),
  injection: some(['likely', 'unsure', 'unlikely']),
  in_scope: some(['likely', 'unsure', 'unlikely']),
};
const notEmpty = (when: object): boolean => Object.keys(when).length > 0;
const whenPlain: fc.Arbitrary<When> = fc.record(plain, { requiredKeys: [] }).filter(notEmpty);
const whenAny: fc.Arbitrary<When> = fc
  .record({ ...plain, ...labelled }, { requiredKeys: [] })
  .filter(notEmpty);

const human = fc.constant({ human: { queue: 'care', priority: 'high' } });
const refuse = fc.constant({ refuse: { message: 'No.' } });
const cloud = fc.constant({ cloud: {} });
const final = fc.oneof(human, refuse, cloud);
const local = final.map((otherwise) => ({ local: { bar: 0.8, otherwise } }));
const outcome = fc.oneof(final, local);

interface Source {
  readonly invariants: readonly {
    readonly id: string;
    readonly when: When;
    readonly never: readonly Tier[];
    readonly instead: object;
  }[];
  readonly rules: readonly { readonly id: string; readonly when?: When; readonly outcome: object }[];
  readonly unclassified: { readonly outcome: object };
}

const withIds = <T extends object>(prefix: string, rows: readonly T[]) =>
  rows.map((row, i) => ({ id: `${prefix}-${i}`, because: `Because of ${prefix} ${i}.`, ...row }));

const source: fc.Arbitrary<Source> = fc.record({
  invariants: fc
    .array(fc.record({ when: whenPlain, never: some(TIERS.slice(0, 3)), instead: outcome }), { maxLength: 3 })
    .map((rows) => withIds('invariant', rows)),
  rules: fc
    .array(fc.record({ when: fc.oneof(whenPlain, whenAny), outcome }), { maxLength: 6 })
    .chain((rows) => outcome.map((last) => withIds('rule', [...rows, { outcome: last }]))),
  unclassified: outcome.map((last) => ({ because: 'Nobody could tell.', outcome: last })),
});

const BANDS = {
  confidence: { high: 0.8, medium: 0.5 },
  difficulty: { hard: 0.7, medium: 0.4 },
  in_scope: { likely: 0.6, unsure: 0.3 },
  injection: { likely: 0.5, unsure: 0.3 },
};

/** Compiles; null where an invariant's `instead` breaks one above it, which the compiler refuses. */
function compile(policy: Source): Policy | null {
  // A JSON document is a YAML document.
  const text = JSON.stringify({ version: 1, bands: BANDS, ...policy }).replaceAll('"outcome":', '"then":');
  try {
    return compilePolicy(text, 'generated.yaml', { intents: INTENTS });
  } catch (error) {
    const isOrder = (message: string): boolean => message.startsWith('`instead` leads to');
    if (error instanceof PolicyError && error.problems.every(({ message }) => isOrder(message))) return null;
    throw error;
  }
}
const compiled = source
  .map((policy) => ({ source: policy, policy: compile(policy) }))
  .filter((pair): pair is { source: Source; policy: Policy } => pair.policy !== null);

const number = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1),
);
const classification: fc.Arbitrary<Classification> = fc.record({
  status: fc.constant('classified'),
  intent: fc.constantFrom(...INTENTS),
  confidence: number,
  inScope: number,
  urgency: fc.constantFrom(...URGENCIES),
  urgencyConfidence: number,
  difficulty: number,
  injection: fc.option(number),
  language: fc.constantFrom(...LANGUAGES),
  tokens: fc.nat(500),
  windows: fc.nat(3),
  truncated: fc.boolean(),
});
const unclassified: fc.Arbitrary<Unclassified> = fc.record({
  status: fc.constant('unclassified'),
  reason: fc.constantFrom('failed', 'late', 'busy', 'empty'),
});
const unlabelled: fc.Arbitrary<Omit<Facts, 'labels'>> = fc.record({
  tenant: fc.constantFrom(...TENANTS),
  model: fc.constantFrom(...MODELS),
  features: fc.oneof(fc.constant([]), fc.subarray([...FEATURES])),
  promptTokens: fc.nat(120),
  personal: fc.dictionary(fc.constantFrom(...KINDS), fc.nat(3), { maxKeys: 3 }),
});
const labels = fc.oneof(classification, unclassified);

// ── the naive reading ─────────────────────────────────────────────────────────────────────────────────────────────

const LABELLED = Object.keys(labelled) as (keyof When)[];

function plainHolds(when: When, facts: Facts): boolean {
  const kinds = (Object.keys(facts.personal) as EntityKind[]).filter(
    (kind) => (facts.personal[kind] ?? 0) > 0,
  );
  const isOwn = facts.model.startsWith('tiergate-');
  const { personal, prompt_tokens: tokens } = when;
  return (
    (when.tenant?.includes(facts.tenant) ?? true) &&
    (when.model?.some((name) => name === facts.model || (name === 'any-provider' && !isOwn)) ?? true) &&
    (when.features?.some((feature) => facts.features.some((needed) => needed === feature)) ?? true) &&
    (personal === undefined ||
      (personal === 'none'
        ? kinds.length === 0
        : personal === 'any'
          ? kinds.length > 0
          : kinds.some((k) => personal.includes(k)))) &&
    facts.promptTokens >= (tokens?.min ?? 0) &&
    facts.promptTokens <= (tokens?.max ?? Infinity)
  );
}

function labelsHold(when: When, l: Classification): boolean {
  const confidence = l.confidence >= 0.8 ? 'high' : l.confidence >= 0.5 ? 'medium' : 'low';
  const difficulty = l.difficulty >= 0.7 ? 'hard' : l.difficulty >= 0.4 ? 'medium' : 'easy';
  const injection =
    (l.injection ?? 0.4) >= 0.5 ? 'likely' : (l.injection ?? 0.4) >= 0.3 ? 'unsure' : 'unlikely';
  const inScope = l.inScope >= 0.6 ? 'likely' : l.inScope >= 0.3 ? 'unsure' : 'unlikely';
  return (
    (when.intent?.includes(l.intent) ?? true) &&
    (when.urgency?.includes(l.urgency ?? 'high') ?? true) &&
    (when.language?.includes(l.language) ?? true) &&
    (when.confidence?.includes(confidence) ?? true) &&
    (when.difficulty?.includes(difficulty) ?? true) &&
    (when.injection?.includes(injection) ?? true) &&
    (when.in_scope?.includes(inScope) ?? true)
  );
}

function ruleByTheBook(policy: Source, facts: Facts): string {
  for (const { id, when = {} } of policy.rules) {
    if (!plainHolds(when, facts)) continue;
    const needsLabels = LABELLED.some((key) => when[key] !== undefined);
    if (!needsLabels) return id;
    if (facts.labels === undefined) return 'needs_labels';
    if (facts.labels.status === 'unclassified') return 'unclassified';
    if (labelsHold(when, facts.labels)) return id;
  }
  return 'undecided';
}

// ── properties ────────────────────────────────────────────────────────────────────────────────────────────────────

const facts: fc.Arbitrary<Facts> = fc
  .tuple(unlabelled, fc.option(labels, { nil: undefined }))
  .map(([rest, known]) => (known === undefined ? rest : { ...rest, labels: known }));

const unlabelledAnd = <L>(known: fc.Arbitrary<L>) => fc.tuple(unlabelled, known);

/** Checks many requests against each policy: a policy takes far longer to compile than a request to decide. */
function everywhere<T>(given: fc.Arbitrary<T>, check: (one: T, policy: Policy, book: Source) => void): void {
  const many = fc.array(given, { minLength: 25, maxLength: 25 });
  fc.assert(
    fc.property(compiled, many, ({ source: book, policy }, all) => {
      for (const one of all) check(one, policy, book);
    }),
    { numRuns: 60 },
  );
}

const forbiddenBy = (book: Source, given: Facts): readonly Tier[] =>
  book.invariants.filter(({ when }) => plainHolds(when, given)).flatMap(({ never }) => never);

describe('decide', () => {
  test('takes the rule that the naive reading takes, or an invariant that holds', () => {
    everywhere(facts, (given, policy, book) => {
      const decision = decide(policy, given);
      const rule = ruleByTheBook(book, given);
      if (decision === 'needs_labels' || rule === 'needs_labels') {
        expect(decision).toBe(rule);
        return;
      }
      const invariant = book.invariants.find(({ id }) => id === decision.rule);
      if (invariant) expect(plainHolds(invariant.when, given)).toBe(true);
      else expect(decision.rule).toBe(rule);
      expect(decision.policyRevision).toBe(policy.revision);
    });
  });

  test('never ends where an invariant that holds forbids', () => {
    everywhere(facts, (given, policy, book) => {
      const decision = decide(policy, given);
      if (decision === 'needs_labels') return;
      const forbidden = forbiddenBy(book, given);
      expect(tiersOf(decision.outcome).filter((tier) => forbidden.includes(tier))).toEqual([]);
    });
  });

  test('leaves the rule alone where no invariant forbids its outcome', () => {
    everywhere(facts, (given, policy, book) => {
      const decision = decide(policy, given);
      if (decision === 'needs_labels') return;
      const id = ruleByTheBook(book, given);
      const { outcome: chosen, because } = [...policy.rules, policy.unclassified].find(
        (rule) => rule.id === id,
      )!;
      if (tiersOf(chosen).some((tier) => forbiddenBy(book, given).includes(tier))) return;
      expect(decision).toEqual({ outcome: chosen, rule: id, because, policyRevision: policy.revision });
    });
  });

  test('with labels, always decides, and decides the same again', () => {
    everywhere(unlabelledAnd(labels), ([rest, known], policy) => {
      const first = decide(policy, { ...rest, labels: known });
      expect(TIERS).toContain(first.outcome.tier);
      expect(decide(policy, { ...rest, labels: known })).toEqual(first);
    });
  });

  test('what is decided without labels is decided the same with any', () => {
    everywhere(unlabelledAnd(labels), ([rest, known], policy) => {
      const early = decide(policy, rest);
      if (early !== 'needs_labels') expect(decide(policy, { ...rest, labels: known })).toEqual(early);
    });
  });

  test('without a classification, never takes a rule below one that might have matched', () => {
    everywhere(unlabelledAnd(unclassified), ([rest, reason], policy) => {
      if (decide(policy, rest) !== 'needs_labels') return;
      const { rule } = decide(policy, { ...rest, labels: reason });
      expect(['unclassified', ...policy.invariants.map(({ id }) => id)]).toContain(rule);
    });
  });
});

describe('an invariant', () => {
  const policyWith = (then: string, instead: string): Policy =>
    compilePolicy(
      `version: 1
invariants:
  - { id: cards, because: Cards stay., when: { personal: [CREDIT_CARD] }, never: [cloud], instead: ${instead} }
rules: [{ id: all, because: All., then: ${then} }]
unclassified: { because: None., then: { cloud: {} } }`,
      'p.yaml',
      { intents: [] },
    );
  const withCard = {
    tenant: 'acme',
    model: 'tiergate-auto',
    features: [],
    promptTokens: 1,
    personal: { CREDIT_CARD: 1 },
  };

  test('that forbids the outcome puts its own in place, and is named', () => {
    const policy = policyWith('{ cloud: {} }', '{ human: { queue: care, priority: low } }');
    expect(decide(policy, withCard)).toMatchObject({
      rule: 'cards',
      because: 'Cards stay.',
      outcome: { tier: 'human', queue: 'care', priority: 'low' },
    });
  });

  test('that forbids only what follows a local answer leaves the attempt and the rule', () => {
    const policy = policyWith(
      '{ local: { bar: 0.7, otherwise: { cloud: {} } } }',
      '{ human: { queue: care, priority: low } }',
    );
    expect(decide(policy, withCard)).toMatchObject({
      rule: 'all',
      outcome: { tier: 'local', bar: 0.7, otherwise: { tier: 'human' } },
    });
  });

  test('whose own outcome begins locally, puts its end after a local answer', () => {
    const instead = '{ local: { bar: 0.9, otherwise: { refuse: { message: No. } } } }';
    const policy = policyWith('{ local: { bar: 0.7, otherwise: { cloud: {} } } }', instead);
    expect(decide(policy, withCard)).toMatchObject({
      outcome: { tier: 'local', bar: 0.7, otherwise: { tier: 'refuse' } },
    });
  });

  test('holds when the classifier is down', () => {
    const policy = policyWith('{ cloud: {} }', '{ human: { queue: care, priority: low } }');
    expect(decide(policy, { ...withCard, labels: { status: 'unclassified', reason: 'failed' } }).rule).toBe(
      'cards',
    );
  });

  test('does not touch the snapshot', () => {
    const policy = policyWith(
      '{ local: { bar: 0.7, otherwise: { cloud: {} } } }',
      '{ human: { queue: care, priority: low } }',
    );
    decide(policy, withCard);
    expect(decide(policy, { ...withCard, personal: {} })).toMatchObject({
      outcome: { otherwise: { tier: 'cloud' } },
    });
  });
});

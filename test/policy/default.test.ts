/** The policy that is shipped: its own tests pass, and they leave no rule out. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { decide } from '../../src/decide/decide.ts';
import { ENTITY_KINDS } from '../../src/personal-kinds.ts';
import { runPolicyTests } from '../../src/policy/cases.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { FEATURES, situationOf, tiersOf } from '../../src/policy/policy.ts';
import { type Facts, URGENCIES } from '../../src/shapes.ts';

const read = (name: string): string =>
  readFileSync(new URL(`../../policies/${name}`, import.meta.url), 'utf8');
const { labels } = parse(read('labels/intent.yaml')) as { labels: Record<string, unknown> };
const intents = Object.keys(labels);
const policy = compilePolicy(read('default.yaml'), 'default.yaml', { intents });
const passed = runPolicyTests(policy, read('default.test.yaml'), 'default.test.yaml', { intents }, decide);

describe('the tests of the default policy', () => {
  test.each([...policy.rules, policy.unclassified].map(({ id }) => id))('reach %s', (id) => {
    expect(passed.map(({ decision }) => decision.rule)).toContain(id);
  });

  test.each(policy.rules.filter(({ plain, labelled }) => plain.length + labelled.length > 0))(
    'have a near miss of $id: one condition fails, and another rule decides',
    ({ id, plain, labelled }) => {
      const isNearMiss = ({ facts, decision }: (typeof passed)[number]): boolean => {
        const situation = situationOf(facts, policy.kinds);
        const failing = [...plain, ...labelled].filter(({ holds }) => !holds(situation));
        return failing.length === 1 && decision.rule !== id;
      };
      expect(passed.some(isNearMiss)).toBe(true);
    },
  );

  test.each(['medical-records-stay', 'secrets-stay'])('reach the invariant %s', (id) => {
    expect(passed.map(({ decision }) => decision.rule)).toContain(id);
  });
});

test('every intent of the shipped labels has a place in the default policy', () => {
  const source = read('default.yaml');
  expect(intents.filter((intent) => !new RegExp(`\\b${intent}\\b`).test(source))).toEqual([]);
});

describe('whatever a request says, the default policy sends nothing out', () => {
  const facts: fc.Arbitrary<Facts> = fc.record({
    tenant: fc.constantFrom('acme', 'development'),
    model: fc.constantFrom('tiergate-auto', 'tiergate-local', 'tiergate-cloud', 'openai/gpt-5', 'gpt-5-mini'),
    features: fc.subarray([...FEATURES]),
    promptTokens: fc.nat(100_000),
    personal: fc.dictionary(fc.constantFrom(...ENTITY_KINDS), fc.integer({ min: 1, max: 3 }), { maxKeys: 3 }),
    labels: fc.oneof(
      fc.record({
        status: fc.constant('classified'),
        intent: fc.constantFrom(...intents),
        confidence: fc.double({ min: 0, max: 1, noNaN: true }),
        inScope: fc.double({ min: 0, max: 1, noNaN: true }),
        urgency: fc.constantFrom(...URGENCIES),
        urgencyConfidence: fc.constant(1),
        difficulty: fc.double({ min: 0, max: 1, noNaN: true }),
        injection: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
        language: fc.constantFrom('en', 'de', 'und'),
        tokens: fc.constant(9),
        windows: fc.constant(1),
        truncated: fc.boolean(),
      }),
      fc.record({ status: fc.constant('unclassified'), reason: fc.constantFrom('failed', 'late') }),
    ),
  });
  const leaves = (given: Facts): boolean => {
    const decision = decide(policy, given);
    return decision !== 'needs_labels' && tiersOf(decision.outcome).includes('cloud');
  };

  test.each<[string, (given: Facts) => Facts]>([
    [
      'that holds a medical record number',
      (f) => ({ ...f, personal: { ...f.personal, MEDICAL_RECORD_NUMBER: 1 } }),
    ],
    ['that holds an NHS number', (f) => ({ ...f, personal: { ...f.personal, UK_NHS: 1 } })],
    ['that holds a secret', (f) => ({ ...f, personal: { ...f.personal, SECRET: 1 } })],
    [
      'that brings a picture and names no model',
      (f) => ({ ...f, model: 'tiergate-auto', features: ['images'] }),
    ],
    ['of an application that asked for tiergate-local', (f) => ({ ...f, model: 'tiergate-local' })],
    [
      'of a customer whom nobody understood',
      (f) => ({
        ...f,
        model: 'tiergate-auto',
        features: [],
        labels: { status: 'unclassified', reason: 'late' },
      }),
    ],
  ])('%s', (_, make) => {
    fc.assert(fc.property(facts, (given) => !leaves(make(given))));
  });

  test('which is no wonder if nothing ever left; but some does', () => {
    expect(fc.sample(facts, { numRuns: 200, seed: 1 }).some(leaves)).toBe(true);
  });
});

/** `max_error`: what it takes for it to hold, and for whom a calibration is good. */
import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/decide/decide.ts';
import { runPolicyTests } from '../../src/policy/cases.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import type { Facts } from '../../src/shapes.ts';
import { factsOf } from '../facts.ts';
import { vocabulary } from './vocabulary.ts';

const POLICY = `version: 1
bands: { confidence: { high: 0.8, medium: 0.5 } }
invariants:
  - { id: numbers-stay, because: They stay., when: { personal: [UK_NHS] }, never: [cloud], instead: { refuse: { message: No. } } }
rules:
  - { id: urgent, because: People., when: { urgency: [critical] }, then: { human: { queue: care, priority: high } } }
  - { id: orders, because: Sure., when: { intent: [order_status], max_error: 1% }, then: { local: { bar: 0.5, otherwise: { cloud: {} } } } }
  - { id: complaints, because: Sure., when: { intent: [complaint], max_error: 2.5% }, then: { local: { bar: 0.5, otherwise: { cloud: {} } } } }
  - { id: all, because: All., then: { cloud: {} } }
unclassified: { because: None., then: { human: { queue: care, priority: high } } }
`;
const policy = compilePolicy(POLICY, 'p.yaml', vocabulary);
const facts: Facts = factsOf();

describe('a rule with max_error', () => {
  const ruleWith = (thresholds: Facts['thresholds']) => {
    const decision = decide(policy, thresholds === undefined ? facts : { ...facts, thresholds });
    return decision === 'needs_labels' ? decision : decision.rule;
  };
  test('takes a request from the threshold on that was found for it', () => {
    expect(ruleWith({ orders: 0.9 })).toBe('orders');
    expect(ruleWith({ orders: 0.900001 })).toBe('all');
    expect(ruleWith({ orders: 0 })).toBe('orders');
  });
  test('takes nothing without one: not with that of another rule, nor with one that is no number', () => {
    expect(ruleWith(undefined)).toBe('all');
    expect(ruleWith({})).toBe('all');
    expect(ruleWith({ complaints: 0 })).toBe('all');
    expect(ruleWith({ orders: Number.NaN })).toBe('all');
  });
  test('needs labels, and leaves the request to the row for those that have none', () => {
    const { labels: _, ...unlabelled } = facts;
    expect(decide(policy, { ...unlabelled, thresholds: { orders: 0 } })).toBe('needs_labels');
    const failed = { ...unlabelled, labels: { status: 'unclassified', reason: 'late' } as const };
    expect(decide(policy, { ...failed, thresholds: { orders: 0 } })).toMatchObject({ rule: 'unclassified' });
  });
  test('is listed with what it promises', () => {
    expect(policy.guarantees.map(({ rule, errorMax }) => [rule, errorMax])).toEqual([
      ['orders', 0.01],
      ['complaints', 0.025],
    ]);
  });
});

describe('a calibration is good for a rule as long as the same requests get there', () => {
  const scopesWith = (from: string, to: string) => {
    expect(POLICY).toContain(from);
    return compilePolicy(POLICY.replace(from, to), 'p.yaml', vocabulary).guarantees.map(({ scope }) => scope);
  };
  const before = policy.guarantees.map(({ scope }) => scope);

  test.each([
    ['another promise', 'max_error: 1%', 'max_error: 5%'],
    ['other words', 'because: Sure.', 'because: Very sure.'],
    ['a comment', 'version: 1', 'version: 1 # the first'],
    ['another outcome', 'bar: 0.5', 'bar: 0.6'],
    ['a rule below', 'id: all', 'id: everything'],
    ['a word on personal data', 'version: 1', 'version: 1\npersonal: { actions: { AGE: mask } }'],
  ])('%s changes nothing about that', (_, from, to) => {
    expect(scopesWith(from, to)).toEqual(before);
  });
  test.each([
    ['a rule above', 'urgency: [critical]', 'urgency: [high, critical]'],
    ['an invariant', 'personal: [UK_NHS]', 'personal: any'],
    ['the bands', 'high: 0.8', 'high: 0.9'],
    [
      'an action that keeps requests in the house',
      'version: 1',
      'version: 1\npersonal: { actions: { AGE: { on_prem: { human: { queue: care, priority: high } } } } }',
    ],
    [
      'an action of a tenant',
      'version: 1',
      'version: 1\npersonal: { tenants: { acme: { actions: { AGE: { refuse: { message: No. } } } } } }',
    ],
    ['its own conditions', 'intent: [order_status]', 'intent: [order_status, account_security]'],
  ])('%s does', (_, from, to) => {
    const after = scopesWith(from, to);
    expect(after.every((scope, i) => scope !== before[i])).toBe(true);
  });
  test('a change below leaves those above alone', () => {
    const [orders, complaints] = scopesWith('intent: [complaint]', 'intent: [account_security]');
    expect([orders === before[0], complaints === before[1]]).toEqual([true, false]);
  });
});

describe('a case', () => {
  const run = (given: string, rule: string, tier: string) =>
    runPolicyTests(
      policy,
      `version: 1\ncases: [{ name: One, given: { ${given} }, expect: { rule: ${rule}, tier: ${tier} } }]`,
      'p.test.yaml',
      vocabulary,
      decide,
    );
  test('takes a promise for kept, unless it says otherwise', () => {
    expect(run('intent: order_status', 'orders', 'local')).toHaveLength(1);
    expect(run('intent: order_status, max_error: kept', 'orders', 'local')).toHaveLength(1);
    expect(run('intent: order_status, max_error: not_kept', 'all', 'cloud')).toHaveLength(1);
  });
  test('is told what it can say about it', () => {
    expect(() => run('intent: order_status, max_error: 1%', 'orders', 'local')).toThrow(
      '`1%` is not a word for whether `max_error` is kept.',
    );
  });
});

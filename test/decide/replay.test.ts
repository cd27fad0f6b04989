import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { replay } from '../../src/decide/replay.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import type { Facts } from '../../src/shapes.ts';
import { factsOf, labelled } from '../facts.ts';

const source = readFileSync(new URL('../policy/fixtures/tests/policy.yaml', import.meta.url), 'utf8');
const compile = (text: string) => compilePolicy(text, 'p.yaml', { intents: ['complaint', 'order_status'] });
const policy = compile(source);

const labels = labelled({ intent: 'complaint', confidence: 0.7 });
const facts: Facts = factsOf(labels, { promptTokens: 9 });
const recorded = { facts, rule: 'everything-else', tierDecided: 'cloud' } as const;

test('the policy of its time proves a record, read back from JSON', () => {
  expect(replay(JSON.parse(JSON.stringify(recorded)), policy).verdict).toBe('same');
});

test('another policy shows what moves', () => {
  const wider = compile(source.replace('confidence: [high]', 'confidence: [high, medium]'));
  expect(replay(recorded, wider)).toMatchObject({
    verdict: 'moved',
    now: { rule: 'complaints', outcome: { tier: 'human' } },
  });
});

test('a record that was changed does not pass', () => {
  expect(replay({ ...recorded, tierDecided: 'local' }, policy).verdict).toBe('moved');
});

test('a request that was never classified cannot be decided by a policy that asks for labels', () => {
  const { labels: _, ...unlabelled } = facts;
  expect(replay({ ...recorded, facts: unlabelled }, policy)).toEqual({ verdict: 'needs_labels' });
});

test('a request that ended before it was decided has nothing to compare', () => {
  expect(replay({ facts: null, rule: null, tierDecided: null }, policy)).toEqual({ verdict: 'undecided' });
});

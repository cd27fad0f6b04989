/** Each condition at its edges. How conditions combine is held against a naive reading in test/decide. */
import { describe, expect, test } from '@jest/globals';
import { compilePolicy } from '../../src/policy/compile.ts';
import { allHold, situationOf } from '../../src/policy/policy.ts';
import type { Classification, Facts } from '../../src/shapes.ts';
import { labelled } from '../facts.ts';
import { vocabulary } from './vocabulary.ts';

const labels = labelled({ intent: 'complaint' });
const facts: Facts = { tenant: 'acme', model: 'tiergate-auto', features: [], promptTokens: 20, personal: {} };

function holds(when: string, given: Partial<Facts>, classified: Partial<Classification> = {}): boolean {
  const source = `version: 1
bands:
  confidence: { high: 0.8, medium: 0.5 }
  difficulty: { hard: 0.7, medium: 0.4 }
  in_scope: { likely: 0.6, unsure: 0.3 }
  injection: { likely: 0.5, unsure: 0.2 }
rules:
  - { id: one, because: One., when: { ${when} }, then: { cloud: {} } }
  - { id: all, because: All., then: { cloud: {} } }
unclassified: { because: None., then: { cloud: {} } }`;
  const policy = compilePolicy(source, 'p.yaml', vocabulary);
  const rule = policy.rules[0]!;
  const situation = situationOf({ ...facts, ...given, labels: { ...labels, ...classified } }, policy.kinds);
  return allHold(rule.plain, situation) && allHold(rule.labelled, situation);
}

describe('a band begins at its bound', () => {
  test.each([
    ['confidence: high', { confidence: 0.8 }, true],
    ['confidence: high', { confidence: 0.799 }, false],
    ['confidence: medium', { confidence: 0.5 }, true],
    ['confidence: medium', { confidence: 0.8 }, false],
    ['confidence: low', { confidence: 0.499 }, true],
    ['confidence: low', { confidence: 0.5 }, false],
    ['difficulty: hard', { difficulty: 0.7 }, true],
    ['difficulty: [easy, medium]', { difficulty: 0.699 }, true],
    ['difficulty: easy', { difficulty: 0.4 }, false],
    ['in_scope: likely', { inScope: 0.6 }, true],
    ['in_scope: unsure', { inScope: 0.3 }, true],
    ['in_scope: unlikely', { inScope: 0.3 }, false],
    ['in_scope: unlikely', { inScope: 0 }, true],
    ['injection: likely', { injection: 0.5 }, true],
    ['injection: unlikely', { injection: 0.199 }, true],
    ['injection: unsure', { injection: null }, true],
    ['injection: [likely, unlikely]', { injection: null }, false],
  ])('%s, %j: %s', (when, classified, expected) => {
    expect(holds(when, {}, classified)).toBe(expected);
  });
});

describe('what can be told without labels', () => {
  test.each<[string, Partial<Facts>, boolean]>([
    ['personal: none', {}, true],
    ['personal: none', { personal: { SECRET: 0 } }, true],
    ['personal: none', { personal: { SECRET: 1 } }, false],
    ['personal: any', {}, false],
    ['personal: any', { personal: { LOCATION: 1 } }, true],
    ['personal: [SECRET, EMAIL_ADDRESS]', { personal: { EMAIL_ADDRESS: 2, LOCATION: 1 } }, true],
    ['personal: [SECRET]', { personal: { EMAIL_ADDRESS: 2 } }, false],
    ['features: [tools, images]', { features: ['images'] }, true],
    ['features: [tools, images]', { features: ['logprobs'] }, false],
    ['features: [tools, images]', {}, false],
    ['prompt_tokens: { min: 20 }', {}, true],
    ['prompt_tokens: { min: 21 }', {}, false],
    ['prompt_tokens: { max: 20 }', {}, true],
    ['prompt_tokens: { max: 19 }', {}, false],
    ['model: [any-provider]', {}, false],
    ['model: [any-provider]', { model: 'gpt-5-mini' }, true],
    ['model: [openai/gpt-5-mini]', { model: 'openai/gpt-5-mini' }, true],
    ['model: [openai/gpt-5-mini]', { model: 'openai/gpt-5' }, false],
    ['tenant: [acme]', { tenant: 'acme' }, true],
    ['tenant: [acme]', { tenant: 'globex' }, false],
  ])('%s, %j: %s', (when, given, expected) => {
    expect(holds(when, given)).toBe(expected);
  });
});

test('a message whose urgency cannot be told counts as high', () => {
  const untold = { urgency: null };
  expect(holds('intent: complaint, urgency: [high, critical]', {}, untold)).toBe(true);
  expect(holds('intent: complaint, urgency: [critical]', {}, untold)).toBe(false);
  expect(holds('intent: complaint, urgency: [low, normal]', {}, untold)).toBe(false);
});

test('every condition of a rule must hold', () => {
  expect(holds('intent: complaint, urgency: [high, critical]', {}, { urgency: 'high' })).toBe(true);
  expect(holds('intent: complaint, urgency: [high, critical]', {})).toBe(false);
  expect(holds('intent: order_status, urgency: normal', {})).toBe(false);
});

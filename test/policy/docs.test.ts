/** The guide for compliance editors: its examples work, and it leaves no word of the language out. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { decide } from '../../src/decide/decide.ts';
import { kindsIn } from '../../src/detect/kinds-in.ts';
import { ENTITY_KINDS } from '../../src/personal-kinds.ts';
import { runPolicyTests } from '../../src/policy/cases.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { CONDITIONS } from '../../src/policy/conditions.ts';
import { BANDS, FEATURES } from '../../src/policy/policy.ts';
import { PRIORITIES, TIERS, URGENCIES } from '../../src/shapes.ts';

const guide = readFileSync(new URL('../../docs/policies.md', import.meta.url), 'utf8');
const blocks = [...guide.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block]) => block ?? '');
const vocabulary = { intents: ['order_status', 'return_item', 'speak_to_person'] };

const whole = blocks.find((block) => block.includes('rules:')) ?? '';
const [cases = '', casesWithText = ''] = blocks.filter((block) => block.includes('cases:'));
const fragments = blocks.filter((block) => block !== whole && !block.includes('cases:'));
const personal = fragments.find((block) => block.startsWith('personal:')) ?? '';

test('its policy compiles and passes its tests', () => {
  const policy = compilePolicy(whole, 'guide.yaml', vocabulary);
  expect(runPolicyTests(policy, cases, 'guide.test.yaml', vocabulary, decide)).toHaveLength(3);
});

test('what it says of personal data passes its test', () => {
  const policy = compilePolicy(`${whole}\n${personal}`, 'guide.yaml', vocabulary);
  const searching = { ...vocabulary, kindsIn };
  expect(runPolicyTests(policy, casesWithText, 'guide.test.yaml', searching, decide)).toHaveLength(2);
});

test('its other examples compile', () => {
  const rest =
    'rules: [{ id: all, because: All., then: { cloud: {} } }]\nunclassified: { because: None., then: { cloud: {} } }\n';
  expect(fragments.length).toBeGreaterThan(0);
  for (const fragment of fragments) compilePolicy(`version: 1\n${fragment}${rest}`, 'guide.yaml', vocabulary);
});

test.each([
  ...CONDITIONS,
  ...FEATURES,
  ...URGENCIES,
  ...TIERS,
  ...PRIORITIES,
  ...Object.values(BANDS).flat(),
  ...ENTITY_KINDS,
])('it has the word %s', (word) => {
  expect(guide).toContain(`\`${word}\``);
});

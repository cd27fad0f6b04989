/** The schema that editors complete and check by speaks the language that the compiler speaks. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ENTITY_KINDS } from '../../src/personal-kinds.ts';
import { CONDITIONS, PLAIN_CONDITIONS } from '../../src/policy/conditions.ts';
import { isCustomKind } from '../../src/policy/kinds.ts';
import { ACTION_WORDS } from '../../src/policy/personal/actions.ts';
import { ANSWERS, KEYS } from '../../src/policy/personal/personal.ts';
import { BANDS, FEATURES } from '../../src/policy/policy.ts';
import { PRIORITIES, TIERS, URGENCIES } from '../../src/shapes.ts';

const schema = JSON.parse(readFileSync(new URL('../../policies/schema.json', import.meta.url), 'utf8'));
const { when, whenWithoutLabels, invariant, human, kind, customKind, personal, personalOfTenant, action } =
  schema.definitions;
const words = (property: { oneOf: readonly { enum?: readonly string[] }[] }): unknown =>
  property.oneOf[0]?.enum;

test('it has the conditions', () => {
  expect(Object.keys(when.properties).toSorted()).toEqual(CONDITIONS.toSorted());
  expect(Object.keys(whenWithoutLabels.properties).toSorted()).toEqual(PLAIN_CONDITIONS.toSorted());
});

test('it has the words', () => {
  expect(words(when.properties.features)).toEqual(FEATURES);
  expect(words(when.properties.urgency)).toEqual(URGENCIES);
  expect(kind.anyOf[0].enum).toEqual(ENTITY_KINDS);
  expect(words(invariant.properties.never)).toEqual(TIERS);
  expect(human.properties.priority.enum).toEqual(PRIORITIES);
});

test('it has the section on personal data', () => {
  expect(Object.keys(personalOfTenant.properties)).toEqual(KEYS);
  expect(Object.keys(personal.properties)).toEqual([...KEYS, 'tenants']);
  expect(action.anyOf[0].enum).toEqual(ACTION_WORDS);
  expect(personal.properties.answers.enum).toEqual(ANSWERS);
});

test.each([
  'CUSTOM_A',
  'CUSTOM_STAFF_ID',
  'CUSTOM_',
  'CUSTOM_A__B',
  'CUSTOM_A_',
  'CUSTOM_A1',
  `CUSTOM_${'A'.repeat(26)}`,
])('it takes %s for a kind where the compiler does', (word) => {
  const { pattern, maxLength } = customKind;
  expect(new RegExp(pattern).test(word) && word.length <= maxLength).toBe(isCustomKind(word));
});

test.each(Object.entries(BANDS))('it has the bands of %s', (family, bands) => {
  expect(words(when.properties[family])).toEqual(bands);
  expect(Object.keys(schema.properties.bands.properties[family].properties)).toEqual(bands.slice(0, 2));
});

test('the shipped policy names it in its first line', () => {
  const policy = readFileSync(new URL('../../policies/default.yaml', import.meta.url), 'utf8');
  expect(policy.split('\n')[0]).toBe('# yaml-language-server: $schema=./schema.json');
});

/** What the tests beside a policy get to know of a text. */
import { expect, test } from '@jest/globals';
import { createDetect } from '../../src/detect/detect.ts';
import { kindsIn } from '../../src/detect/kinds-in.ts';
import { EVERYTHING } from '../../src/policy/personal-rules.ts';
import { rulesWith } from '../policy/personal/compiled.ts';

const strict = rulesWith(String.raw`  custom: [{ kind: CUSTOM_CASE, pattern: 'case\d{3}' }]
  actions: { CUSTOM_CASE: { refuse: { message: No. } }, URL: ignore }`);

test.each([
  ['nothing', EVERYTHING],
  ['jane@example.org, joe@example.org and 4111 1111 1111 1111', EVERYTHING],
  ['case123, case124', strict],
  ['case123@example.org', strict],
  ['https://jane:hunter2@files.example/x', strict],
])('%j: what a request with it would be found to hold', async (text, rules) => {
  const { kinds } = await createDetect()([text], rules);
  expect(kindsIn(text, rules)).toEqual(kinds);
});

/** What a policy says of personal data, at work: in the search of a request, and in the last look at what leaves. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createDetect, type Detector } from '../../src/detect/detect.ts';
import { containsPersonal } from '../../src/detect/structured.ts';
import type { EntityKind } from '../../src/personal-kinds.ts';
import type { Detection, PersonalRules } from '../../src/shapes.ts';
import { rulesWith } from '../policy/personal/compiled.ts';

const detect = createDetect();
const said = ({ leaves, findings }: Detection): string[] =>
  findings.map(({ leaf, start, end, kind }) => `${kind} ${leaves[leaf]!.text.slice(start, end)}`);
const foundIn = async (text: string, rules: PersonalRules): Promise<string[]> =>
  said(await detect([text], rules));

/** A model that takes every word with a capital for a person. */
const names = (score: number): Detector => ({
  name: 'names',
  kinds: ['PERSON'],
  find: (leaves) =>
    leaves.flatMap(({ text }, leaf) =>
      [...text.matchAll(/\b[A-Z][a-z]+\b/g)].map(({ index, 0: word }) => ({
        leaf,
        start: index,
        end: index + word.length,
        kind: 'PERSON' as EntityKind,
        score,
        detector: 'names',
        view: 'raw' as const,
      })),
    ),
});

const OWN = String.raw`  custom:
    - { kind: CUSTOM_STAFF, pattern: 'S-\d{6}' }
    - { kind: CUSTOM_BADGE, pattern: '\d{5}', context: [badge] }
  deny: [{ value: [Project Falcon], kind: CUSTOM_PROJECT }]`;

describe('values of the organisation’s own', () => {
  const rules = rulesWith(OWN);
  test.each([
    ['I am S-123456 of project falcon.', ['CUSTOM_STAFF S-123456', 'CUSTOM_PROJECT project falcon']],
    ['my badge: 12345, my order: 54321', ['CUSTOM_BADGE 12345']],
    [
      'S\u2011１２３４５６ and Project\u00a0Fal\u00adcon',
      ['CUSTOM_STAFF S\u2011１２３４５６', 'CUSTOM_PROJECT Project\u00a0Fal\u00adcon'],
    ],
    ['nothing of it', []],
  ])('are found in %j', async (text, values) => {
    expect(await foundIn(text, rules)).toEqual(values);
  });

  test('are found by the name of their field, in other turns, and counted', async () => {
    const detection = await detect([{ badge: '12345' }, 'Is 12345 right?'], rules);
    expect(said(detection)).toEqual(['CUSTOM_BADGE 12345', 'CUSTOM_BADGE 12345']);
    expect(detection.kinds).toEqual({ CUSTOM_BADGE: 2 });
    expect(detection.findings.map(({ detector }) => detector)).toEqual(['custom', 'spread']);
  });

  test('must not leave', () => {
    expect(containsPersonal(['I am S-123456'], rules)).toBe(true);
    expect(containsPersonal(['I am S-12345'], rules)).toBe(false);
    expect(containsPersonal(['I am S-123456'])).toBe(false);
  });
});

describe('what the policy leaves alone', () => {
  const rules = rulesWith(String.raw`  allow:
    - support@corp.example
    - { pattern: '[a-z]+@press\.example', kinds: [EMAIL_ADDRESS] }
    - Ernst & Young
  actions: { URL: ignore }
  thresholds: { PERSON: 0.6 }`);
  const text = 'Ask support@corp.example, me@press.example or jane@corp.example.';

  test('is not found, and may leave', async () => {
    expect(await foundIn(text, rules)).toEqual(['EMAIL_ADDRESS jane@corp.example']);
    expect(containsPersonal([text.replace('jane@', '')], rules)).toBe(false);
    expect(containsPersonal([text], rules)).toBe(true);
  });

  test('hides nothing else that it covers: within a URL of an ignored kind, an address is found', async () => {
    const url = 'https://jane:hunter2@files.example/?email=jane@corp.example';
    const [ignored, usual] = [await foundIn(url, rules), await foundIn(url, rulesWith('  {}'))];
    expect(usual.join()).toContain('URL');
    expect(ignored.join()).not.toContain('URL');
    expect(ignored.join()).toContain('jane@corp.example');
  });

  test.each([
    [0.6, ['PERSON Jane']],
    [0.59, []],
  ])('of a model too: with a score of %s', async (score, values) => {
    const found = await createDetect([names(score)])(['it was Jane of Ernst & Young'], rules);
    expect(said(found)).toEqual(values);
  });
});

test('a name in an allowed value is left alone, even where it is known from elsewhere', async () => {
  const jane: Detector = {
    ...names(0.95),
    find: (leaves) => [
      {
        leaf: 0,
        start: 0,
        end: leaves[0]!.text.length,
        kind: 'PERSON',
        score: 0.95,
        detector: 'names',
        view: 'raw',
      },
    ],
  };
  const body = ['Ernst Meyer', 'Meyer of Ernst & Young, and Ernst'];
  const said = async (rules: PersonalRules) =>
    (await createDetect([jane])(body, rules)).findings.map(({ leaf, start, end }) =>
      body[leaf]!.slice(start, end),
    );
  expect(await said(rulesWith('  {}'))).toEqual(['Ernst Meyer', 'Meyer', 'Ernst', 'Ernst']);
  const found = await createDetect([jane])(body, rulesWith('  allow: [Ernst & Young]'));
  expect(found.findings.map(({ start }) => start)).toEqual([0, 0, body[1]!.lastIndexOf('Ernst')]);
});

test('whatever the text around it, an allowed value is left alone and a denied one is found', async () => {
  const rules = rulesWith('  allow: [info@corp.example]\n  deny: [{ value: Falcon, kind: CUSTOM_PROJECT }]');
  const around = fc.stringMatching(/^[a-z ,.\n]{0,30}$/);
  await fc.assert(
    fc.asyncProperty(around, around, async (before, after) => {
      const text = `${before} Falcon info@corp.example ${after}`;
      expect(await foundIn(text, rules)).toEqual(['CUSTOM_PROJECT Falcon']);
    }),
    { numRuns: 50 },
  );
});

describe('a kind that may keep a request in the house', () => {
  const rules = rulesWith(String.raw`  custom: [{ kind: CUSTOM_CASE, pattern: 'case\d{3}' }]
  actions: { CUSTOM_CASE: { refuse: { message: No. } } }`);
  test('is told even where a longer finding covers it', async () => {
    const detection = await detect(['case123@example.org'], rules);
    expect(said(detection)).toEqual(['EMAIL_ADDRESS case123@example.org']);
    expect(detection.kinds).toEqual({ EMAIL_ADDRESS: 1, CUSTOM_CASE: 1 });
  });
  test('is not, where nothing hangs on it', async () => {
    const harmless = rulesWith(String.raw`  custom: [{ kind: CUSTOM_CASE, pattern: 'case\d{3}' }]`);
    expect((await detect(['case123@example.org'], harmless)).kinds).toEqual({ EMAIL_ADDRESS: 1 });
  });
  test('is not, where another kind is surer of the same value', async () => {
    const mrn = rulesWith('  actions: { MEDICAL_RECORD_NUMBER: { refuse: { message: No. } } }');
    const { kinds } = await detect(['patient id 4111111111111111'], mrn);
    expect(kinds).toEqual({ CREDIT_CARD: 1 });
  });
});

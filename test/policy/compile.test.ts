import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide } from '../../src/decide/decide.ts';
import { runPolicyTests } from '../../src/policy/cases.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { PolicyError } from '../../src/policy/problem.ts';
import { POLICY_BYTES_MAX } from '../../src/policy/reader.ts';
import { vocabulary } from './vocabulary.ts';

const good = readFileSync(new URL('fixtures/tests/policy.yaml', import.meta.url), 'utf8');

const withPersonal = good.replace(
  '\nrules:',
  String.raw`
personal:
  kinds: [SECRET, EMAIL_ADDRESS, UK_NHS]
  thresholds: { EMAIL_ADDRESS: 0.5 }
  allow: [info@shop.example, { pattern: '.+@shop\.example', kinds: [EMAIL_ADDRESS] }]
  deny: [{ value: [Falcon, Blue Bird], kind: CUSTOM_PROJECT, because: Secret. }]
  custom: [{ kind: CUSTOM_STAFF, pattern: '\bS-[0-9]{4,6}', context: [staff], examples: [S-1234] }]
  actions:
    SECRET: { refuse: { message: No. } }
    UK_NHS: { on_prem: { refuse: { message: It stays. } } }
    CUSTOM_STAFF: mask
  answers: mask
  tenants: { acme: { actions: { UK_NHS: drop }, allow: [Acme] } }
rules:`,
);

/** Compiles, or gives the problems. Anything else that is thrown is a fault of the compiler. */
function problemsOf(source: string): PolicyError['problems'] {
  try {
    compilePolicy(source, 'p.yaml', vocabulary);
    return [];
  } catch (error) {
    if (error instanceof PolicyError) return error.problems;
    throw error;
  }
}

describe('compilePolicy', () => {
  test('names the revision by the source', () => {
    const digest = createHash('sha256').update(good).digest('hex');
    expect(compilePolicy(good, 'p.yaml', vocabulary).revision).toBe(digest.slice(0, 12));
  });

  test('makes a snapshot that cannot be changed', () => {
    const policy = compilePolicy(good, 'p.yaml', vocabulary);
    for (const part of [
      policy,
      policy.rules,
      policy.rules[0],
      policy.rules[0]?.outcome,
      policy.unclassified,
    ]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  test('keeps where each rule stands', () => {
    const { rules } = compilePolicy(good, 'p.yaml', vocabulary);
    expect(rules.map(({ id, line }) => `${id}:${line}`)).toEqual([
      'complaints:11',
      'orders:15',
      'everything-else:19',
    ]);
  });

  test('takes a byte order mark and Windows line endings', () => {
    expect(problemsOf(`\uFEFF${good.replaceAll('\n', '\r\n')}`)).toEqual([]);
  });

  test('shows a Windows line without its carriage return', () => {
    const [problem] = problemsOf(good.replace('complaint]', 'complain]').replaceAll('\n', '\r\n'));
    expect(problem).toMatchObject({ line: 13, excerpt: expect.not.stringContaining('\r') });
  });

  test('takes one value for a list of one', () => {
    expect(problemsOf(good.replace('[complaint]', 'complaint'))).toEqual([]);
  });

  test('does not check models and tenants that the caller does not know', () => {
    const source = good.replace('intent: [complaint]', 'model: [x/y], tenant: [z]');
    expect(problemsOf(source)).toHaveLength(2);
    expect(() => compilePolicy(source, 'p.yaml', { intents: vocabulary.intents })).not.toThrow();
  });

  test('does not check intents that the caller does not know: a kept policy is older than the labels', () => {
    const source = good.replace('[complaint]', '[long_gone]');
    expect(problemsOf(source)).toHaveLength(1);
    const policy = compilePolicy(source, 'p.yaml', {});
    const cases = `version: 1
cases:
  - { name: Old, given: { intent: long_gone }, expect: { rule: complaints, tier: human } }
  - { name: Other, given: { intent: complaint }, expect: { rule: everything-else, tier: cloud } }`;
    expect(runPolicyTests(policy, cases, 'p.test.yaml', {}, decide)).toHaveLength(2);
  });

  test('refuses a kind that nobody searches for: the rule would promise what it cannot hold', () => {
    const source = good.replace('[SECRET]', '[PERSON]');
    expect(problemsOf(source)).toEqual([]);
    expect(() => compilePolicy(source, 'p.yaml', { ...vocabulary, kinds: ['SECRET'] })).toThrow(
      '`PERSON` is not a kind of personal data that is searched for.',
    );
  });

  test('refuses a file that is too large, whatever it holds', () => {
    const [problem] = problemsOf(`${good}${'#'.repeat(POLICY_BYTES_MAX)}`);
    expect(problem?.message).toBe(`The file is larger than ${POLICY_BYTES_MAX} bytes.`);
  });

  test('reports no more than a hundred problems, and how many there are besides', () => {
    const problems = problemsOf(good.replace('[complaint]', `[${'x, '.repeat(150)}]`));
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)?.message).toBe('There are 50 more problems than are shown here.');
  });

  test.each([
    ['flow lists', '['],
    ['flow mappings', '{a: '],
    ['block lists', '- '],
    ['explicit keys', '? '],
  ])('refuses %s that would exhaust the stack', (_, opening) => {
    const [problem] = problemsOf(opening.repeat(20_000));
    expect(problem?.message).toBe('Nested more than 24 levels deep.');
  });
});

describe('whatever is done to a policy, it compiles or is refused with places that exist', () => {
  const pieces = [
    '*a',
    '&a ',
    '!x ',
    '"',
    "'",
    '[',
    ']',
    '{',
    '}',
    ': ',
    '- ',
    '\n',
    '\t',
    '#',
    '|',
    '?',
    '\0',
    '\u2028',
    '😀',
    '---\n',
    '%Y',
    'null',
    '1e999',
    '.nan',
    '<<: ',
  ];
  test.each([
    ['a policy', good],
    ['one that speaks of personal data', withPersonal],
  ])('%s, edited anywhere', (_, whole) => {
    expect(problemsOf(whole)).toEqual([]);
    const edit = fc.record({
      at: fc.nat({ max: whole.length }),
      removed: fc.nat({ max: 40 }),
      added: fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 8 })),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        let source = whole;
        for (const { at, removed, added } of edits) {
          source = source.slice(0, at) + added + source.slice(at + removed);
        }
        const lines = source.split('\n').length;
        for (const { line, column, message } of problemsOf(source)) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines + 1);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(message).toMatch(/[.]$/);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('cut off anywhere, it is refused', () => {
    // The row for unclassified requests comes last and must be there, so that a half-written file is never served.
    const end = good.lastIndexOf('  then:');
    fc.assert(fc.property(fc.nat({ max: end }), (at) => problemsOf(good.slice(0, at)).length > 0));
  });
});

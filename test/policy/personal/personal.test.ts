/** What the section `personal` comes to: the rules that a request takes along, and the invariants that it makes. */
import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../src/decide/decide.ts';
import { kindsIn } from '../../../src/detect/kinds-in.ts';
import { ENTITY_KINDS, type EntityKind } from '../../../src/personal-kinds.ts';
import { runPolicyTests } from '../../../src/policy/cases.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import { EVERYTHING } from '../../../src/policy/personal-rules.ts';
import type { Facts, PersonalRules } from '../../../src/shapes.ts';
import { factsOf } from '../../facts.ts';
import { vocabulary } from '../vocabulary.ts';
import { policyWith, rulesWith } from './compiled.ts';

const found = (personal: string, text: string, tenant = ''): string[] =>
  rulesWith(personal, tenant)
    .find({ text, says: (words, start) => words.test(text.slice(0, start)) })
    .map(({ start, end, kind }) => `${kind} ${text.slice(start, end)}`);

const counts = (rules: PersonalRules, kind: EntityKind, score: number, value: string): boolean =>
  rules.counts({ kind, score, start: 0, end: value.length }, value);

describe('without the section', () => {
  const rules = rulesWith('  {}');
  test.each(ENTITY_KINDS)('%s counts, however unsure', (kind) => {
    expect(counts(rules, kind, 0, 'x')).toBe(true);
    expect(rules.action(kind)).toBe('placeholder');
    expect(rules.decisive(kind)).toBe(false);
  });
  test('nothing of its own is found, and what answers bring is reported', () => {
    expect(rules.find({ text: 'E-123456 Project Falcon', says: () => true })).toEqual([]);
    expect(rules.answers).toBe('report');
  });
  test('and without a policy, everything counts', () => {
    expect(ENTITY_KINDS.every((kind) => counts(EVERYTHING, kind, 0, 'x'))).toBe(true);
  });
});

describe('which kinds', () => {
  test('are searched for can be listed', () => {
    const rules = rulesWith('  kinds: [EMAIL_ADDRESS, SECRET]');
    expect(counts(rules, 'SECRET', 1, 'x')).toBe(true);
    expect(counts(rules, 'PHONE_NUMBER', 1, 'x')).toBe(false);
  });
  test('are of its own is never in question, wherever they were found', () => {
    expect(counts(rulesWith('  kinds: [SECRET]'), 'CUSTOM_PROJECT', 1, 'x')).toBe(true);
  });
  test('are left alone can be said', () => {
    const rules = rulesWith('  actions: { URL: ignore }');
    expect(counts(rules, 'URL', 1, 'x')).toBe(false);
    expect(counts(rules, 'SECRET', 1, 'x')).toBe(true);
  });
  test('a finding must be of, and how sure it must be', () => {
    const rules = rulesWith('  thresholds: { PHONE_NUMBER: 0.7, PERSON: 0.9 }');
    expect(counts(rules, 'PHONE_NUMBER', 0.69, 'x')).toBe(false);
    expect(counts(rules, 'PHONE_NUMBER', 0.7, 'x')).toBe(true);
    expect(counts(rules, 'PERSON', 0.85, 'x')).toBe(false);
  });
  test('rules may speak of: no others', () => {
    const rest =
      'rules: [{ id: a, because: A., when: { personal: [URL] }, then: { cloud: {} } }, { id: b, because: B., then: { cloud: {} } }]\nunclassified: { because: N., then: { cloud: {} } }';
    expect(() => policyWith('  kinds: [SECRET]', rest)).toThrow('`URL` is not a kind');
    expect(() => policyWith('  actions: { URL: ignore }', rest)).toThrow('`URL` is not a kind');
    const byTenant = '  kinds: [SECRET]\n  tenants: { acme: { kinds: [URL] } }';
    expect(policyWith(byTenant, rest).rules).toHaveLength(2);
    const denied = '  kinds: [SECRET]\n  deny: [{ value: intranet, kind: URL }]';
    expect(policyWith(denied, rest).rules).toHaveLength(2);
  });
});

describe('what takes a value’s place', () => {
  test('is what the action says', () => {
    const rules = rulesWith('  actions: { CREDIT_CARD: mask, AGE: drop, URL: placeholder }');
    expect((['CREDIT_CARD', 'AGE', 'URL', 'SECRET'] as const).map((kind) => rules.action(kind))).toEqual([
      'mask',
      'drop',
      'placeholder',
      'placeholder',
    ]);
  });
  test('never comes back where the request was to stay', () => {
    const rules = rulesWith('  actions: { UK_NHS: { refuse: { message: No. } } }');
    expect(rules.action('UK_NHS')).toBe('mask');
  });
});

describe('patterns of its own', () => {
  const custom = String.raw`  custom:
    - { kind: CUSTOM_STAFF, pattern: 'S-\d{4}' }
    - { kind: CUSTOM_BADGE, pattern: '\d{6}', context: [badge, Ausweis Nr.] }`;
  test('find values of their kind', () => {
    expect(found(custom, 'S-1234 and S-12')).toEqual(['CUSTOM_STAFF S-1234']);
  });
  test('may need a word near', () => {
    expect(found(custom, 'My BADGE is 123456')).toEqual(['CUSTOM_BADGE 123456']);
    expect(found(custom, 'Ausweis Nr. 123456')).toEqual(['CUSTOM_BADGE 123456']);
    expect(found(custom, 'Ausweis Nrx 123456')).toEqual([]);
    expect(found(custom, 'badges 123456')).toEqual([]);
  });
  test('find no digits that were put together from a list, if no word says what they are', () => {
    const { find } = rulesWith(String.raw`  custom:
    - { kind: CUSTOM_STAFF, pattern: 'S-\d{4}' }
    - { kind: CUSTOM_ROOM, pattern: '\b\d{4}' }
    - { kind: CUSTOM_BADGE, pattern: '\d{6}', context: [badge] }`);
    const kindsIn = (text: string, needsProof: boolean) =>
      find({ text, needsProof, says: (words) => words.test(text) }).map(({ kind }) => kind);
    expect(kindsIn('S-1234, 123456', true)).toEqual(['CUSTOM_STAFF']);
    expect(kindsIn('badge 123456', true)).toEqual(['CUSTOM_BADGE']);
    expect(kindsIn('S-1234, 123456', false)).toEqual(['CUSTOM_STAFF', 'CUSTOM_ROOM', 'CUSTOM_ROOM']);
  });
  test('leave alone what is allowed, and a kind that is ignored', () => {
    expect(found(`${custom}\n  allow: [S-0000]`, 'S-0000 S-1111')).toEqual(['CUSTOM_STAFF S-1111']);
    expect(
      found(`${custom}\n  tenants: { acme: { actions: { CUSTOM_STAFF: ignore } } }`, 'S-1111', 'acme'),
    ).toEqual([]);
  });
});

describe('lists', () => {
  test('what is allowed is left alone, of the kinds that are named', () => {
    const rules = rulesWith(String.raw`  allow:
    - info@example.com
    - { value: +49 30 1234567, kinds: [PHONE_NUMBER], because: It is on our door. }
    - { pattern: '(?i)[a-z]+@corp\.example', kinds: [EMAIL_ADDRESS] }`);
    expect(counts(rules, 'EMAIL_ADDRESS', 1, 'Info@Example.com')).toBe(false);
    expect(counts(rules, 'EMAIL_ADDRESS', 1, 'my.info@example.com')).toBe(true);
    expect(counts(rules, 'PHONE_NUMBER', 1, '+49 (30) 1234-567')).toBe(false);
    expect(counts(rules, 'CREDIT_CARD', 1, '+49 30 1234567')).toBe(true);
    expect(counts(rules, 'EMAIL_ADDRESS', 1, 'press@corp.example')).toBe(false);
    expect(counts(rules, 'EMAIL_ADDRESS', 1, 'press@corp.example.org')).toBe(true);
    expect(counts(rules, 'URL', 1, 'press@corp.example')).toBe(true);
  });
  test('what is a part of an allowed value is left alone with it', () => {
    const rules = rulesWith('  allow: [Ernst & Young, { value: Bahnhof Berlin, kinds: [LOCATION] }]');
    const text = 'Ernst of ernst & young, Berlin of Bahnhof Berlin, Ernst & Youngster';
    const at = (start: number, length: number, kind: EntityKind = 'PERSON') =>
      rules.counts({ kind, score: 1, start, end: start + length }, text);
    expect(at(text.indexOf('ernst'), 5)).toBe(false);
    expect(at(0, 5)).toBe(true);
    expect(at(text.lastIndexOf('Ernst'), 5)).toBe(true);
    expect(at(text.indexOf('Bahnhof') + 8, 6, 'LOCATION')).toBe(false);
    expect(at(text.indexOf('Bahnhof') + 8, 6)).toBe(true);
    expect(at(text.indexOf('Berlin'), 6, 'LOCATION')).toBe(true);
    expect(at(text.indexOf('young'), 13)).toBe(true);
  });
  test('a denied value is hidden even if its kind is ignored', () => {
    const ignored = '  deny: [{ value: Jane Miller, kind: PERSON }]\n  actions: { PERSON: ignore }';
    expect(found(ignored, 'Jane Miller')).toEqual(['PERSON Jane Miller']);
    expect(rulesWith(ignored).action('PERSON')).toBe('placeholder');
  });
  test('what is denied is hidden even if it is allowed', () => {
    const lists =
      '  allow: [Project Falcon]\n  deny: [{ value: [Project Falcon, Blue Bird], kind: CUSTOM_PROJECT }]';
    expect(found(lists, 'project FALCON')).toEqual(['CUSTOM_PROJECT project FALCON']);
    expect(found(lists, 'The blue bird')).toEqual(['CUSTOM_PROJECT blue bird']);
  });
});

describe('a tenant', () => {
  const policy = String.raw`  kinds: [SECRET, URL]
  thresholds: { SECRET: 0.5 }
  allow: [intranet]
  deny: [{ value: Falcon, kind: CUSTOM_PROJECT }]
  custom: [{ kind: CUSTOM_STAFF, pattern: 'S-\d{4}' }]
  actions: { SECRET: mask, URL: drop }
  tenants:
    acme:
      allow: [extranet]
      deny: [{ value: Eagle, kind: CUSTOM_PROJECT }, { value: Falcon, kind: CUSTOM_BIRD }]
      custom: [{ kind: CUSTOM_ROOM, pattern: 'R-\d{4}' }]
      actions: { SECRET: placeholder, CUSTOM_ROOM: drop }
      answers: mask`;
  const [all, acme] = [rulesWith(policy), rulesWith(policy, 'acme')];
  const text = 'Falcon Eagle S-1111 R-2222';
  test('gets what is said for all, and what its section adds', () => {
    expect(found(policy, text)).toEqual(['CUSTOM_PROJECT Falcon', 'CUSTOM_STAFF S-1111']);
    expect(found(policy, text, 'acme')).toEqual([
      'CUSTOM_BIRD Falcon',
      'CUSTOM_PROJECT Eagle',
      'CUSTOM_STAFF S-1111',
      'CUSTOM_ROOM R-2222',
    ]);
    expect([all, acme].map((rules) => counts(rules, 'URL', 1, 'extranet'))).toEqual([true, false]);
    expect(counts(acme, 'URL', 1, 'intranet')).toBe(false);
    expect(counts(acme, 'SECRET', 0.4, 'x')).toBe(false);
  });
  test('has its own word on a kind in place of that for all', () => {
    expect([all, acme].map((rules) => rules.action('SECRET'))).toEqual(['mask', 'placeholder']);
    expect([all, acme].map((rules) => rules.action('URL'))).toEqual(['drop', 'drop']);
    expect([all, acme].map(({ answers }) => answers)).toEqual(['report', 'mask']);
  });
  test('may list its own kinds', () => {
    const rules = rulesWith('  kinds: [SECRET]\n  tenants: { acme: { kinds: [URL] } }', 'acme');
    expect([counts(rules, 'SECRET', 1, 'x'), counts(rules, 'URL', 1, 'x')]).toEqual([false, true]);
  });
});

describe('an action that keeps a request', () => {
  const policy = policyWith(`  deny: [{ value: Falcon, kind: CUSTOM_PROJECT }]
  actions:
    UK_NHS: { on_prem: { human: { queue: care, priority: high } }, because: It is health data. }
    SECRET: { refuse: { message: Please take it out. } }
    CUSTOM_PROJECT: { on_prem: { local: { bar: 0.5, otherwise: { refuse: { message: No. } } } } }
  tenants:
    acme: { actions: { UK_NHS: placeholder, SECRET: { on_prem: { human: { queue: desk, priority: low } } } } }`);
  const decided = (personal: Facts['personal'], tenant: string) =>
    decide(policy, factsOf({}, { tenant, personal }));

  test('is an invariant, with its words', () => {
    expect(decided({ UK_NHS: 1 }, 'globex')).toMatchObject({
      rule: 'personal-uk_nhs-on_prem',
      because: 'It is health data.',
      outcome: { tier: 'human', queue: 'care' },
    });
    expect(decided({ SECRET: 2 }, 'globex')).toMatchObject({
      rule: 'personal-secret-refuse',
      because: 'A request with SECRET is refused.',
      outcome: { tier: 'refuse', message: 'Please take it out.' },
    });
    expect(decided({ CUSTOM_PROJECT: 1 }, 'acme')).toMatchObject({
      rule: 'personal-custom_project-on_prem',
      outcome: { tier: 'local', otherwise: { tier: 'refuse' } },
    });
  });
  test('is what the tenant says, where it says something', () => {
    expect(decided({ UK_NHS: 1 }, 'acme')).toMatchObject({ rule: 'all' });
    expect(decided({ SECRET: 1 }, 'acme')).toMatchObject({
      rule: 'personal-secret-on_prem',
      outcome: { tier: 'human', queue: 'desk' },
    });
  });
  test('holds for no other kind', () => {
    expect(decided({ URL: 1, UK_NHS: 0 }, 'globex')).toMatchObject({ rule: 'all' });
  });
  test('refuses even where another action would keep', () => {
    expect(decided({ UK_NHS: 1, SECRET: 1 }, 'globex')).toMatchObject({ outcome: { tier: 'refuse' } });
  });
  test('hangs on its kind, as does what invariants speak of', () => {
    const rules = policy.personalRules('globex');
    expect([rules.decisive('UK_NHS'), rules.decisive('SECRET'), rules.decisive('URL')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(policy.personalRules('acme').decisive('UK_NHS')).toBe(false);
    const rest = `invariants: [{ id: urls-stay, because: Stay., when: { personal: [URL] }, never: [cloud], instead: { refuse: { message: No. } } }]
rules: [{ id: a, because: A., when: { personal: [AGE] }, then: { cloud: {} } }, { id: b, because: B., then: { cloud: {} } }]
unclassified: { because: N., then: { cloud: {} } }`;
    const other = policyWith('  {}', rest).personalRules('globex');
    expect([other.decisive('URL'), other.decisive('AGE')]).toEqual([true, false]);
  });
});

describe('what an invariant speaks of', () => {
  const policyOf = (personal: string, when: string) =>
    policyWith(
      personal,
      `invariants: [{ id: urls-stay, because: They stay., when: { ${when} }, never: [cloud], instead: { refuse: { message: No. } } }]
rules: [{ id: all, because: All., then: { cloud: {} } }]
unclassified: { because: None., then: { cloud: {} } }`,
    );
  const ignoring = '  tenants: { acme: { actions: { URL: ignore } } }';
  test('cannot be ignored for a tenant', () => {
    const words = '`URL` is not searched for in requests of the tenant `acme`, so this would not hold there.';
    expect(() => policyOf(ignoring, 'personal: [SECRET, URL]')).toThrow(words);
    expect(() => policyOf(ignoring, 'personal: [URL], tenant: [acme]')).toThrow(words);
    expect(() => policyOf('  tenants: { acme: { kinds: [SECRET] } }', 'personal: [URL]')).toThrow(words);
    expect(() =>
      policyOf('  kinds: [SECRET]\n  tenants: { acme: { kinds: [URL] } }', 'personal: [URL]'),
    ).toThrow('`URL` is not searched for in requests of all tenants');
  });
  test('need not be searched for where it does not hold', () => {
    const only = '  kinds: [SECRET]\n  tenants: { acme: { kinds: [URL] } }';
    expect(policyOf(only, 'personal: [URL], tenant: [acme]').invariants).toHaveLength(1);
    const own = '  kinds: [SECRET]\n  tenants: { acme: { deny: [{ value: Falcon, kind: CUSTOM_PROJECT }] } }';
    expect(policyOf(own, 'personal: [CUSTOM_PROJECT]').invariants).toHaveLength(1);
    const denied = '  kinds: [SECRET]\n  deny: [{ value: intranet, kind: URL }]';
    expect(policyOf(denied, 'personal: [URL]').invariants).toHaveLength(1);
  });
});

describe('kinds of its own', () => {
  const policy = policyWith(
    '  deny: [{ value: Falcon, kind: CUSTOM_PROJECT }]',
    `rules:
  - { id: projects, because: They stay., when: { personal: [CUSTOM_PROJECT] }, then: { human: { queue: care, priority: high } } }
  - { id: others, because: Any., when: { personal: any }, then: { cloud: {} } }
  - { id: none, because: None., then: { refuse: { message: No. } } }
unclassified: { because: None., then: { cloud: {} } }`,
  );
  test('stand under `when`, and in the cases of its tests', () => {
    const cases = (kind: string) =>
      `version: 1\ncases: [{ name: One, given: { personal: [${kind}] }, expect: { rule: projects, tier: human } }]`;
    const run = (kind: string) => runPolicyTests(policy, cases(kind), 'p.test.yaml', vocabulary, decide);
    expect(run('CUSTOM_PROJECT')).toHaveLength(1);
    expect(() => run('CUSTOM_PROJEKT')).toThrow('Did you mean `CUSTOM_PROJECT`?');
  });
  test('of another policy are personal data all the same, when its records are replayed', () => {
    const decided = decide(policy, factsOf({}, { personal: { CUSTOM_OTHER: 1 } }));
    expect(decided).toMatchObject({ rule: 'others' });
    expect(decide(policy, factsOf({}, { personal: { CUSTOM_OTHER: 0 } }))).toMatchObject({ rule: 'none' });
  });
});

describe('a case with a text', () => {
  const policy = policyWith(String.raw`  allow: [help@shop.example]
  custom: [{ kind: CUSTOM_STAFF, pattern: 'S-\d{4}' }]
  actions: { UK_NHS: { refuse: { message: No. } } }
  tenants: { acme: { actions: { EMAIL_ADDRESS: ignore } } }`);
  const run = (given: string, expected: string, searching = true) =>
    runPolicyTests(
      policy,
      `version: 1\ncases: [{ name: One, given: { ${given} }, expect: { ${expected} } }]`,
      'p.test.yaml',
      searching ? { ...vocabulary, kindsIn } : vocabulary,
      decide,
    );
  test.each([
    ["text: 'S-1234, jane@example.org'", 'rule: all, tier: cloud, personal: [EMAIL_ADDRESS, CUSTOM_STAFF]'],
    ["text: 'S-1234, jane@example.org', tenant: acme", 'rule: all, tier: cloud, personal: CUSTOM_STAFF'],
    ["text: 'help@shop.example'", 'rule: all, tier: cloud, personal: none'],
    ["text: 'NHS number 943 476 5919'", 'rule: personal-uk_nhs-refuse, tier: refuse'],
    ['personal: none', 'rule: all, tier: cloud, personal: none'],
  ])('proves what is found: %s', (given, expected) => {
    expect(run(given, expected)).toHaveLength(1);
  });
  test.each([
    [
      "text: 'S-1234'",
      'rule: all, tier: cloud, personal: none',
      'One: expected personal data: none; found: CUSTOM_STAFF.',
    ],
    [
      "text: 'x'",
      'rule: all, tier: cloud, personal: SECRET',
      'One: expected personal data: SECRET; found: none.',
    ],
    ["text: 'x', personal: SECRET", 'rule: all, tier: cloud', 'not both'],
    ["text: 'x'", 'rule: all, tier: cloud, personal: CUSTOM_STUFF', 'Did you mean `CUSTOM_STAFF`?'],
  ])('is told what is wrong: %s', (given, expected, words) => {
    expect(() => run(given, expected)).toThrow(words);
  });
  test('is refused where nothing searches', () => {
    expect(() => run("text: 'x'", 'rule: all, tier: cloud', false)).toThrow('Nothing searches texts here.');
  });
});

test('patterns that are too large together are refused', () => {
  const rows = Array.from({ length: 6 }, () => "    - { kind: CUSTOM_LONG, pattern: '[a-z]{200}Q' }");
  expect(() => policyWith(`  custom:\n${rows.join('\n')}`)).toThrow(
    'The patterns of `personal` are too large together.',
  );
});

test('a tenant need not be known where there is no file of keys', () => {
  const source = `version: 1
personal: { tenants: { anybody: { kinds: [URL] } } }
rules: [{ id: all, because: All., then: { cloud: {} } }]
unclassified: { because: None., then: { cloud: {} } }`;
  const policy = compilePolicy(source, 'p.yaml', {});
  expect(counts(policy.personalRules('anybody'), 'SECRET', 1, 'x')).toBe(false);
  expect(counts(policy.personalRules('somebody'), 'SECRET', 1, 'x')).toBe(true);
});

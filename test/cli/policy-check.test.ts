/** `policy check` against the names that the server would check a policy against. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type CheckExit, checkPolicy, run } from '../../src/cli/policy-check.ts';
import { vocabularyOf } from '../../src/cli/vocabulary.ts';
import { readSettings } from '../../src/settings.ts';

const MODEL = fileURLToPath(new URL('../../models/tiergate-small-int4', import.meta.url));
const LABELS = fileURLToPath(new URL('../../policies/labels', import.meta.url));
const PROVIDERS = `providers:
  - { name: eu, format: openai, base_url: "https://eu.example/v1", api_key_env: EU_KEY, models: [big] }
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiergate-check-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** Checks a policy whose one rule before the last has this `when`, and whose last rule leads here. */
async function check(
  { when = 'model: [tiergate-local]', last = 'cloud: {}' },
  env: Record<string, string> = {},
): Promise<{ exit: CheckExit; said: string }> {
  const file = write(
    'p.yaml',
    `version: 1
rules:
  - { id: some, because: It says so., when: { ${when} }, then: { cloud: {} } }
  - { id: rest, because: All else., then: { ${last} } }
unclassified: { because: Nobody knows., then: { cloud: {} } }
`,
  );
  let said = '';
  const vocabulary = await vocabularyOf(readSettings({ TIERGATE_LABELS: LABELS, ...env }));
  const exit = await checkPolicy(file, vocabulary, (text) => {
    said += text;
  });
  return { exit, said };
}

describe('policy check', () => {
  test('says of each promise whether it is calibrated', async () => {
    const file = write(
      'p.yaml',
      `version: 1
rules:
  - { id: sure, because: It says so., when: { max_error: 1% }, then: { cloud: {} } }
  - { id: rest, because: All else., then: { cloud: {} } }
unclassified: { because: Nobody knows., then: { cloud: {} } }
`,
    );
    const said: string[] = [];
    const any = {
      rule: null,
      scope: null,
      errorMax: 0.01,
      threshold: 0.875,
      stricter: null,
      confidences: [],
    };
    const made = {
      version: 1,
      id: 'a',
      madeAt: '',
      labelsRevision: '',
      doubt: 0.05,
      guarantees: [any],
    } as const;
    for (const calibration of [null, made]) {
      expect(await checkPolicy(file, {}, (text) => said.push(text), calibration)).toBe(0);
    }
    expect(said[1]).toContain('The rule `sure` promises a `max_error`, and nobody has calibrated it');
    expect(said[3]).toBe('The rule `sure` keeps its `max_error` from a confidence of 0.8750 on.');
  });

  test('knows the intents of the labels file, in JSON Lines too', async () => {
    const labels = join(folder, 'labels');
    cpSync(LABELS, labels, { recursive: true, filter: (from) => !from.endsWith('intent.yaml') });
    const rows = ['billing', 'outage', 'leave'].flatMap((label) =>
      ['one', 'two', 'three', 'four', 'five', 'six'].map((n) =>
        JSON.stringify({ text: `${label} ${n}`, label }),
      ),
    );
    write('labels/intent.jsonl', rows.join('\n'));
    const env = { TIERGATE_LABELS: labels };
    expect(await check({ when: 'intent: [outage]' }, env)).toMatchObject({ exit: 0 });
    expect(await check({ when: 'intent: [order_status]' }, env)).toMatchObject({
      exit: 3,
      said: expect.stringContaining('`order_status` is not an intent of the labels file.'),
    });
  });

  test('refuses a kind of personal data that nothing searches for', async () => {
    const model = join(folder, 'model');
    mkdirSync(model);
    const manifest = JSON.parse(readFileSync(join(MODEL, 'manifest.json'), 'utf8'));
    write('model/manifest.json', JSON.stringify({ ...manifest, learned: {} }));
    expect(await check({ when: 'personal: [PERSON]' })).toMatchObject({ exit: 0 });
    expect(await check({ when: 'personal: [PERSON]' }, { TIERGATE_MODEL: model })).toMatchObject({
      exit: 3,
      said: expect.stringContaining('`PERSON` is not a kind of personal data that is searched for.'),
    });
  });

  test('refuses a model that no provider has; the providers’ keys are not needed for that', async () => {
    const env = { TIERGATE_PROVIDERS: write('providers.yaml', PROVIDERS) };
    expect(await check({ last: 'cloud: { models: [eu/big, eu] }' }, env)).toMatchObject({ exit: 0 });
    expect(await check({ last: 'cloud: { models: [eu/bigger] }' }, env)).toMatchObject({
      exit: 3,
      said: expect.stringContaining('`eu/bigger` is not a model of a configured provider.'),
    });
  });

  test('refuses a tenant that no key has; without a key file there is nothing to check by', async () => {
    const key = `{ id: portal, tenant: shop, sha256: ${'a'.repeat(64)}, scopes: [chat] }`;
    const env = { TIERGATE_KEYS: write('keys.yaml', `keys: [${key}]\n`) };
    expect(await check({ when: 'tenant: [shop]' }, env)).toMatchObject({ exit: 0 });
    expect(await check({ when: 'tenant: [shpo]' }, env)).toMatchObject({
      exit: 3,
      said: expect.stringContaining('`shpo` is not a tenant of the key file.'),
    });
    expect(await check({ when: 'tenant: [shpo]' })).toMatchObject({ exit: 0 });
  });

  test('takes any model where there is only the rehearsal', async () => {
    expect(await check({ last: 'cloud: { models: [whatever/will-come] }' })).toMatchObject({ exit: 0 });
  });

  test.each([[['a.yaml', 'b.yaml']], [['--help']]])('does not take %j for one file', async (args) => {
    await expect(run(args)).rejects.toThrow();
  });
});

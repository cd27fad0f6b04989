import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readSettings } from '../../src/settings.ts';
import { findModel, loadProviders } from '../../src/upstream/providers.ts';

function fromYaml(yaml: string, env: Record<string, string> = {}) {
  const file = join(mkdtempSync(join(tmpdir(), 'tiergate-')), 'providers.yaml');
  writeFileSync(file, yaml);
  return loadProviders(readSettings({ ...env, TIERGATE_PROVIDERS: file }));
}
const GOOD = `providers:
  - name: eu
    format: openai
    base_url: https://eu.example/v1/
    api_key_env: EU_KEY
    models: [big, small]
  - name: claude
    format: anthropic
    base_url: https://c.example/v1
    models: [opus]
`;

describe('loadProviders', () => {
  test('without a key there is only the rehearsal', () => {
    expect(loadProviders(readSettings({})).map(({ name }) => name)).toEqual(['rehearsal']);
  });

  test('a file that is not there is said in words', () => {
    expect(() => loadProviders(readSettings({ TIERGATE_PROVIDERS: '/nowhere/p.yaml' }))).toThrow(
      '/nowhere/p.yaml is not usable:\n  The file that TIERGATE_PROVIDERS names cannot be read (ENOENT).',
    );
  });

  test('a key alone is enough for a known cloud', () => {
    const [first, second] = loadProviders(readSettings({ OPENAI_API_KEY: 'a', ANTHROPIC_API_KEY: 'b' }));
    expect([first.name, first.apiKey, second?.name, second?.format]).toEqual([
      'openai',
      'a',
      'anthropic',
      'anthropic',
    ]);
  });

  test('takes the base addresses of the providers’ own SDKs', () => {
    const env = { ANTHROPIC_API_KEY: 'b', OPENAI_API_KEY: 'a', OPENAI_BASE_URL: 'https://o.example/v1/' };
    const urls = (more: object) =>
      loadProviders(readSettings({ ...env, ...more })).map(({ baseUrl }) => baseUrl);
    expect(urls({ ANTHROPIC_BASE_URL: 'https://a.example' })).toEqual([
      'https://o.example/v1',
      'https://a.example/v1',
    ]);
    expect(urls({ ANTHROPIC_BASE_URL: 'https://a.example/v1/' })[1]).toBe('https://a.example/v1');
  });

  test('reads a file; the key comes from the environment', () => {
    const [eu, claude] = fromYaml(GOOD, { EU_KEY: 'k' });
    expect(eu).toMatchObject({
      name: 'eu',
      baseUrl: 'https://eu.example/v1',
      apiKey: 'k',
      models: ['big', 'small'],
    });
    expect(claude?.apiKey).toBeUndefined();
  });

  test('names every problem with its line', () => {
    const bad = GOOD.replace('format: anthropic', 'format: bard').replace('models: [opus]', 'modles: [opus]');
    expect(() => fromYaml(bad)).toThrow(
      /line 2: The variable EU_KEY .* is not set\.[\s\S]*line 7: `modles` is not a key[\s\S]*`format` must be[\s\S]*`models` must name/,
    );
    expect(() => fromYaml('providers: []')).toThrow('must be a list');
    expect(() => fromYaml('providers: [')).toThrow('is not usable');
    expect(() => fromYaml(GOOD.replace('name: claude', 'name: eu'), { EU_KEY: 'k' })).toThrow('same name');
  });
});

test('findModel takes provider/model, a bare model, or a provider', () => {
  const providers = fromYaml(GOOD, { EU_KEY: 'k' });
  const found = (name: string) => findModel(providers, name)?.model;
  expect([found('eu/small'), found('small'), found('eu'), found('claude/opus')]).toEqual([
    'small',
    'small',
    'big',
    'opus',
  ]);
  expect(found('eu/opus')).toBeUndefined();
});

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createAuthenticate } from '../../src/authenticate/authenticate.ts';
import { digestOf, loadKeys, newKey } from '../../src/authenticate/keys.ts';

function fromYaml(yaml: string) {
  const file = join(mkdtempSync(join(tmpdir(), 'tiergate-')), 'keys.yaml');
  writeFileSync(file, yaml);
  return loadKeys(file);
}
const row = (id: string, key: string, scopes = '[chat]') =>
  `  - { id: ${id}, tenant: shop, sha256: ${digestOf(key).toString('hex')}, scopes: ${scopes} }\n`;
const code = (name: string) => expect.objectContaining({ code: name });

describe('authenticate', () => {
  const [one, two] = [newKey(), newKey()];
  const authenticate = createAuthenticate(
    fromYaml(`keys:\n${row('one', one)}${row('two', two, '[chat, handoff]')}`),
  );

  test('knows each key by its tenant and scopes', () => {
    expect(authenticate(`Bearer ${one}`, 'chat')).toEqual({ keyId: 'one', tenant: 'shop', scopes: ['chat'] });
    expect(authenticate(`bearer  ${two} `, 'handoff').keyId).toBe('two');
  });

  test.each<[string, string | undefined, string]>([
    ['no header', undefined, 'authenticate_missing'],
    ['another scheme', 'Basic abc', 'authenticate_missing'],
    ['an empty key', 'Bearer ', 'authenticate_missing'],
    ['a huge key', `Bearer ${'a'.repeat(10_000)}`, 'authenticate_missing'],
    ['an unknown key', `Bearer ${newKey()}`, 'authenticate_invalid'],
    ['a key cut short', `Bearer ${one.slice(0, -1)}`, 'authenticate_invalid'],
  ])('refuses %s', (_name, header, name) => {
    expect(() => authenticate(header, 'chat')).toThrow(code(name));
  });

  test('refuses a key without the scope', () => {
    expect(() => authenticate(`Bearer ${one}`, 'handoff')).toThrow(code('authenticate_scope'));
  });

  test('the file holds no key', () => {
    expect(row('one', one)).not.toContain(one);
    expect(newKey()).not.toBe(newKey());
  });
});

describe('loadKeys', () => {
  test.each([
    ['no list', 'keys: {}', '`keys` must be a list'],
    ['not YAML', 'keys: [', 'not YAML'],
    [
      'a bad digest',
      'keys:\n  - { id: a, tenant: t, sha256: zz, scopes: [chat] }',
      'line 2: `sha256` must be',
    ],
    [
      'an unknown scope',
      `keys:\n${row('a', 'k', '[admin]')}`,
      'line 2: `scopes` must list some of: chat, handoff',
    ],
    ['an unknown field', `keys:\n${row('a', 'k').replace('tenant', 'tenat')}`, '`tenat` is not a field'],
    ['two of one id', `keys:\n${row('a', 'k')}${row('a', 'l')}`, 'same id'],
    ['one key twice', `keys:\n${row('a', 'k')}${row('b', 'k')}`, 'same sha256'],
  ])('refuses %s', (_name, yaml, message) => {
    expect(() => fromYaml(yaml)).toThrow(message);
  });

  test('says in words that the file is not there', () => {
    expect(() => loadKeys('/nowhere/keys.yaml')).toThrow(
      '/nowhere/keys.yaml is not usable:\n  The file that TIERGATE_KEYS names cannot be read (ENOENT).',
    );
  });
});

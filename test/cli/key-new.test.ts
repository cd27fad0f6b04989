import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createAuthenticate } from '../../src/authenticate/authenticate.ts';
import { loadKeys } from '../../src/authenticate/keys.ts';
import { run } from '../../src/cli/key-new.ts';

let folder: string;
let [out, err] = ['', ''];
const { stdout, stderr } = process;
const [writeOut, writeErr] = [stdout.write, stderr.write];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiergate-key-new-'));
  [out, err] = ['', ''];
  stdout.write = (text: string | Uint8Array) => {
    out += text;
    return true;
  };
  stderr.write = (text: string | Uint8Array) => {
    err += text;
    return true;
  };
});
afterEach(() => {
  [stdout.write, stderr.write] = [writeOut, writeErr];
  rmSync(folder, { recursive: true });
});

/** Makes a key and reads off what an operator copies. */
async function make(...args: string[]): Promise<{ key: string; row: string }> {
  out = '';
  expect(await run(args)).toBe(0);
  return { key: /^ {2}(tg-\S+)$/m.exec(out)?.[1] ?? '', row: out.slice(out.indexOf('keys:')) };
}

test('the row that it prints makes the key that it prints a caller', async () => {
  const { key, row } = await make('--id', 'portal', '--tenant', 'shop');
  const file = join(folder, 'keys.yaml');
  writeFileSync(file, row);
  const authenticate = createAuthenticate(loadKeys(file));
  expect(authenticate(`Bearer ${key}`, 'chat')).toEqual({
    keyId: 'portal',
    tenant: 'shop',
    scopes: ['chat'],
  });
  expect(() => authenticate(`Bearer ${key}`, 'handoff')).toThrow(
    expect.objectContaining({ code: 'authenticate_scope' }),
  );
});

test('scopes can be chosen', async () => {
  const { row } = await make('--id', 'desk', '--tenant', 'shop', '--scope', 'chat', '--scope', 'handoff');
  writeFileSync(join(folder, 'keys.yaml'), row);
  expect(loadKeys(join(folder, 'keys.yaml'))[0]?.caller.scopes).toEqual(['chat', 'handoff']);
});

test('the row does not hold the key, and no two keys are alike', async () => {
  const [one, other] = [
    await make('--id', 'a', '--tenant', 'shop'),
    await make('--id', 'a', '--tenant', 'shop'),
  ];
  expect(one.key).toMatch(/^tg-[\w-]{43}$/);
  expect(one.row).not.toContain(one.key);
  expect(one.key).not.toBe(other.key);
});

test.each([[[]], [['--id', 'a']], [['--tenant', 'shop']]])(
  '%j: says what it needs, makes no key',
  async (args) => {
    expect(await run(args)).toBe(1);
    expect(err).toMatch(/^usage: npm run tiergate -- key new --id ID --tenant TENANT/);
    expect(out).toBe('');
  },
);

test.each([[['--tenent', 'shop']], [['portal']], [['--id']]])('%j: is not understood', async (args) => {
  await expect(run(args)).rejects.toThrow();
  expect(out).toBe('');
});

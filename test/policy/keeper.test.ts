import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decide } from '../../src/decide/decide.ts';
import { openPolicy, type PolicyKeeper, type Reload } from '../../src/policy/keeper.ts';
import { PolicyError } from '../../src/policy/problem.ts';
import { vocabulary } from './vocabulary.ts';

const good = readFileSync(new URL('fixtures/tests/policy.yaml', import.meta.url), 'utf8');
const better = good.replace('People hear complaints.', 'People hear complaints, and answer them.');
const bad = good.replace('[complaint]', '[complaintt]');
const tests = `version: 1
cases:
  - name: A complaint is for people
    given: { intent: complaint }
    expect: { rule: complaints, tier: human }
`;

let folder: string;
let file: string;
let keeper: PolicyKeeper | undefined;
let reloads: Reload[];
let wake: () => void;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'policy-'));
  file = join(folder, 'shop.yaml');
  reloads = [];
  wake = () => undefined;
});
afterEach(async () => {
  keeper?.close();
  keeper = undefined;
  await rm(folder, { recursive: true });
});

async function serve(source: string): Promise<PolicyKeeper> {
  await writeFile(file, source);
  return open();
}

async function open(): Promise<PolicyKeeper> {
  keeper = await openPolicy({
    file,
    vocabulary,
    decide,
    keepIn: join(folder, 'data', 'policies'),
    onReload: (reload) => {
      reloads.push(reload);
      wake();
    },
    watchIntervalMs: 10,
  });
  return keeper;
}

/** The next reload that the watch reports. */
async function nextReload(): Promise<Reload> {
  if (reloads.length === 0) await new Promise<void>((resolve) => (wake = resolve));
  return reloads.shift()!;
}

describe('at the start', () => {
  test('a bad policy is thrown', async () => {
    await expect(serve(bad)).rejects.toThrow(PolicyError);
  });

  test('a policy that is not there is thrown', async () => {
    await expect(open()).rejects.toThrow('The file is not there.');
  });

  test('a policy that fails its tests is thrown', async () => {
    await writeFile(join(folder, 'shop.test.yaml'), tests.replace('human', 'cloud'));
    await expect(serve(good)).rejects.toMatchObject({ refusal: 'test_failed' });
  });

  test('a copy is kept for replaying', async () => {
    const { revision } = (await serve(good)).current();
    expect(await readFile(join(folder, 'data', 'policies', `${revision}.yaml`), 'utf8')).toBe(good);
  });

  test('a policy of which no copy can be kept is not served', async () => {
    await writeFile(join(folder, 'data'), 'a file where a folder should be');
    await expect(serve(good)).rejects.toThrow('so the policy is not served');
  });
});

describe('the watch', () => {
  test('takes over a file written in place', async () => {
    const { current } = await serve(good);
    const before = current();
    await writeFile(file, better);
    expect(await nextReload()).toMatchObject({ status: 'loaded', previous: { revision: before.revision } });
    expect(current().rules[0]?.because).toBe('People hear complaints, and answer them.');
    expect(before.rules[0]?.because).toBe('People hear complaints.');
  });

  test('takes over a file renamed over it, as editors do', async () => {
    const { current } = await serve(good);
    await writeFile(join(folder, 'draft'), better);
    await rename(join(folder, 'draft'), file);
    expect(await nextReload()).toMatchObject({ status: 'loaded' });
    expect(current().rules[0]?.because).toMatch('answer them');
  });

  test('takes over a symlink swapped above it, as Kubernetes does', async () => {
    for (const [name, source] of [
      ['..1', good],
      ['..2', better],
    ] as const) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'shop.yaml'), source);
    }
    await symlink('..1', join(folder, '..data'));
    await symlink(join('..data', 'shop.yaml'), file);
    const { current } = await open();
    await symlink('..2', join(folder, '..next'));
    await rename(join(folder, '..next'), join(folder, '..data'));
    expect(await nextReload()).toMatchObject({ status: 'loaded' });
    expect(current().rules[0]?.because).toMatch('answer them');
  });

  test('tells when a refused file has become good again, though nothing else is served', async () => {
    await serve(good);
    await writeFile(file, bad);
    expect(await nextReload()).toMatchObject({ status: 'refused' });
    await writeFile(file, good);
    expect(await nextReload()).toMatchObject({ status: 'loaded' });
  });

  test('takes over an edited tests file', async () => {
    await writeFile(join(folder, 'shop.test.yaml'), tests);
    await serve(good);
    await writeFile(join(folder, 'shop.test.yaml'), tests.replace('human', 'cloud'));
    expect(await nextReload()).toMatchObject({ status: 'refused', error: { refusal: 'test_failed' } });
  });
});

describe('a reload never makes it worse', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['a bad policy', () => writeFile(file, bad)],
    ['half a policy', () => writeFile(file, good.slice(0, good.length / 2))],
    ['an empty file', () => writeFile(file, '')],
    ['a deleted file', () => unlink(file)],
    ['a folder in its place', () => unlink(file).then(() => mkdir(file))],
    ['a link to nowhere', () => unlink(file).then(() => symlink('/nowhere/at/all', file))],
    ['bytes that are not UTF-8', () => writeFile(file, Buffer.from([0xff, 0xfe, 0x80]))],
    ['a file that is too large', () => writeFile(file, Buffer.alloc(600_000, 35))],
    ['a failing test', () => writeFile(join(folder, 'shop.test.yaml'), tests.replace('human', 'cloud'))],
    ['tests that are gone', () => unlink(join(folder, 'shop.test.yaml'))],
  ])('%s leaves the last good one', async (_, harm) => {
    await writeFile(join(folder, 'shop.test.yaml'), tests);
    const { current, reload } = await serve(good);
    const before = current();
    await harm();
    const result = await reload();
    expect(result.status).toBe('refused');
    expect(current()).toBe(before);
    expect(result.policy).toBe(before);
  });

  test('nothing has changed: nothing is said', async () => {
    const { reload } = await serve(good);
    expect(await reload()).toMatchObject({ status: 'unchanged' });
    expect(reloads).toEqual([]);
  });

  test('reloads asked for at once come one after the other, and the newest file is served', async () => {
    const { current, reload } = await serve(good);
    await writeFile(file, better);
    const all = await Promise.all([reload(), reload(), reload()]);
    expect(all.map(({ status }) => status)).toEqual(['loaded', 'unchanged', 'unchanged']);
    expect(current().rules[0]?.because).toMatch('answer them');
  });
});

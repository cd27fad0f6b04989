import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createClassify } from '../../../src/classify/classify.ts';
import { learnIntent } from '../../../src/classify/intent/intent.ts';
import { writeTrainedIntent } from '../../../src/classify/intent/trained-intent.ts';
import {
  type KeptSets,
  openTrainedSets,
  type SetReload,
  type TrainedSetsOptions,
} from '../../../src/classify/intent/trained-sets.ts';
import type { LabelSet } from '../../../src/classify/labels/label-set.ts';
import type { AdapterTensors, Encoder } from '../../../src/engine/encoder.ts';
import { clouds, WIDTH } from '../clouds.ts';

let folder: string;
let reloads: SetReload[];
let opened: KeptSets[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sets-'));
  [reloads, opened] = [[], []];
});
afterEach(() => {
  for (const sets of opened) sets.close();
  rmSync(folder, { recursive: true });
});

type Judged = NonNullable<TrainedSetsOptions['encoder']>;
const PLAIN: Judged = { revision: 'abc', engine: 'plain' };

async function open(watchIntervalMs = 60_000, encoder = PLAIN): Promise<KeptSets> {
  const onReload = (reload: SetReload): number => reloads.push(reload);
  const sets = await openTrainedSets({ folder, encoder, onReload, watchIntervalMs });
  opened.push(sets);
  return sets;
}
const told = (): string[] => reloads.map(({ tenant, status }) => `${tenant ?? 'everybody'} ${status}`);

const { vectors, labels } = clouds(3, 6, 0.3);
function trained(prefix: string, encoder = 'abc', adapter: AdapterTensors | null = null): Uint8Array {
  const names = [1, 2, 3].map((n) => `${prefix}${n}`);
  const head = learnIntent(vectors, labels, 3, []);
  return writeTrainedIntent({ names, head, adapter, encoder, dimensions: WIDTH });
}
function put(path: string, bytes: Uint8Array | string): void {
  const file = join(folder, path, 'intent.safetensors');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

test('a tenant has its own set, everybody else the common one', async () => {
  put('.', trained('all'));
  put('tenants/acme', trained('acme'));
  put('tenants/.hidden', 'no set');
  mkdirSync(join(folder, 'tenants/empty'));
  const sets = await open();
  expect(sets.of('acme')?.names).toEqual(['acme1', 'acme2', 'acme3']);
  for (const tenant of ['other', 'empty', '.hidden', '__proto__', undefined]) {
    expect(sets.of(tenant)?.names[0]).toBe('all1');
  }
  expect([...sets.names()].sort()).toEqual(['acme1', 'acme2', 'acme3', 'all1', 'all2', 'all3']);
});

test('without any, the labels count', async () => {
  const sets = await open();
  expect([sets.of(), sets.of('acme'), sets.names(), sets.tenantsRevision()]).toEqual([
    undefined,
    undefined,
    [],
    '',
  ]);
});

test('at the start a set that cannot be used is an error', async () => {
  put('tenants/acme', 'no set');
  await expect(open()).rejects.toThrow(/acme\/intent.safetensors:1:1: These trained intents cannot be used/);
  put('tenants/acme', trained('acme', 'another'));
  await expect(open()).rejects.toThrow('were trained for the encoder another, and this one is abc');
});

describe('while it runs', () => {
  test('a new set is taken over, of everybody and of a tenant, and the revision tells', async () => {
    const sets = await open();
    put('.', trained('all'));
    put('tenants/acme', trained('acme'));
    await sets.reload();
    expect(told()).toEqual(['everybody loaded', 'acme loaded']);
    const before = sets.tenantsRevision();
    put('tenants/acme', trained('new'));
    await sets.reload();
    expect(sets.of('acme')?.names[0]).toBe('new1');
    expect(sets.tenantsRevision()).not.toBe(before);
    await sets.reload();
    expect(told()).toHaveLength(3);
  });

  test('a broken one is refused and the one before stays, until a good one comes', async () => {
    put('tenants/acme', trained('acme'));
    const sets = await open();
    put('tenants/acme', trained('acme').subarray(0, 500));
    await sets.reload();
    await sets.reload();
    expect(told()).toEqual(['acme refused']);
    expect(reloads[0]?.error?.message).toContain('These trained intents cannot be used');
    expect(sets.of('acme')?.names[0]).toBe('acme1');
    put('tenants/acme', trained('better'));
    await sets.reload();
    expect(sets.of('acme')?.names[0]).toBe('better1');
  });

  test('a tenant that is removed gets the common set; the common one stays', async () => {
    put('.', trained('all'));
    put('tenants/acme', trained('acme'));
    put('tenants/b', trained('b'));
    const sets = await open();
    rmSync(join(folder, 'tenants/acme'), { recursive: true });
    rmSync(join(folder, 'tenants/b/intent.safetensors'));
    rmSync(join(folder, 'intent.safetensors'));
    await sets.reload();
    expect(told().sort()).toEqual(['acme removed', 'b removed', 'everybody refused']);
    expect([sets.of('acme')?.names[0], sets.of('b')?.names[0]]).toEqual(['all1', 'all1']);
  });

  test('changes are seen by themselves', async () => {
    const sets = await open(5);
    put('tenants/acme', trained('acme'));
    while (sets.of('acme') === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(told()).toEqual(['acme loaded']);
  });
});

test('each message is judged by the set of its tenant, as it is at the moment', async () => {
  put('tenants/acme', trained('acme'));
  const sets = await open();
  const at = (i: number) => ({
    vector: Float32Array.from(vectors[i] ?? []),
    tokens: 1,
    windows: 1,
    truncated: false,
  });
  const encoder: Encoder = {
    dimensions: WIDTH,
    revision: 'abc',
    engine: 'fake',
    embed: async () => at(0),
    embedAll: async (texts) => texts.map((_, i) => at(i % vectors.length)),
    close: async () => {},
  };
  const set = (names: readonly string[]): LabelSet => ({
    names,
    examples: Array.from({ length: 5 * names.length }, (_, i) => ({ text: `${i}`, label: i % names.length })),
    outOfScope: [],
  });
  const read = {
    intent: set(['own1', 'own2', 'own3']),
    urgency: set(['low', 'normal', 'high', 'critical']),
    difficulty: set(['easy', 'hard']),
    warnings: [],
  };
  const classify = await createClassify({ encoder, labels: read, sets, waitMsMax: 20_000 });
  const intentOf = async (tenant?: string): Promise<string> => {
    const result = await classify.classify('the same message', undefined, tenant);
    return result.status === 'classified' ? result.intent.replace(/\d/, '') : result.reason;
  };
  expect([await intentOf(), await intentOf('acme'), await intentOf('b')]).toEqual(['own', 'acme', 'own']);
  expect(classify.intents).toEqual(['own1', 'own2', 'own3', 'acme1', 'acme2', 'acme3']);
  const { revision } = classify;
  put('.', trained('all'));
  await sets.reload();
  expect([await intentOf(), await intentOf('acme'), await intentOf('b')]).toEqual(['all', 'acme', 'all']);
  expect(classify.revision).not.toBe(revision);
  expect(classify.intents).not.toContain('own1');
});

describe('a set with an adapter', () => {
  const adapter = [{ name: 'layers.0.up.lora_a', shape: [1, 2], values: Float32Array.of(1, 2) }];
  const refusing: Judged = {
    ...PLAIN,
    withAdapter: () => {
      throw new Error('layers.0.up.lora_b is missing.');
    },
  };

  test.each([
    ['runs none', PLAIN, 'which plain cannot run: use the native engine'],
    ['cannot take it', refusing, 'cannot be used: layers.0.up.lora_b is missing.'],
  ])('is refused when the encoder %s', async (_what, encoder, words) => {
    put('.', trained('all', 'abc', adapter));
    await expect(open(60_000, encoder)).rejects.toThrow(words);
  });
  test('that comes later and cannot be used leaves the one before', async () => {
    put('.', trained('all'));
    const sets = await open(60_000, refusing);
    put('.', trained('new', 'abc', adapter));
    await sets.reload();
    expect(told()).toEqual(['everybody refused']);
    expect(sets.of()?.names[0]).toBe('all1');
  });
});

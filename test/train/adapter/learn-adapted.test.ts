/** Intents on an adapted encoder, from texts to a judged message, with the shipped encoder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createClassify } from '../../../src/classify/classify.ts';
import { writeTrainedIntent } from '../../../src/classify/intent/trained-intent.ts';
import { openTrainedSets } from '../../../src/classify/intent/trained-sets.ts';
import { readLabels } from '../../../src/classify/labels/labels.ts';
import type { Encoder } from '../../../src/engine/encoder.ts';
import { createNativeEncoder } from '../../../src/engine/native/native-encoder.ts';
import { readSettings } from '../../../src/settings.ts';
import { type AdapterSource, readAdapterSource } from '../../../src/train/adapter/adapter-source.ts';
import { type Adapted, learnAdapted } from '../../../src/train/adapter/learn-adapted.ts';

const NAMES = ['order', 'refund', 'login'];
const TEXTS = [
  [
    'where is my parcel',
    'has my package been shipped',
    'when will my order arrive',
    'is my delivery coming today',
  ],
  ['I want my money back', 'when do I get my refund', 'please reimburse me', 'how long do refunds take'],
  ['I forgot my password', 'cannot sign in', 'reset my password please', 'locked out of my account'],
];
const texts = TEXTS.flat();
const labels = TEXTS.flatMap((own, label) => own.map(() => label));
const OUTSIDE = ['tell me a joke', 'who won the cup', 'boil an egg', 'capital of Mongolia', 'write a poem'];
const modelFolder = readSettings({}).TIERGATE_MODEL;
const readSource = (): Promise<AdapterSource> => {
  const native = { kernel: '', trialsFile: null };
  return readAdapterSource(texts, { modelFolder, native, threads: 2 });
};

let folder: string;
let encoder: Encoder;
let adapted: Adapted;
const steps: string[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'adapted-'));
  encoder = await createNativeEncoder({ modelFolder, queueMax: 64, threads: 2 });
  adapted = await learnAdapted({
    encoder,
    source: await readSource(),
    texts,
    labels,
    intentCount: NAMES.length,
    outOfScope: OUTSIDE,
    threads: 2,
    onFit: (done, total) => steps.push(`fit ${done}/${total}`),
    onEmbed: (done, total) => steps.push(`embed ${done}/${total}`),
  });
}, 120_000);
afterAll(async () => {
  await encoder.close();
  rmSync(folder, { recursive: true });
});

test('every message is judged by an adapter that has not learned from it, and so is what is out of scope', () => {
  const { examples, outOfScope, asStrangers } = adapted.heldOut();
  expect(examples.every((each) => each !== null)).toBe(true);
  expect([examples.length, asStrangers.length, outOfScope.length]).toEqual([12, 12, 5]);
  expect(steps).toContain('embed 85/85');
});

describe('in the server', () => {
  const judge = async (adapter: Adapted['adapter'] | null, text: string) => {
    const { revision, dimensions } = encoder;
    const set = { names: NAMES, head: adapted.intent, adapter, encoder: revision, dimensions };
    writeFileSync(join(folder, 'intent.safetensors'), writeTrainedIntent(set));
    const sets = await openTrainedSets({ folder, encoder, onReload: () => undefined });
    sets.close();
    const classify = await createClassify({
      encoder,
      labels: await readLabels(folder),
      sets,
      waitMsMax: 20_000,
    });
    const [single, [listed]] = [await classify.classify(text), await classify.classifyAll([text])];
    expect(listed).toEqual(single);
    return single;
  };

  test('messages are judged with the adapter; all but the intent is as without', async () => {
    const text = 'my password does not work';
    const [own, plain] = [await judge(adapted.adapter, text), await judge(null, text)];
    expect(own).toMatchObject({ status: 'classified', intent: 'login' });
    if (own.status !== 'classified' || plain.status !== 'classified') throw new Error('not classified');
    expect(own.inScope).not.toBe(plain.inScope);
    const { intent: _i, confidence: _c, inScope: _s, ...others } = own;
    expect(plain).toMatchObject(others);
  }, 60_000);
});

describe('sets of several tenants', () => {
  const setWith = (names: readonly string[], adapter: Adapted['adapter'] | null): Uint8Array => {
    const { revision, dimensions } = encoder;
    return writeTrainedIntent({ names, head: adapted.intent, adapter, encoder: revision, dimensions });
  };
  const tenants = join(tmpdir(), `adapted-tenants-${process.pid}`);
  const put = (tenant: string, bytes: Uint8Array): void => {
    mkdirSync(join(tenants, 'tenants', tenant), { recursive: true });
    writeFileSync(join(tenants, 'tenants', tenant, 'intent.safetensors'), bytes);
  };
  const open = (reloads: string[] = []) =>
    openTrainedSets({
      folder: tenants,
      encoder,
      onReload: ({ tenant, status, error }) => reloads.push(`${tenant} ${status} ${error?.message ?? ''}`),
    });
  afterAll(() => rmSync(tenants, { recursive: true, force: true }));

  test('are each judged by their own adapter', async () => {
    const other = adapted.adapter.map(({ name, shape, values }) => ({
      name,
      shape,
      values: name.endsWith('lora_b') ? values.map((value) => -value) : values,
    }));
    put('acme', setWith(['a', 'b', 'c'], adapted.adapter));
    put('zeta', setWith(['x', 'y', 'z'], other));
    put('plain', setWith(['p', 'q', 'r'], null));
    const sets = await open();
    sets.close();
    const labels = await readLabels(folder);
    const { classify } = await createClassify({ encoder, labels, sets, waitMsMax: 20_000 });
    const ask = async (tenant: string) => {
      const found = await classify('where is my parcel', undefined, tenant);
      return found.status === 'classified' ? found : expect(found).toBe('classified');
    };
    const [acme, zeta, plain] = [await ask('acme'), await ask('zeta'), await ask('plain')];
    expect([acme?.intent, plain?.intent]).toEqual(['a', 'p']);
    expect(new Set([acme?.inScope, zeta?.inScope, plain?.inScope]).size).toBe(3);
    expect(await ask('acme')).toEqual(acme);
  }, 60_000);

  test('whose adapter makes no vectors are refused, and the one before stays', async () => {
    put('acme', setWith(['a', 'b', 'c'], adapted.adapter));
    const reloads: string[] = [];
    const sets = await open(reloads);
    sets.close();
    const huge = adapted.adapter.map((tensor) => ({ ...tensor, values: tensor.values.map(() => 1e10) }));
    put('acme', setWith(['new', 'b', 'c'], huge));
    await sets.reload();
    expect(reloads.join()).toMatch(
      /^acme refused .*The adapter of these intents cannot be used: Inference failed/,
    );
    expect(sets.of('acme')?.names[0]).toBe('a');
  }, 60_000);
});

test('an engine that takes no adapters is told so', async () => {
  const { withAdapter: _, ...without } = { ...encoder, engine: 'plain' };
  const options = {
    encoder: without as Encoder,
    source: await readSource(),
    texts,
    labels,
    intentCount: NAMES.length,
    outOfScope: [],
    threads: 2,
    onFit: () => {},
    onEmbed: () => {},
  };
  await expect(learnAdapted(options)).rejects.toThrow('The engine plain takes no adapters.');
}, 60_000);

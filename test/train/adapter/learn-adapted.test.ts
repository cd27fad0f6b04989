/** Intents on an adapted encoder, from texts to a judged message, with the shipped encoder. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
import { readAdapterSource } from '../../../src/train/adapter/adapter-source.ts';
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
const native = { kernel: '', trialsFile: null, threads: 2 };
const modelFolder = readSettings({}).TIERGATE_MODEL;

let folder: string;
let encoder: Encoder;
let adapted: Adapted;
const steps: string[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'adapted-'));
  encoder = await createNativeEncoder({ modelFolder, queueMax: 64, threads: 2 });
  adapted = await learnAdapted({
    encoder,
    source: await readAdapterSource(modelFolder, texts, native),
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

test('an engine that takes no adapters is told so', async () => {
  const { withAdapter: _, ...without } = { ...encoder, engine: 'plain' };
  const options = {
    encoder: without as Encoder,
    source: await readAdapterSource(modelFolder, texts, native),
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

/** The whole of a training, with the shipped encoder. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createClassify } from '../../src/classify/classify.ts';
import { readTrainedIntent } from '../../src/classify/intent/trained-intent.ts';
import { readLabels } from '../../src/classify/labels/labels.ts';
import type { Encoder } from '../../src/engine/encoder.ts';
import { createNativeEncoder } from '../../src/engine/native/native-encoder.ts';
import { readSettings } from '../../src/settings.ts';
import type { TrainReport } from '../../src/train/report-shape.ts';
import { type Training, train } from '../../src/train/train.ts';

const settings = readSettings({});
const openEncoder = (): Promise<Encoder> =>
  createNativeEncoder({ modelFolder: settings.TIERGATE_MODEL, queueMax: 64, threads: 2 });

const ROWS: readonly (readonly [string, string])[] = [
  ['where is my parcel', 'Order status'],
  ['when will my order arrive', 'Order status'],
  ['has my package been shipped yet', 'Order status'],
  ['tracking says nothing for a week', 'Order status'],
  ['is my delivery coming today', 'Order status'],
  ['Is my delivery coming today??', 'Order status'],
  ['I want my money back', 'Refund'],
  ['when do I get my refund', 'Refund'],
  ['the refund has not reached my bank account', 'Refund'],
  ['please reimburse me for the broken lamp', 'Refund'],
  ['how long do refunds take', 'Refund'],
  ['I forgot my password', 'Login <b>'],
  ['cannot sign in to my account', 'Login <b>'],
  ['the login page rejects my password', 'Login <b>'],
  ['reset my password please', 'Login <b>'],
  ['locked out of my account', 'Login <b>'],
  ['I want my money back!', 'Login <b>'],
  ['cancel my order please', 'Cancel'],
  ['I want to cancel the order from yesterday', 'Cancel'],
  ['stop the order, I changed my mind', 'Cancel'],
  ['do not send it, cancel everything', 'Cancel'],
  ['who won the world cup', ''],
  ['write a poem about autumn', 'oos'],
  ['what is the capital of Mongolia', ''],
  ['how do I boil an egg', ''],
];

let folder: string;
let quoting: Training;
const steps: string[] = [];
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'train-'));
  const rows = ROWS.map(([text, intent]) => `"${text}",${intent}`);
  writeFileSync(at('tickets.csv'), ['text,intent', ...rows].join('\r\n'));
  const options = { examples: at('tickets.csv'), openEncoder, onStep: () => {} };
  quoting = await train({
    ...options,
    out: at('quoting'),
    isQuoting: true,
    onStep: (step, done, total) => steps.push(`${step} ${done}/${total}`),
  });
  await train({ ...options, out: at('silent'), isQuoting: false });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe('the report', () => {
  test('counts, and judges what it did not learn from', () => {
    const { report } = quoting;
    expect(report).toMatchObject({ examples: 21, intentCount: 4, outOfScope: 4 });
    expect(report.accuracy.value).toBeGreaterThan(0.5);
    expect(report.accuracy.value).toBeLessThan(1);
    expect(report.accuracy.low).toBeLessThan(report.accuracy.value);
    // The twins are no test of each other.
    expect(report.accuracy.of).toBe(19);
    expect(report.strangers.near?.of).toBeGreaterThan(0);
    expect(report.strangers.far?.of).toBe(4);
    expect(report.intents.map(({ name }) => name).sort()).toEqual([
      'Cancel',
      'Login <b>',
      'Order status',
      'Refund',
    ]);
  });
  test('finds the message that stands under two intents, and the one that stands twice', () => {
    const { conflicts, nearDuplicates } = quoting.report;
    expect(conflicts.listed).toEqual([
      {
        first: { line: 8, text: 'I want my money back', intent: 'Refund' },
        second: { line: 18, text: 'I want my money back!', intent: 'Login <b>' },
        likeness: expect.any(Number),
      },
    ]);
    expect(nearDuplicates.listed).toEqual([expect.objectContaining({ intent: 'Order status', likeness: 1 })]);
  });
  test('is written as JSON and as a page that fetches nothing and runs nothing', () => {
    const json = JSON.parse(readFileSync(at('quoting/report.json'), 'utf8')) as TrainReport;
    expect(json).toEqual(JSON.parse(JSON.stringify(quoting.report)));
    const html = readFileSync(at('quoting/report.html'), 'utf8');
    expect(html).not.toMatch(/<script|https?:|src=|url\(|@import|NaN|undefined/);
    expect(html).not.toContain('Login <b>');
    expect(html).toContain('I want my money back!');
  });
  test('shows how far it is', () => {
    expect(steps.filter((step) => step.startsWith('embed')).at(-1)).toBe('embed 25/25');
    expect(steps.at(-1)).toBe('learn 1/1');
  });
});

test('no message lies in the folder unless it was asked for', () => {
  for (const name of ['report.html', 'report.json', 'intent.safetensors']) {
    const content = readFileSync(at(`silent/${name}`), 'latin1').toLowerCase();
    for (const [text] of ROWS) expect(content).not.toContain(text.toLowerCase());
  }
  expect(readFileSync(at('silent/intent.safetensors'))).toEqual(
    readFileSync(at('quoting/intent.safetensors')),
  );
});

test('the folder is one of labels: it classifies without learning again, and only with its encoder', async () => {
  const labels = await readLabels(at('silent'));
  const encoder = await openEncoder();
  try {
    const classify = await createClassify({ encoder, labels, waitMsMax: 20_000 });
    expect(classify.intents).toContain('Login <b>');
    expect(await classify.classify('my password does not work any more')).toMatchObject({
      intent: 'Login <b>',
    });
    const [first, none] = await classify.classifyAll(['where is the parcel I ordered', ' ']);
    expect(first).toMatchObject({ status: 'classified', intent: 'Order status' });
    expect(none).toEqual({ status: 'unclassified', reason: 'empty' });
    const other = { ...encoder, embedAll: encoder.embedAll.bind(encoder), revision: 'another' } as Encoder;
    await expect(createClassify({ encoder: other, labels, waitMsMax: 1 })).rejects.toThrow(
      /trained for the encoder [0-9a-f]{12}, and this one is another. Train them again/,
    );
  } finally {
    await encoder.close();
  }
});

test('trained intents count before examples, with a word', async () => {
  writeFileSync(at('silent/intent.csv'), 'text,intent\n1,a\n2,a\n3,a\n4,b\n5,b\n6,b\n7,c\n8,c\n9,c\n');
  const { intent, warnings } = await readLabels(at('silent'));
  expect(intent.names).toHaveLength(4);
  expect(warnings).toEqual([
    `${at('silent/intent.safetensors')} counts; the intents' examples that lie beside it are not read.`,
  ]);
});

test('an adapter that is asked for is tried, and a table as small as this has none worth keeping', async () => {
  const steps = new Set<string>();
  const { report } = await train({
    examples: at('tickets.csv'),
    openEncoder,
    out: at('adapter'),
    isQuoting: false,
    adapter: { modelFolder: settings.TIERGATE_MODEL, native: { kernel: '', trialsFile: null }, threads: 2 },
    onStep: (step) => steps.add(step),
  });
  expect([...steps]).toEqual(['embed', 'learn', 'adapt', 'compare']);
  expect(report.adapter).toMatchObject({ of: 19, isKept: false });
  const written = readTrainedIntent(readFileSync(at('adapter/intent.safetensors')), 'intent.safetensors');
  expect(written.adapter).toBeNull();
  expect(readFileSync(at('adapter/report.html'), 'utf8')).toContain(
    'not kept: all figures here are of the head alone',
  );
  expect(report.accuracy).toEqual(quoting.report.accuracy);
}, 120_000);

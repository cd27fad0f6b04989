/** One tagger, two engines: what one finds, the other does. And a pack whose tagger is not what it says is refused. */

import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTagger } from '../../src/engine/create-tagger.ts';
import type { Tagger } from '../../src/engine/tagger.ts';

const modelFolder = fileURLToPath(new URL('../../models/tiergate-small-int4', import.meta.url));
const TEXTS = [
  'My name is Jane Doe and I live in Paris',
  'please send it to rahul at acme',
  'nothing here is of anybody',
  'Ich heiße Jürgen',
];
/** Features of a word in no list, as `src/detect/names/words.ts` has them. */
const LOWER = 2;
const CAPITALISED = 3;
/** Largest difference of two engines' chance that a token names something; both quantize activations, each in its way. */
const CHANCE_AWAY_MEAN_MAX = 0.02;

const open = (kernel: string): Promise<Tagger | null> =>
  createTagger({ modelFolder, threads: 2, kernel, trialsFile: null });

function windowsOf(tagger: Tagger): number[][] {
  return TEXTS.map((text) => [
    tagger.before,
    ...text.split(' ').flatMap((word) => {
      const feature = word === word.toLowerCase() ? LOWER : CAPITALISED;
      return tagger.pieces(word).map((id) => tagger.token(id, feature));
    }),
    tagger.after,
  ]);
}

/** Of each token: the chance that it names something. */
async function named(tagger: Tagger): Promise<number[]> {
  const logits = await tagger.tag(windowsOf(tagger));
  const width = tagger.labels.length;
  return Array.from({ length: logits.length / width }, (_, token) => {
    const row = Array.from(logits.subarray(token * width, (token + 1) * width), Math.exp);
    return 1 - (row[0] ?? 0) / row.reduce((sum, value) => sum + value, 0);
  });
}

describe('the native engine and onnxruntime', () => {
  let chances: [number[], number[]];
  beforeAll(async () => {
    const taggers = [await open(''), await open('onnxruntime')] as [Tagger, Tagger];
    expect(taggers.map(({ engine }) => engine)).toEqual([expect.stringMatching(/^native /), 'onnxruntime']);
    chances = [await named(taggers[0]), await named(taggers[1])];
    for (const tagger of taggers) await tagger.close();
  }, 60_000);

  test('name the same words', () => {
    const differences = chances[0].map((chance, at) => Math.abs(chance - (chances[1][at] ?? 0)));
    const mean = differences.reduce((sum, each) => sum + each, 0) / differences.length;
    expect(mean).toBeLessThan(CHANCE_AWAY_MEAN_MAX);
  });

  test('and some words, but not all', () => {
    const share = chances[0].filter((chance) => chance > 0.5).length / chances[0].length;
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.5);
  });
});

describe('a tagger', () => {
  let tagger: Tagger;
  beforeAll(async () => {
    tagger = (await open('')) as Tagger;
  }, 60_000);
  afterAll(() => tagger.close());

  test('gives the same logits whatever is read with a window', async () => {
    const windows = windowsOf(tagger);
    const together = await tagger.tag([
      ...windows,
      ...Array.from({ length: 200 }, () => windows[0] as number[]),
    ]);
    const first = await tagger.tag(windows.slice(0, 1));
    expect(Array.from(together.subarray(0, first.length))).toEqual(Array.from(first));
  });

  test('a feature changes what is read', async () => {
    const [id = 0] = tagger.pieces('rose');
    const read = (feature: number): Promise<Float32Array> =>
      tagger.tag([[tagger.before, tagger.token(id, feature), tagger.after]]);
    expect(Array.from(await read(LOWER))).not.toEqual(Array.from(await read(CAPITALISED)));
  });

  test('a feature that there is not is refused', async () => {
    await expect(tagger.tag([[tagger.token(5, 255)]])).rejects.toThrow('A token is not in the vocabulary.');
  });

  test('a signal that aborts while it reads ends it, with its own reason', async () => {
    const gone = new AbortController();
    const reading = tagger.tag(
      Array.from({ length: 2_000 }, () => windowsOf(tagger)[0] as number[]),
      gone.signal,
    );
    setImmediate(() => gone.abort(new Error('gone')));
    await expect(reading).rejects.toThrow('gone');
  });

  test('a signal that has aborted ends it', async () => {
    const reason = new Error('gone');
    await expect(tagger.tag(windowsOf(tagger), AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe('a pack', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tagger-'));
  const manifest = JSON.parse(readFileSync(join(modelFolder, 'manifest.json'), 'utf8'));
  beforeAll(() => cpSync(modelFolder, folder, { recursive: true }));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Writes `names.json` with some fields changed, and a manifest that names it. */
  function change(fields: object): void {
    const names = JSON.parse(readFileSync(join(modelFolder, 'names.json'), 'utf8'));
    const content = JSON.stringify({ ...names, ...fields });
    writeFileSync(join(folder, 'names.json'), content);
    const entry = {
      path: 'names.json',
      bytes: Buffer.byteLength(content),
      sha256: createHash('sha256').update(content).digest('hex'),
    };
    const learned = { ...manifest.learned, names: entry };
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, learned }));
  }
  const load = () => createTagger({ modelFolder: folder, threads: 1, kernel: '', trialsFile: null });

  test('may have none', async () => {
    const { names: _, ...learned } = manifest.learned;
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, learned }));
    expect(await load()).toBeNull();
  });

  test.each<[string, object, string]>([
    ['labels that begin otherwise', { labels: ['B-PERSON'] }, '`labels` must be texts, the first `O`'],
    [
      'more features than an id has room for',
      { features: 257 },
      '`features` must be a whole number up to 256',
    ],
    ['lists that are no texts', { lists: { given: 1 } }, '`lists` must be texts'],
    ['no weights', { weights: null }, '`weights` and `graph` must be files'],
    [
      'longer windows than the encoder reads',
      { tokens_max: 4096 },
      '`tokens_max` must be one that the encoder reads',
    ],
    [
      'weights of another digest',
      { weights: { path: 'names.safetensors', bytes: 1, sha256: '0'.repeat(64) } },
      'names.safetensors has not the 1 bytes',
    ],
    ['of another encoder', { encoder: '000000000000' }, 'names.json was learned on another encoder'],
  ])('with %s is refused', async (_, fields, message) => {
    change(fields);
    await expect(load()).rejects.toThrow(message);
  });
});

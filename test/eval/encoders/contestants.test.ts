import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openContestants } from '../../../eval/encoders/contestants.ts';
import { revisionOf } from '../../../eval/encoders/float-encoder.ts';
import { makePack } from '../../../src/quantize/make-pack.ts';
import { openSource } from '../../../src/quantize/source.ts';
import { randomModel, writeSource } from '../../quantize/random-model.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tiergate-contestants-'));
  writeSource(join(folder, 'tiny'), randomModel('bert'));
  const calibrate = join(folder, 'calibrate.txt');
  writeFileSync(calibrate, Array.from({ length: 12 }, (_, at) => `text ${at} of abcdef\n`).join(''));
  await makePack({
    source: join(folder, 'tiny'),
    out: join(folder, 'pack'),
    scheme: 'int8',
    int8Share: 0,
    isCompared: false,
    calibrate,
    threads: 1,
    isQuiet: true,
  });
  cpSync(join(folder, 'pack'), join(folder, 'again'), { recursive: true });
  for (const file of ['again/manifest.json', 'tiny/config.json']) {
    const content = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    writeFileSync(join(folder, file), JSON.stringify({ ...content, trained_on: ['shop'] }));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const open = (packs: string[], floats: string[], int8s: string[] = []) =>
  openContestants(
    {
      packs: packs.map((name) => join(folder, name)),
      floats: floats.map((name) => join(folder, name)),
      int8s: int8s.map((name) => join(folder, name)),
    },
    { threads: 1, cache: join(folder, 'cache'), tell: () => {} },
  );

test('packs and floats, each with its name, its heads and what it was trained on', async () => {
  const contestants = await open(['pack'], ['tiny/model.safetensors']);
  expect(
    contestants.map(({ name, kind, trainedOn, heads }) => [name, kind, trainedOn, heads.injection]),
  ).toEqual([
    ['tiny fp32', 'fp32', ['shop'], null],
    ['tiny-int8', 'int8', [], null],
  ]);
  const [float, pack] = await Promise.all(contestants.map(({ encoder }) => encoder.embedAll(['abc text'])));
  const cosine = float![0]!.vector.reduce((sum, value, d) => sum + value * pack![0]!.vector[d]!, 0);
  expect(cosine).toBeGreaterThan(0.99);
  for (const { encoder } of contestants) await encoder.close();
});

test('what a model is in int8 was made once, and is only compared with', async () => {
  const source = openSource(join(folder, 'tiny'));
  cpSync(join(folder, 'again'), join(folder, `cache/packs/tiny-int8-${revisionOf(source)}`), {
    recursive: true,
  });
  const contestants = await open(['pack'], [], ['tiny']);
  expect(contestants.map(({ kind, trainedOn, isCompared }) => [kind, trainedOn, isCompared])).toEqual([
    ['int8', ['shop'], true],
    ['int8', [], false],
  ]);
  for (const { encoder } of contestants) await encoder.close();
});

test('two of one name are told apart', async () => {
  const contestants = await open(['pack', 'again'], []);
  const [one, two] = contestants;
  expect(one!.name).toBe(`tiny-int8 ${one!.encoder.revision}`);
  expect(two!.trainedOn).toEqual(['shop']);
  for (const { encoder } of contestants) await encoder.close();
});

test('a model that cannot be used is named', async () => {
  await expect(open(['nowhere'], ['tiny'])).rejects.toThrow('nowhere');
  await expect(open(['pack'], ['missing'])).rejects.toThrow('missing');
  await expect(open([], ['tiny'])).rejects.toThrow('no model pack');
});

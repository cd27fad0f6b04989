/** A whole run on a small model: the pack loads, the report says what is in it, and a second run gives the same bytes. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadModelPack } from '../../src/engine/pack/manifest.ts';
import { chooseInt8 } from '../../src/quantize/compare.ts';
import { type MakeOptions, makePack } from '../../src/quantize/make-pack.ts';
import { reportHtml } from '../../src/quantize/report.ts';
import { randomModel, writeSource } from './random-model.ts';

let folder: string;
let options: MakeOptions;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiergate-make-pack-'));
  writeSource(join(folder, 'tiny'), randomModel('bert'));
  const words = Array.from({ length: 12 }, (_, at) => `text ${at} of ${'abcdefghijkl'.slice(0, at + 1)}`);
  writeFileSync(join(folder, 'calibrate.txt'), `${words.join('\n')}\n`);
  const labelled = words.flatMap((text, at) => [
    { text, label: `label ${at % 3}` },
    { text: `${at} ${text}`, label: at % 4 === 0 ? null : `label ${at % 3}` },
  ]);
  writeFileSync(join(folder, 'labelled.jsonl'), labelled.map((row) => JSON.stringify(row)).join('\n'));
  options = {
    source: join(folder, 'tiny'),
    out: join(folder, 'out'),
    scheme: 'int4',
    int8Share: 0.3,
    isCompared: false,
    calibrate: join(folder, 'calibrate.txt'),
    labelled: join(folder, 'labelled.jsonl'),
    threads: 1,
    isQuiet: true,
  };
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a pack with its report, twice the same', async () => {
  const report = await makePack(options);
  const pack = await loadModelPack(options.out);
  expect(pack.manifest).toMatchObject({
    name: 'tiny-int4',
    dimensions: 64,
    tokens_max: 64,
    pooling: 'mean',
    encoder: { layers: 3, norm: 'post' },
    heads: [],
  });
  expect(report.schemes.map(({ name }) => name)).toEqual(['int4', 'int4, 30 % in int8']);
  const [plain, mixed] = report.schemes;
  expect(mixed!.cosineMean).toBeGreaterThan(plain!.cosineMean);
  expect(mixed!.bytes).toBeGreaterThan(plain!.bytes);
  expect(plain!.labelled).toEqual({ accuracy: expect.any(Number), auroc: expect.any(Number) });
  const stored = report.linears.map(({ scheme }) => scheme);
  expect(new Set(stored)).toEqual(new Set(['int4', 'int8']));
  expect(JSON.parse(readFileSync(join(options.out, 'report.json'), 'utf8'))).toEqual(report);

  const again = { ...options, out: join(folder, 'again') };
  await makePack(again);
  for (const name of readdirSync(options.out)) {
    const [first, second] = [options, again].map(({ out }) => readFileSync(join(out, name)));
    expect([name, first!.equals(second!)]).toEqual([name, true]);
  }

  const html = reportHtml({ ...report, model: '<script>"x"' });
  expect(html).not.toContain('<script>');
  expect(html).toContain('layers.2.down');
});

test('int8 goes to what int4 costs most for its size, within the share', () => {
  const sizes = new Map([
    ['a', 10],
    ['b', 10],
    ['c', 80],
  ]);
  const losses = new Map([
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ]);
  expect([...chooseInt8(losses, sizes, 0.1)]).toEqual(['b']);
  expect([...chooseInt8(losses, sizes, 0.2)]).toEqual(['b', 'a']);
  expect([...chooseInt8(losses, sizes, 0)]).toEqual([]);
  expect(chooseInt8(losses, sizes, 1).size).toBe(3);
});

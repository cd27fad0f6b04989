import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import type { InjectionHead } from '../../../src/classify/injection/injection.ts';
import { injectionToFile, readInjection } from '../../../src/classify/injection/injection-file.ts';
import { readManifest, revisionOf } from '../../../src/engine/pack/manifest.ts';
import { readSettings } from '../../../src/settings.ts';

const PACK = readSettings({}).TIERGATE_MODEL;
const folder = mkdtempSync(join(tmpdir(), 'tiergate-head-'));
afterAll(() => rmSync(folder, { recursive: true }));
const head: InjectionHead = {
  ideas: { ignore: ['ignore'] },
  letters: Int8Array.from([1, -2, 3, 127]),
  scale: 0.5,
  lettersBias: -1,
  vector: new Float32Array(384).fill(-0.5, 7),
  vectorBias: 2,
  mix: { letters: 1, vector: 0.5, both: 0.25, bias: -3 },
  scripts: ['Latin'],
};
let manifest: Record<string, unknown>;

beforeEach(() => {
  manifest = JSON.parse(readFileSync(join(PACK, 'manifest.json'), 'utf8'));
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
});

function ship(content: string): void {
  writeFileSync(join(folder, 'injection.json'), content);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const learned = { injection: { path: 'injection.json', bytes: Buffer.byteLength(content), sha256 } };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, learned }));
}

test('a head is read as it was written', async () => {
  ship(injectionToFile(head, revisionOf(await readManifest(folder))));
  expect((await readInjection(folder))?.head).toEqual(head);
});

test('a pack without one has none', async () => {
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, learned: {} }));
  expect(await readInjection(folder)).toBeNull();
});

test('a head of another encoder is refused', async () => {
  ship(injectionToFile(head, '0123456789ab'));
  await expect(readInjection(folder)).rejects.toThrow('learned on another encoder');
});

test('a head that was changed is refused', async () => {
  const content = injectionToFile(head, revisionOf(await readManifest(folder)));
  ship(content);
  writeFileSync(join(folder, 'injection.json'), content.replace('-3', '-2'));
  await expect(readInjection(folder)).rejects.toThrow('SHA-256 differs');
});

test.each([
  ['version', 2, '`version`'],
  ['letters', 'AAAA', '`letters`'],
  ['vector', 'AAA=', '`vector`'],
  ['scale', 'large', 'scale'],
  ['scripts', ['}'], '`scripts`'],
  ['ideas', { ignore: [] }, '`ideas`'],
  ['mix', {}, '`mix`'],
])('a head whose %s is wrong is refused', async (field, value, sentence) => {
  const content = JSON.parse(injectionToFile(head, revisionOf(await readManifest(folder))));
  ship(JSON.stringify({ ...content, [field]: value }));
  await expect(readInjection(folder)).rejects.toThrow(sentence);
});

import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import type { UrgencyHead } from '../../../src/classify/urgency/urgency.ts';
import { readUrgency, urgencyToFile } from '../../../src/classify/urgency/urgency-file.ts';
import { MANIFEST_FILE, readManifest, revisionOf } from '../../../src/engine/pack/manifest.ts';
import { readSettings } from '../../../src/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'tiergate-head-'));
afterAll(() => rmSync(folder, { recursive: true }));
const manifest = JSON.parse(readFileSync(join(readSettings({}).TIERGATE_MODEL, MANIFEST_FILE), 'utf8'));
const head: UrgencyHead = {
  weight: Float32Array.from({ length: 4 * manifest.dimensions }, (_, at) => at / 3),
  bias: new Float32Array([-1, 0.5, 0.25, -2]),
  labels: 'abc',
};

function ship(content: string): void {
  writeFileSync(join(folder, 'urgency.json'), content);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const urgency = { path: 'urgency.json', bytes: Buffer.byteLength(content), sha256 };
  writeFileSync(join(folder, MANIFEST_FILE), JSON.stringify({ ...manifest, learned: { urgency } }));
}

test('a head is read as it was written', async () => {
  writeFileSync(join(folder, MANIFEST_FILE), JSON.stringify({ ...manifest, learned: {} }));
  expect(await readUrgency(folder)).toBeNull();
  const encoder = revisionOf(await readManifest(folder));
  ship(urgencyToFile(head, encoder));
  expect((await readUrgency(folder))?.head).toEqual(head);
});

test.each([
  ['a level without a bias', { bias: new Float32Array(3) }],
  ['weights that are not the same for each level', { weight: new Float32Array(13) }],
  ['no weight', { weight: new Float32Array(0) }],
  ['a weight that is no number', { weight: new Float32Array(4 * manifest.dimensions).fill(Number.NaN, 11) }],
] as const)('it is refused with %s', async (_, wrong) => {
  const encoder = revisionOf(await readManifest(folder));
  ship(urgencyToFile({ ...head, ...wrong }, encoder));
  await expect(readUrgency(folder)).rejects.toThrow('in the urgency head');
});

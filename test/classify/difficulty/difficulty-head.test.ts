import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import {
  createJudgeDifficulty,
  type DifficultyHead,
  difficultyToFile,
  readDifficulty,
} from '../../../src/classify/difficulty/difficulty-head.ts';
import { SURFACE_WIDTH } from '../../../src/classify/difficulty/surface.ts';
import { createWaves } from '../../../src/classify/difficulty/waves.ts';
import { digestOfLabels } from '../../../src/classify/labels/label-set.ts';
import { MANIFEST_FILE, readManifest, revisionOf } from '../../../src/engine/pack/manifest.ts';
import { readSettings } from '../../../src/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'tiergate-head-'));
afterAll(() => rmSync(folder, { recursive: true }));
const manifest = JSON.parse(readFileSync(join(readSettings({}).TIERGATE_MODEL, MANIFEST_FILE), 'utf8'));
const even = Array.from({ length: SURFACE_WIDTH }, () => 1);
const head: DifficultyHead = {
  seed: 7,
  waves: 64,
  dimensions: 2,
  centre: even,
  spread: even,
  weights: Float32Array.from({ length: 64 }, (_, at) => (at % 7) - 3),
  length: 0.5,
  bias: -2,
  labels: 'abc',
};

function ship(content: string): void {
  writeFileSync(join(folder, 'difficulty.json'), content);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const difficulty = { path: 'difficulty.json', bytes: Buffer.byteLength(content), sha256 };
  writeFileSync(join(folder, MANIFEST_FILE), JSON.stringify({ ...manifest, learned: { difficulty } }));
}

test('a head is read as it was written, and no other version of it', async () => {
  writeFileSync(join(folder, MANIFEST_FILE), JSON.stringify({ ...manifest, learned: {} }));
  expect(await readDifficulty(folder)).toBeNull();
  const encoder = revisionOf(await readManifest(folder));
  ship(difficultyToFile(head, encoder));
  expect((await readDifficulty(folder))?.head).toEqual(head);
  ship(difficultyToFile({ ...head, centre: [1] }, encoder));
  await expect(readDifficulty(folder)).rejects.toThrow('another version');
});

test('the vector and the text both count, and the same gives the same', () => {
  const judge = createJudgeDifficulty(head);
  expect(judge([1, 0], 'Hi')).not.toBe(judge([0, 1], 'Hi'));
  expect(judge([0, 0], 'Prove that $x^2 = 25$.')).not.toBe(judge([0, 0], 'Hi'));
  expect(createJudgeDifficulty(head)([1, 0], 'Hi')).toBe(judge([1, 0], 'Hi'));
  const plain = createJudgeDifficulty({ ...head, weights: new Float32Array(64) });
  expect(plain([0, 0], 'word '.repeat(100))).toBeGreaterThan(plain([0, 0], 'word'));
});

test('waves tell how near two points are', () => {
  const wavesOf = createWaves({ ...head, waves: 4_096 });
  const near = (first: Float64Array, second: Float64Array): number =>
    first.reduce((sum, value, at) => sum + value * (second[at] as number), 0);
  const [own, other] = [wavesOf([1, 0], 'Hi'), wavesOf([0, 1], 'Hi')];
  expect(near(own, own)).toBeCloseTo(1, 1);
  // exp(−0.1 · 18): the two vectors lie √2 · 3 apart.
  expect(near(own, other)).toBeCloseTo(Math.exp(-1.8), 1);
});

test('labels have one digest, and others have another', () => {
  const labels = { names: ['easy', 'hard'], examples: [{ text: 'a', label: 0 }], outOfScope: [] };
  const other = { ...labels, examples: [{ text: 'a', label: 1 }] };
  expect(digestOfLabels(labels)).toBe(digestOfLabels(structuredClone(labels)));
  expect(digestOfLabels(other)).not.toBe(digestOfLabels(labels));
});

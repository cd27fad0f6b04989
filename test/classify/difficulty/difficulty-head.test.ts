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
import { digestOfLabels } from '../../../src/classify/labels/label-set.ts';
import { MANIFEST_FILE, readManifest, revisionOf } from '../../../src/engine/pack/manifest.ts';
import { readSettings } from '../../../src/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'tiergate-head-'));
afterAll(() => rmSync(folder, { recursive: true }));
const manifest = JSON.parse(readFileSync(join(readSettings({}).TIERGATE_MODEL, MANIFEST_FILE), 'utf8'));
const head: DifficultyHead = {
  weights: Float32Array.of(1, -1, 0.25, 0.5),
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
  const whole = { ...head, weights: new Float32Array(manifest.dimensions + 2).fill(0.5, 7) };
  ship(difficultyToFile(whole, encoder));
  expect((await readDifficulty(folder))?.head).toEqual(whole);
  const broken = [head.weights, whole.weights.with(9, Number.NaN), new Float32Array(0)];
  for (const weights of broken) {
    ship(difficultyToFile({ ...head, weights }, encoder));
    await expect(readDifficulty(folder)).rejects.toThrow('another version');
  }
  ship(difficultyToFile(whole, encoder).replace('"version":2', '"version":1'));
  await expect(readDifficulty(folder)).rejects.toThrow('another version');
});

test('the vector and the text both count, and the same gives the same', () => {
  const judge = createJudgeDifficulty(head);
  expect(judge([1, 0], 'Hi')).toBeGreaterThan(judge([0, 1], 'Hi'));
  expect(judge([0, 0], 'word '.repeat(100))).toBeGreaterThan(judge([0, 0], 'word'));
  expect(judge([0, 0], 'three of 7')).toBeGreaterThan(judge([0, 0], 'these of a'));
  expect(createJudgeDifficulty(head)([1, 0], 'Hi')).toBe(judge([1, 0], 'Hi'));
});

test('labels have one digest, and others have another', () => {
  const labels = { names: ['easy', 'hard'], examples: [{ text: 'a', label: 0 }], outOfScope: [] };
  const other = { ...labels, examples: [{ text: 'a', label: 1 }] };
  expect(digestOfLabels(labels)).toBe(digestOfLabels(structuredClone(labels)));
  expect(digestOfLabels(other)).not.toBe(digestOfLabels(labels));
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { judgeLabelled, type LabelledText, readLabelled } from '../../src/quantize/labelled.ts';
import { noise } from './random-model.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiergate-labelled-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(rows: readonly unknown[]): string {
  const path = join(folder, 'rows.jsonl');
  writeFileSync(
    path,
    `${rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n')}\n`,
  );
  return path;
}

const rows = ['a', 'b', 'c'].flatMap((label) =>
  Array.from({ length: 4 }, (_, at) => ({ text: `${label}${at}`, label })),
);

describe('reading', () => {
  test('without a split, every second row of each label is for testing', () => {
    const read = readLabelled(file([...rows, { text: 'x', label: null }]));
    expect(read.filter(({ isTest }) => isTest).map(({ text }) => text)).toEqual([
      'a1',
      'a3',
      'b1',
      'b3',
      'c1',
      'c3',
    ]);
    expect(read.at(-1)).toEqual({ text: 'x', label: null, isTest: false });
  });
  test('a split that is said counts', () => {
    const read = readLabelled(file([...rows, { text: 'x', label: 'a', split: 'test' }]));
    expect(read.at(-1)?.isTest).toBe(true);
  });
  test.each([
    ['{', /rows\.jsonl:1 is no JSON/],
    [{ text: 'x' }, /rows\.jsonl:1 must hold/],
    [{ text: 'x', label: 'a', split: 'dev' }, /"split" only as/],
  ])('%j is refused with its place', (row, message) => {
    expect(() => readLabelled(file([row, ...rows]))).toThrow(message);
  });
  test('too few labels, or too few texts of one, are refused', () => {
    expect(() => readLabelled(file(rows.slice(0, 8)))).toThrow(/needs 3 labels/);
    expect(() => readLabelled(file([...rows, { text: 'd', label: 'd' }]))).toThrow(/two texts or more/);
  });
});

describe('judging', () => {
  const width = 24;
  const centres = noise(3 * width, 1);
  /** Texts around the centre of their label, or around none. */
  const texts: LabelledText[] = Array.from({ length: 240 }, (_, at) => ({
    text: '',
    label: at % 4 === 3 ? null : 'abc'[at % 4]!,
    isTest: at >= 120,
  }));
  const vectors = (spread: number): Float32Array[] =>
    texts.map(({ label }, at) => {
      const own = noise(width, 50 + at, label === null ? 1.5 : spread);
      return label === null ? own : own.map((value, d) => value + centres['abc'.indexOf(label) * width + d]!);
    });

  test('vectors that tell labels apart are judged right, and blurred ones worse', () => {
    const clear = judgeLabelled(texts, vectors(0.2));
    const blurred = judgeLabelled(texts, vectors(3));
    expect(clear.accuracy).toBe(1);
    expect(clear.auroc).toBeGreaterThan(0.99);
    expect(blurred.accuracy).toBeLessThan(0.95);
    expect(blurred.auroc).toBeLessThan(clear.auroc!);
  });
  test('without texts out of scope there is no AUROC', () => {
    const known = texts.map((each) => ({ ...each, label: each.label ?? 'a' }));
    expect(judgeLabelled(known, vectors(0.2)).auroc).toBeNull();
  });
});

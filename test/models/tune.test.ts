import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createRandom, noisy } from '../../models/recipes/tune/noisy-text.ts';
import { readSentences } from '../../models/recipes/tune/sentences.ts';
import { writeSafetensors } from '../../src/engine/pack/write-safetensors.ts';

const TUNE = fileURLToPath(new URL('../../models/recipes/tune/tune.py', import.meta.url));
// Debian's own: the one that has its packages.
const PYTHON = '/usr/bin/python3';
const HIDDEN = 16;
const CONFIG = { num_hidden_layers: 4, num_attention_heads: 2, hidden_size: HIDDEN };
const hasTorch = spawnSync(PYTHON, ['-c', 'import torch']).status === 0;

describe('noisy', () => {
  test('is the same for the same seed, and another for another', () => {
    const text = 'where is the parcel that I ordered last week';
    const made = (seed: number): string[] => {
      const random = createRandom(seed);
      return Array.from({ length: 10 }, () => noisy(text, random));
    };
    expect(made(1)).toEqual(made(1));
    expect(made(1)).not.toEqual(made(2));
    expect(new Set(made(1)).size).toBeGreaterThan(5);
  });

  test('leaves most of a message as it was', () => {
    const random = createRandom(3);
    for (let n = 0; n < 200; n += 1) {
      const words = new Set(
        noisy('one question about the delivery of my order', random).toLowerCase().split(/\W+/),
      );
      const kept = ['one', 'question', 'about', 'the', 'delivery', 'my', 'order'].filter((word) =>
        words.has(word),
      );
      expect(kept.length).toBeGreaterThanOrEqual(5);
    }
  });

  test('copes with a text of one letter', () => {
    const random = createRandom(4);
    for (let n = 0; n < 50; n += 1) expect(noisy('a', random).toLowerCase()).toContain('a');
  });
});

describe('sentences', () => {
  const document = JSON.stringify({
    title: 'Opening an account from abroad',
    content:
      '## Requirements\n\n- The customer is at least 18 years old. Short one.\n- Überweisungen dauern zwei Werktage lang.',
  });
  const rows = {
    'knowledge/tau2_banking_documents.jsonl': [
      { content: document },
      { content: 'A text that is no JSON at all.' },
    ],
    'pii/lifebench.jsonl': [
      { text: '[Note] I met them at the museum today. I met them at the museum today.' },
    ],
  };
  const data = mkdtempSync(join(tmpdir(), 'tiergate-sentences-'));
  for (const [file, lines] of Object.entries(rows)) {
    mkdirSync(join(data, dirname(file)), { recursive: true });
    writeFileSync(join(data, file), lines.map((line) => JSON.stringify(line)).join('\n'));
  }
  afterAll(() => rmSync(data, { recursive: true }));

  test('are those of a handy length in plain letters, each once', () => {
    const found = readSentences(data, createRandom(1));
    expect(found.toSorted()).toEqual([
      'A text that is no JSON at all.',
      'I met them at the museum today.',
      'Opening an account from abroad',
      'The customer is at least 18 years old.',
      '[Note] I met them at the museum today.',
    ]);
    expect(readSentences(data, createRandom(1))).toEqual(found);
  });
});

/** A model of random weights under Hugging Face's names. */
function randomWeights() {
  const random = createRandom(7);
  const tensors = new Map<string, readonly number[]>();
  for (const [name, rows] of [
    ['word', 50],
    ['position', 20],
    ['token_type', 2],
  ] as const) {
    tensors.set(`embeddings.${name}_embeddings.weight`, [rows, HIDDEN]);
  }
  const addNorm = (name: string) => tensors.set(`${name}.weight`, [HIDDEN]).set(`${name}.bias`, [HIDDEN]);
  const addMatrix = (name: string, outputs: number, inputs: number) =>
    tensors.set(`${name}.weight`, [outputs, inputs]).set(`${name}.bias`, [outputs]);
  addNorm('embeddings.LayerNorm');
  for (let layer = 0; layer < CONFIG.num_hidden_layers; layer += 1) {
    const place = `encoder.layer.${layer}`;
    for (const part of ['query', 'key', 'value'])
      addMatrix(`${place}.attention.self.${part}`, HIDDEN, HIDDEN);
    addMatrix(`${place}.attention.output.dense`, HIDDEN, HIDDEN);
    addNorm(`${place}.attention.output.LayerNorm`);
    addMatrix(`${place}.intermediate.dense`, 2 * HIDDEN, HIDDEN);
    addMatrix(`${place}.output.dense`, HIDDEN, 2 * HIDDEN);
    addNorm(`${place}.output.LayerNorm`);
  }
  return [...tensors].map(([name, shape]) => {
    const count = shape.reduce((product, each) => product * each, 1);
    const values = Float32Array.from({ length: count }, () => random() - 0.5);
    return { name, dtype: 'F32' as const, shape, bytes: new Uint8Array(values.buffer) };
  });
}

(hasTorch ? describe : describe.skip)('tune.py (needs PyTorch)', () => {
  let folder: string;
  const floatsOf = (file: string): Map<string, string> => {
    const { tensors, bytes } = readAll(join(folder, file));
    return new Map(tensors.map(([name, from, to]) => [name, bytes.subarray(from, to).toString('base64')]));
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tiergate-tune-'));
    writeFileSync(join(folder, 'base.safetensors'), writeSafetensors(randomWeights()).bytes);
    writeFileSync(join(folder, 'config.json'), JSON.stringify(CONFIG));
    const messages = Array.from({ length: 60 }, (_, n) => {
      const ids = [1, 10 + (n % 6), 20 + (n % 7), 2];
      return { intents: [`intent ${n % 6}`], ids, noisy: [[1, 10 + (n % 6), 2]] };
    });
    const sentences = Array.from({ length: 30 }, (_, n) => ({
      intents: [String(n)],
      ids: [1, 3 + n, 2],
      noisy: [4, 5, 6].map((other) => [1, 3 + n, other, 2]),
    }));
    const sets = [
      { name: 'made up', messages },
      { name: 'sentences', messages: sentences },
    ];
    writeFileSync(join(folder, 'messages.json'), JSON.stringify(sets));
    execFileSync(PYTHON, [TUNE, folder, '--steps', '6', '--threads', '1'], { stdio: 'ignore' });
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  test('moves the weights of the upper layers, and no others', () => {
    const [base, tuned] = [floatsOf('base.safetensors'), floatsOf('tuned.safetensors')];
    const moved = [...base].filter(([name, floats]) => tuned.get(name) !== floats).map(([name]) => name);
    expect([...tuned.keys()].sort()).toEqual([...base.keys()].sort());
    expect(moved.length).toBeGreaterThan(10);
    for (const name of moved) expect(name).toMatch(/^encoder\.layer\.[23]\./);
  });

  test('gives weights between the base model’s and the tuned ones', () => {
    const name = 'encoder.layer.3.output.dense.weight';
    const [base = [], tuned = [], mixed = []] = ['base', 'tuned', 'model'].map((file) => [
      ...new Float32Array(
        Uint8Array.from(Buffer.from(floatsOf(`${file}.safetensors`).get(name) ?? '', 'base64')).buffer,
      ),
    ]);
    expect(mixed.length).toBe(2 * HIDDEN * HIDDEN);
    for (const [at, value] of mixed.entries())
      expect(value).toBeCloseTo(base[at]! + 0.65 * (tuned[at]! - base[at]!), 5);
  });
});

/** Name, first byte and end of each tensor. */
function readAll(file: string): { tensors: [string, number, number][]; bytes: Buffer } {
  const bytes = readFileSync(file);
  const length = Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString('utf8')) as Record<
    string,
    { data_offsets: number[] }
  >;
  const tensors = Object.entries(header).map(
    ([
      name,
      {
        data_offsets: [from = 0, to = 0],
      },
    ]) => {
      return [name, 8 + length + from, 8 + length + to] as [string, number, number];
    },
  );
  return { tensors, bytes };
}

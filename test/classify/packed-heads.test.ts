import { expect, test } from '@jest/globals';
import { createClassify } from '../../src/classify/classify.ts';
import { digestOfLabels } from '../../src/classify/labels/label-set.ts';
import { type Labels, readLabels } from '../../src/classify/labels/labels.ts';
import type { PackedHeads } from '../../src/classify/packed-heads.ts';
import type { Encoder } from '../../src/engine/encoder.ts';
import { readSettings } from '../../src/settings.ts';

const labels = await readLabels(readSettings({}).TIERGATE_LABELS);
const asked: string[] = [];
const embeddingOf = (n: number) => ({
  vector: Float32Array.from({ length: 4 }, (_, d) => Math.sin(n * 7 + d * 3)),
  tokens: 1,
  windows: 1,
  truncated: false,
});
const encoder: Encoder = {
  dimensions: 4,
  revision: 'test',
  engine: 'fake',
  embed: async () => embeddingOf(1),
  async embedAll(texts) {
    asked.push(...texts);
    return texts.map((_, n) => embeddingOf(n));
  },
  close: async () => undefined,
};

/** A head that finds everything critical, whatever the vector. */
const heads: PackedHeads = {
  injection: null,
  difficulty: null,
  urgency: {
    head: {
      weight: new Float32Array(16),
      bias: new Float32Array([0, 0, 0, 9]),
      labels: digestOfLabels(labels.urgency),
    },
    sha256: 'abc',
  },
};
const few = (set: Labels['intent'], kept: number): Labels['intent'] => ({
  names: set.names.slice(0, kept),
  examples: set.examples.filter(({ label }) => label < kept),
  outOfScope: [],
});
const small: Labels = { ...labels, intent: few(labels.intent, 3) };

test("the pack's urgency head decides with the labels that it learned from, and nothing is learned", async () => {
  asked.length = 0;
  const classify = await createClassify({ encoder, labels: small, heads, waitMsMax: 20_000 });
  const said = await classify.classify('hello');
  expect(said).toMatchObject({ urgency: 'critical' });
  // Some examples teach intents and difficulty as well.
  const others = [...small.intent.examples, ...labels.difficulty.examples].map(({ text }) => text);
  expect(asked.filter((text) => !others.includes(text))).toEqual([]);
  expect(await classify.classify('привет')).toMatchObject({ urgency: null, urgencyConfidence: 0 });
});

test("a customer's own labels decide where they give some", async () => {
  asked.length = 0;
  const [first, ...rest] = labels.urgency.examples;
  const own = { ...labels.urgency, examples: [{ text: 'a new one', label: first?.label ?? 0 }, ...rest] };
  const theirs = { ...small, urgency: own };
  const classify = await createClassify({ encoder, labels: theirs, heads, waitMsMax: 20_000 });
  expect(asked).toContain('a new one');
  const shipped = await createClassify({ encoder, labels: small, heads, waitMsMax: 20_000 });
  expect(classify.revision).not.toBe(shipped.revision);
  // The pack's head says critical to everything.
  expect(await classify.classify('hello')).not.toMatchObject({ urgency: 'critical', urgencyConfidence: 1 });
});

/**
 * One pack, two engines: what is learned on one holds on the other. The budgets are stated in docs/model-pack.md.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type IntentHead, judgeIntent, learnIntent } from '../../src/classify/intent/intent.ts';
import { readLabels } from '../../src/classify/labels/labels.ts';
import type { Encoder } from '../../src/engine/encoder.ts';
import { createNativeEncoder } from '../../src/engine/native/native-encoder.ts';
import { createOnnxEncoder } from '../../src/engine/onnx/onnx-encoder.ts';
import { cosine } from './encoder.common.ts';
import { nativeBinary } from './native/native.common.ts';

const path = (relative: string): string => fileURLToPath(new URL(`../../${relative}`, import.meta.url));
const modelFolder = path('models/tiergate-small-int4');

/** Two engines' vectors of one text; both are about 0.003 away from the original's. */
const COSINE_MIN = 0.998;
/** Below it, two intents may be about as likely as each other, and no rule relies on the first. */
const LIKELY = 0.5;
/** Log-odds of what an intent's confidence says. */
const LOGIT_DIFFERENCE_MAX = 0.6;
const LOGIT_DIFFERENCE_MEAN_MAX = 0.1;

const logit = (probability: number): number => Math.log(probability / (1 - probability));
const messages = readFileSync(path('loadtest/sample.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .flatMap((line) => (JSON.parse(line) as { text?: string }).text ?? []);

async function vectorsOf(encoder: Encoder, texts: readonly string[]): Promise<Float32Array[]> {
  const embeddings = await encoder.embedAll(texts);
  return embeddings.map(({ vector }) => vector);
}

describe('the native engine and onnxruntime', () => {
  let native: Float32Array[];
  let onnx: Float32Array[];
  let head: IntentHead;

  beforeAll(async () => {
    const options = { modelFolder, queueMax: 1, threads: 2 };
    const nativeEncoder = await createNativeEncoder({ ...options, binary: await nativeBinary() });
    const { intent } = await readLabels(path('policies/labels'));
    native = await vectorsOf(nativeEncoder, messages);
    head = learnIntent(
      await vectorsOf(
        nativeEncoder,
        intent.examples.map(({ text }) => text),
      ),
      intent.examples.map(({ label }) => label),
      intent.names.length,
      await vectorsOf(nativeEncoder, intent.outOfScope),
    );
    await nativeEncoder.close();
    const onnxEncoder = await createOnnxEncoder(options);
    onnx = await vectorsOf(onnxEncoder, messages);
    await onnxEncoder.close();
  }, 60_000);

  test('give vectors within the budget', () => {
    const cosines = native.map((vector, at) => cosine(vector, onnx[at] as Float32Array));
    expect(Math.min(...cosines)).toBeGreaterThan(COSINE_MIN);
  });

  test('give the same intents wherever one of them is likely, with confidences within the budget', () => {
    const ours = native.map((vector) => judgeIntent(head, vector));
    const theirs = onnx.map((vector) => judgeIntent(head, vector));
    const likely = ours.flatMap(({ label, confidence }, at) =>
      Math.max(confidence, theirs[at]?.confidence ?? 1) < LIKELY ? [] : [{ at, label }],
    );
    expect(likely.length).toBeGreaterThan(messages.length / 2);
    expect(likely.map(({ at }) => ({ at, label: theirs[at]?.label }))).toEqual(likely);
    const differences = ours.map(({ confidence }, at) =>
      Math.abs(logit(confidence) - logit(theirs[at]?.confidence ?? Number.NaN)),
    );
    expect(Math.max(...differences)).toBeLessThan(LOGIT_DIFFERENCE_MAX);
    expect(differences.reduce((sum, value) => sum + value) / differences.length).toBeLessThan(
      LOGIT_DIFFERENCE_MEAN_MAX,
    );
  });
});

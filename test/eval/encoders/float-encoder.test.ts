import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createFloatEncoder } from '../../../eval/encoders/float-encoder.ts';
import { startOnnxRuns } from '../../../src/engine/onnx/onnx-runs.ts';
import { createTokenizer } from '../../../src/engine/tokenizer/tokenizer.ts';
import { embedOriginal } from '../../../src/quantize/compare.ts';
import { tokenize } from '../../../src/quantize/embed.ts';
import { openSource } from '../../../src/quantize/source.ts';
import { ARCHITECTURES, randomModel, writeSource } from '../../quantize/random-model.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiergate-float-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each(ARCHITECTURES)('%s: the same vectors as layer by layer', async (architecture) => {
  const path = join(folder, architecture);
  writeSource(path, randomModel(architecture));
  const texts = ['text of abc', 'a', 'abcdefg text 3 of abcdefghijkl'];
  const { model, tokenizer } = openSource(path);
  const ids = tokenize(createTokenizer(JSON.parse(Buffer.from(tokenizer).toString('utf8'))), texts, 64);
  const runs = startOnnxRuns(1);
  const right = await embedOriginal(runs, model, ids, 'mean');
  await runs.close();

  const encoder = await createFloatEncoder(path, 1);
  const embeddings = await encoder.embedAll(texts);
  await encoder.close();
  expect(encoder.engine).toBe('onnxruntime float32');
  embeddings.forEach(({ vector }, at) => {
    const cosine = vector.reduce((sum, value, d) => sum + value * right[at]![d]!, 0);
    expect(cosine).toBeCloseTo(1, 5);
  });
});

test('what is no model is refused', async () => {
  await expect(createFloatEncoder(join(folder, 'none'), 1)).rejects.toThrow('There is no');
});

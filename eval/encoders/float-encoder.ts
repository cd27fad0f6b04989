/** An encoder that runs a downloaded or freshly trained model in float32, as the measure of what quantizing costs. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Encoder } from '../../src/engine/encoder.ts';
import { floatsIn, startOnnxRuns } from '../../src/engine/onnx/onnx-runs.ts';
import { createQueuedEncoder, type TextEngine } from '../../src/engine/queued-encoder.ts';
import { embeddingOf, readTokens } from '../../src/engine/token-windows.ts';
import { createTokenizer } from '../../src/engine/tokenizer/tokenizer.ts';
import { clipText } from '../../src/engine/windows.ts';
import { pool } from '../../src/quantize/embed.ts';
import { wholeGraph } from '../../src/quantize/float-graph.ts';
import { openSource, type Source } from '../../src/quantize/source.ts';

/** As packs are made (`src/quantize/write-pack.ts`). */
const TOKENS_MAX = 512;
/** Texts are asked for one after another, none waits here. */
const QUEUE_MAX = 1;

/**
 * @param path the model's folder or weights file, as `tiergate model quantize` takes it (ONNX or safetensors)
 * @throws Error naming what cannot be used
 */
export async function createFloatEncoder(path: string, threads: number): Promise<Encoder> {
  const source = openSource(path);
  const { model, pooling = 'mean' } = source;
  const tokenizer = createTokenizer(JSON.parse(Buffer.from(source.tokenizer).toString('utf8')));
  const tokensMax = Math.min(TOKENS_MAX, model.config.positions_max);
  const revision = revisionOf(source);
  const runs = startOnnxRuns(threads);
  const graph = await runs.load(wholeGraph(model)).catch(async (cause: unknown) => {
    await runs.close();
    throw cause;
  });
  let isOpen = true;
  const engine: TextEngine = {
    engine: 'onnxruntime float32',
    dimensions: model.config.hidden,
    revision,
    get alive() {
      return isOpen;
    },
    lanes: 1,
    batchCharsMax: 0,
    async embed([text = '']) {
      const reading = readTokens(tokenizer, clipText(text), tokensMax);
      const vectors: Float32Array[] = [];
      for (const ids of reading.windows) {
        const input = { shape: [1, ids.length], data: BigInt64Array.from(ids, BigInt) };
        const output = await graph.run({ input_ids: input });
        vectors.push(pool(floatsIn(output, 'last_hidden_state'), ids.length, pooling));
      }
      return [embeddingOf(reading, vectors)];
    },
    async close() {
      isOpen = false;
      await runs.close();
    },
  };
  return createQueuedEncoder(async () => engine, QUEUE_MAX);
}

/** Names a model's weights and tokenizer by what is in them. */
export function revisionOf({ tokenizer, weightFiles, pooling = 'mean' }: Source): string {
  const digest = createHash('sha256').update(tokenizer).update(pooling);
  for (const file of weightFiles) digest.update(readFileSync(file));
  return digest.digest('hex').slice(0, 12);
}

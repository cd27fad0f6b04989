/** Each architecture, from a safetensors file to hidden states, against the reference; then quantized. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { floatsIn, type OnnxRuns, startOnnxRuns } from '../../src/engine/onnx/onnx-runs.ts';
import { LINEARS, tensorOf } from '../../src/quantize/encoder-model.ts';
import { finalGraph } from '../../src/quantize/float-graph.ts';
import { embedTexts, runLayer } from '../../src/quantize/layer-by-layer.ts';
import { GRAPH_FILE, packFiles, WEIGHTS_FILE } from '../../src/quantize/pack-files.ts';
import { quantizeModel } from '../../src/quantize/quantize-model.ts';
import type { Scheme } from '../../src/quantize/quantized-linear.ts';
import { openSource } from '../../src/quantize/source.ts';
import { ARCHITECTURES, type Architecture, randomModel, randomTexts, writeSource } from './random-model.ts';
import { referenceForward } from './reference.ts';

let folder: string;
let runs: OnnxRuns;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiergate-architectures-'));
  runs = startOnnxRuns(1);
});
afterAll(async () => {
  await runs.close();
  rmSync(folder, { recursive: true });
});

function open(architecture: Architecture) {
  const source = randomModel(architecture);
  writeSource(join(folder, architecture), source);
  return { source, model: openSource(join(folder, architecture)).model };
}

/** Length of the difference over that of `right`. */
function distance(right: ArrayLike<number>, other: ArrayLike<number>): number {
  const difference = Array.from(right, (value, at) => value - other[at]!);
  return Math.hypot(...difference) / Math.hypot(...Array.from(right));
}

describe.each(ARCHITECTURES)('%s', (architecture) => {
  test('layer by layer in float, it computes what the reference does', async () => {
    const { source, model } = open(architecture);
    const texts = randomTexts(4);
    let stream = await embedTexts(runs, model, texts);
    for (let layer = 0; layer < model.config.layers; layer += 1) {
      stream = (await runLayer(runs, model, layer, stream, ['output'])).output;
    }
    const final = await runs.load(finalGraph(model));
    for (const [at, hidden] of stream.entries()) {
      const last = floatsIn(await final.run({ hidden }), 'last_hidden_state');
      expect(distance(referenceForward(source, texts[at]!).flat(), last)).toBeLessThan(1e-5);
    }
  });

  // Each way to store weights is tried on one architecture, and each architecture with one way.
  const budgets: [Scheme, number][] = [
    ['int4', architecture === 'modernbert' ? 0.3 : 0.12],
    ['int8', 0.02],
    ['ternary', 0.5],
  ];
  test.each(architecture === 'bert' ? budgets : budgets.slice(0, 1))(
    'a pack in %s stays within its error budget, texts of other lengths beside it',
    async (scheme, budget) => {
      const { source, model } = open(architecture);
      const quantized = await quantizeModel(model, randomTexts(12), () => scheme, runs);
      const { weights, graph } = packFiles(quantized);
      const place = join(folder, `${architecture}-${scheme}`);
      writeSource(place, source);
      writeFileSync(join(place, WEIGHTS_FILE), weights);
      writeFileSync(join(place, GRAPH_FILE), graph);
      const run = await runs.load(join(place, GRAPH_FILE));
      const texts = randomTexts(6, 99);
      const longest = Math.max(...texts.map(({ length }) => length));
      const shape = [texts.length, longest];
      const fill = (value: (text: number[], at: number) => number) =>
        BigInt64Array.from(
          texts.flatMap((text) => Array.from({ length: longest }, (_, at) => BigInt(value(text, at)))),
        );
      const outputs = await run.run({
        input_ids: { shape, data: fill((text, at) => text[at] ?? 0) },
        attention_mask: { shape, data: fill((text, at) => (at < text.length ? 1 : 0)) },
      });
      const all = floatsIn(outputs, 'last_hidden_state');
      const width = model.config.hidden;
      const right = texts.flatMap((text) => referenceForward(source, text).flat());
      const got = texts.flatMap((text, at) => [
        ...all.subarray(at * longest * width, (at * longest + text.length) * width),
      ]);
      const error = distance(right, got);
      expect(error).toBeLessThan(budget);
      // Not equal either: otherwise nothing was quantized.
      expect(error).toBeGreaterThan(budget / 100);
    },
  );

  test('every tensor has the name and shape that the engine wants', () => {
    const { model } = open(architecture);
    const { hidden, intermediate, positions_max, vocabulary } = model.config;
    expect(tensorOf(model, 'embeddings.word.weight').shape).toEqual([vocabulary, hidden]);
    expect(model.tensors.get('embeddings.position')?.shape).toEqual(
      architecture === 'modernbert' ? undefined : [positions_max, hidden],
    );
    const shapes = LINEARS.map((kind) => tensorOf(model, `layers.1.${kind}.weight`).shape.join('x'));
    const up = architecture === 'modernbert' ? 2 * intermediate : intermediate;
    expect(shapes).toEqual([
      `${3 * hidden}x${hidden}`,
      `${hidden}x${hidden}`,
      `${up}x${hidden}`,
      `${hidden}x${intermediate}`,
    ]);
    expect(model.tensors.has('layers.0.attention_norm.weight')).toBe(architecture !== 'modernbert');
    expect(model.tensors.has('final_norm.weight')).toBe(architecture === 'modernbert');
  });
});

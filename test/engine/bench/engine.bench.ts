/**
 * `npm run bench:engine`: tiergate's own engine against onnxruntime (int8, int4) and llama.cpp (Q4_0), on the same
 * weights and token ids, taking turns in one run, and against the compute limit of the machine. Figures as Markdown on
 * stdout, progress on stderr. Nothing else should run on the machine meanwhile.
 *
 *   npm run bench:engine [-- --model gte-small|minilm-l6] [--pack FOLDER] [--rounds N] [--fp32] [--avx2] [--write]
 *
 *   --pack     the int4 model pack, by default models/<model>-int4, or where that is not shipped one made here
 *   --rounds   turns of every engine at every length
 *   --fp32     measure onnxruntime on the float32 original too
 *   --avx2     every engine as on a processor that has AVX2 and nothing newer (Linux on x86-64)
 *   --tarball  the npm tarball with the original models, if it is not to be fetched
 *   --write    put the figures into docs/performance.md, and the plot beside it
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ONNXRUNTIME } from '../../../src/engine/onnx/onnx-encoder.ts';
import { ACCURACY_TEXTS, measureAccuracy } from './accuracy.ts';
import { concurrencySteps, measureConcurrency } from './concurrency.ts';
import type { Engine } from './contender.ts';
import { LENGTHS, latencySteps, measureLatencies } from './latency.ts';
import { ATTENTION, faster, limitMs, measurePeaks, type Peak } from './limit.ts';
import { llamaEngine } from './llama.ts';
import { lookAtMachine } from './machine.ts';
import { type BenchModel, MODELS, type ModelName, prepareModel, preparePack } from './models.ts';
import { nativeEngine } from './native.ts';
import { onnxEngine } from './onnx.ts';
import { type Line, latencyOverLength } from './plot.ts';
import { progressBar } from './progress.ts';
import {
  accuracyTable,
  concurrencyTable,
  latencyTable,
  type Measured,
  peakTable,
  ratioTable,
  wholeWayTable,
  writeSection,
} from './report.ts';
import { measureWholeWay, wholeWaySteps } from './whole-way.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const THREADS = [1, 2];
const SLICE_MS = 2000;

const { values: options } = parseArgs({
  options: {
    model: { type: 'string', default: 'gte-small' },
    pack: { type: 'string' },
    rounds: { type: 'string', default: '24' },
    fp32: { type: 'boolean', default: false },
    avx2: { type: 'boolean', default: false },
    tarball: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});

function modelName(name: string): ModelName {
  if (Object.hasOwn(MODELS, name)) return name as ModelName;
  throw new Error(`There is no model ${name}; there are ${Object.keys(MODELS).join(', ')}.`);
}

const { avx2 } = options;
/** Of tiergate's own engine; '' for the fastest. */
const kernel = avx2 ? 'avx2' : (process.env.TIERGATE_KERNEL ?? '');

/** The engines that can run here; why another cannot goes to stderr. */
async function enginesFor(
  model: BenchModel,
  pack: string,
): Promise<{ reference: Engine; engines: Engine[] }> {
  const onnx = (name: string, detail: string, modelFile: string): Engine =>
    onnxEngine({
      name: `onnxruntime ${name}`,
      detail,
      modelFile,
      ...(avx2 ? { avx2Cache: cache } : {}),
    });
  const reference = onnx('fp32', 'the original', model.fp32File);
  const candidates: Record<string, () => Engine | Promise<Engine>> = {
    tiergate: () => nativeEngine(pack, kernel, cache),
    'onnxruntime int8': () => onnx('int8', 'dynamic, as by quantize_dynamic', model.int8File),
    'onnxruntime int4': () => onnx('int4', "MatMulNBits, the pack's own graph", join(pack, 'model.onnx')),
    'llama.cpp': () => llamaEngine(model.ggufFile, cache, avx2),
    ...(options.fp32 ? { 'onnxruntime fp32': () => reference } : {}),
  };
  const engines: Engine[] = [];
  for (const [name, make] of Object.entries(candidates)) {
    try {
      const engine = await make();
      await (await engine.open({ threads: 1, lanes: 1 })).close();
      engines.push(engine);
    } catch (cause) {
      process.stderr.write(`${name} is not measured: ${String(cause)}\n`);
    }
  }
  return { reference, engines };
}

/** What the processor is asked to do without, is not counted in its limit either. */
const allowed = (peaks: readonly Peak[]): Peak[] =>
  peaks.filter(({ instructionSet }) => !avx2 || instructionSet === 'avx2');

function plotOf(title: string, { latencies, peaks }: Measured, model: BenchModel): string {
  const engines = [...(latencies.values().next().value?.keys() ?? [])];
  const lines: Line[] = engines.map((name) => ({
    name,
    limit: false,
    points: LENGTHS.map((tokens) => ({ tokens, ms: latencies.get(tokens)?.get(name) ?? Number.NaN })),
  }));
  for (const operand of ATTENTION) {
    const points = LENGTHS.flatMap((tokens) => {
      const ms = limitMs(peaks, model.shape, tokens, operand);
      return ms === undefined ? [] : [{ tokens, ms }];
    });
    if (points.length > 0) lines.push({ name: `limit, attention in ${operand}`, limit: true, points });
  }
  return latencyOverLength(title, lines);
}

const cache = join(ROOT, 'node_modules/.cache/bench');
mkdirSync(cache, { recursive: true });
const rounds = Number(options.rounds);
const slices = Math.max(1, Math.round(rounds / 6));
const model = prepareModel(modelName(options.model), cache, options.tarball);
const pack = options.pack ?? (await preparePack(model, cache));
const { reference, engines } = await enginesFor(model, pack);
const ways = avx2 ? [kernel] : [kernel, ONNXRUNTIME];
const machine = await lookAtMachine();
const progress = progressBar(
  'Measuring',
  THREADS.length * latencySteps(rounds) +
    concurrencySteps(engines.length, slices) +
    (1 + engines.length) * ACCURACY_TEXTS +
    wholeWaySteps(ways),
);

const measured: Measured[] = [];
for (const threads of THREADS) {
  const before = measurePeaks(threads, cache);
  const latencies = await measureLatencies(engines, { threads, rounds, onStep: progress });
  measured.push({ threads, latencies, peaks: allowed(faster(before, measurePeaks(threads, cache))) });
}
const concurrency = await measureConcurrency(engines, { slices, sliceMs: SLICE_MS, onStep: progress });
const accuracies = await measureAccuracy(reference, engines, model, progress);
const wholeWays = await measureWholeWay(pack, ways, cache, progress).catch((cause: unknown) => {
  process.stderr.write(`The whole way is not measured: ${String(cause)}\n`);
  return [];
});

const [one, two] = measured;
if (one === undefined || two === undefined) throw new Error('Nothing was measured.');
const text = [
  `${model.name}${avx2 ? ', AVX2 only' : ''}; ${machine.description}; ${rounds} rounds; other processes kept ${machine.others.toFixed(1)} cores busy before.`,
  engines.map(({ name, detail }) => `- ${name}: ${detail}`).join('\n'),
  latencyTable(one, model.shape),
  ratioTable(one),
  latencyTable(two, model.shape),
  concurrencyTable(concurrency),
  wholeWayTable(wholeWays),
  accuracyTable(accuracies, ACCURACY_TEXTS),
  peakTable(one.peaks, two.peaks, two.threads),
].join('\n\n');
process.stdout.write(`${text}\n`);
if (options.write) {
  const section = `bench:engine ${model.name}${avx2 ? ' avx2' : ''}`;
  writeSection(join(ROOT, 'docs/performance.md'), section, text);
  if (section === 'bench:engine gte-small') {
    const title = `How long ${model.name} takes for one text, by its length and the engine, one thread`;
    writeFileSync(join(ROOT, 'docs/images/engine.svg'), plotOf(title, one, model));
  }
}

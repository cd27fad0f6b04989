/** A model as it was downloaded: a folder with `config.json`, weights and tokenizer, as Hugging Face lays it out. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { readEncoder } from './architecture.ts';
import type { HuggingFaceConfig } from './architecture-reading.ts';
import type { EncoderModel } from './encoder-model.ts';
import { readOnnx } from './read-onnx.ts';
import { readSafetensors } from './read-safetensors.ts';

export interface Source {
  readonly name: string;
  /** The weights' file or files. */
  readonly weightFiles: readonly string[];
  readonly model: EncoderModel;
  readonly tokenizer: Uint8Array;
  /** Empty where the source has none. */
  readonly tokenizerConfig: Uint8Array;
  /** How the source's makers pool, if they say (sentence-transformers' `1_Pooling`). */
  readonly pooling: 'mean' | 'cls' | undefined;
}

/** In a folder, the first of these that is there is read. */
const ONNX_PLACES = ['onnx/model.onnx', 'model.onnx', 'onnx/model_fp16.onnx'];

/** @param path the folder, or its weights file @throws Error naming what is missing */
export function openSource(path: string): Source {
  if (!existsSync(path)) throw new Error(`There is no ${path}.`);
  const isFolder = statSync(path).isDirectory();
  const folder = isFolder ? path : folderAround(path);
  const config = readObject(join(folder, 'config.json'));
  const weightFiles = isFolder ? weightsIn(folder) : [path];
  const [first = ''] = weightFiles;
  const weights = extname(first) === '.onnx' ? readOnnx(first) : readSafetensors(weightFiles);
  const tokenizerConfig = join(folder, 'tokenizer_config.json');
  const tokenizer = join(folder, 'tokenizer.json');
  if (!existsSync(tokenizer)) throw new Error(`${folder} has no tokenizer.json.`);
  return {
    name: basename(resolve(folder)),
    weightFiles,
    model: readEncoder(config, weights),
    tokenizer: readFileSync(tokenizer),
    tokenizerConfig: existsSync(tokenizerConfig) ? readFileSync(tokenizerConfig) : Buffer.from('{}\n'),
    pooling: poolingIn(folder),
  };
}

/** The weights may lie in `onnx/` below the rest. */
function folderAround(file: string): string {
  const own = dirname(file);
  return existsSync(join(own, 'config.json')) ? own : dirname(resolve(own));
}

function weightsIn(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.safetensors'));
  const isSharded = existsSync(join(folder, 'model.safetensors.index.json'));
  const chosen = isSharded
    ? names.filter((name) => /-\d+-of-\d+\.safetensors$/.test(name)).sort()
    : names.filter((name) => name === 'model.safetensors' || names.length === 1);
  if (chosen.length > 0) return chosen.map((name) => join(folder, name));
  const onnx = ONNX_PLACES.map((place) => join(folder, place)).find((place) => existsSync(place));
  if (onnx !== undefined) return [onnx];
  throw new Error(`${folder} has no weights: neither model.safetensors nor ${ONNX_PLACES.join(', ')}.`);
}

function poolingIn(folder: string): 'mean' | 'cls' | undefined {
  const file = join(folder, '1_Pooling', 'config.json');
  if (!existsSync(file)) return undefined;
  const said = readObject(file);
  if (said.pooling_mode_cls_token === true) return 'cls';
  return said.pooling_mode_mean_tokens === true ? 'mean' : undefined;
}

function readObject(file: string): HuggingFaceConfig {
  if (!existsSync(file)) throw new Error(`There is no ${file}.`);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as HuggingFaceConfig;
  } catch (cause) {
    throw new Error(`${file} is no JSON.`, { cause });
  }
}

/** The encoders that are measured side by side. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type PackedHeads, readPackedHeads } from '../../src/classify/packed-heads.ts';
import { createEncoder } from '../../src/engine/create-encoder.ts';
import type { Encoder } from '../../src/engine/encoder.ts';
import { MANIFEST_FILE } from '../../src/engine/pack/manifest.ts';
import { GRAPH_FILE, WEIGHTS_FILE } from '../../src/quantize/pack-files.ts';
import { openSource } from '../../src/quantize/source.ts';
import { createCachedEncoder } from './cached-encoder.ts';
import { createFloatEncoder } from './float-encoder.ts';
import { int8PackOf } from './int8-pack.ts';

export interface Contestant {
  /** A pack's name; for float32 the name of its folder. Two of one name get their revision behind it. */
  readonly name: string;
  /** `fp32`, `int8`, `int4`, … */
  readonly kind: string;
  /** Of a pack; null: it is none, and has only its weights. */
  readonly folder: string | null;
  /** Size of its weights, with the graph where they have one. */
  readonly bytes: number;
  readonly encoder: Encoder;
  /** The heads that ship in its pack; a model that packs are compared with has those of the first. */
  readonly heads: PackedHeads;
  /** Data sets that its makers say it learned from (`trained_on` in a pack's manifest, or in a model's config.json): no test of it. */
  readonly trainedOn: readonly string[];
  /** It is only there to compare the packs with. */
  readonly isCompared: boolean;
}

export interface ContestantPaths {
  /** Folders of model packs. */
  readonly packs: readonly string[];
  /** Models in float32 to compare with, as they are; and to be made packs of in int8. */
  readonly floats: readonly string[];
  readonly int8s: readonly string[];
}

interface OpenOptions {
  readonly threads: number;
  /** Where vectors, and packs made for comparison, are kept. */
  readonly cache: string;
  readonly tell: (sentence: string) => void;
}

/** From the most exact weights to the least. @throws Error naming a model that cannot be used; those opened before it are closed */
export async function openContestants(
  { packs, floats, int8s }: ContestantPaths,
  options: OpenOptions,
): Promise<Contestant[]> {
  const heads = await Promise.all(packs.map(readPackedHeads));
  const [first] = heads;
  if (first === undefined) throw new Error('There is no model pack to measure.');
  const opened: Contestant[] = [];
  try {
    for (const path of floats) opened.push(await openFloat(path, first, options));
    for (const path of int8s) {
      const about = { trained_on: trainedOnIn(configOf(path)) };
      const folder = await int8PackOf(path, about, join(options.cache, 'packs'), options.threads);
      opened.push({ ...(await openPack(folder, first, options)), isCompared: true });
    }
    for (const [at, folder] of packs.entries()) {
      opened.push(await openPack(folder, heads[at] ?? first, options));
    }
  } catch (cause) {
    for (const { encoder } of opened) await encoder.close();
    throw cause;
  }
  return opened.map((each) => {
    const isAlone = opened.filter(({ name }) => name === each.name).length === 1;
    return isAlone ? each : { ...each, name: `${each.name} ${each.encoder.revision}` };
  });
}

async function openFloat(path: string, heads: PackedHeads, options: OpenOptions): Promise<Contestant> {
  const inner = await createFloatEncoder(path, options.threads);
  return {
    name: `${basename(folderOfSource(path))} fp32`,
    kind: 'fp32',
    folder: null,
    bytes: bytesOf(openSource(path).weightFiles),
    encoder: createCachedEncoder(inner, join(options.cache, 'vectors')),
    heads,
    trainedOn: trainedOnIn(configOf(path)),
    isCompared: true,
  };
}

async function openPack(folder: string, heads: PackedHeads, options: OpenOptions): Promise<Contestant> {
  const { name, quantization, trainedOn } = readManifest(folder);
  const vectors = join(options.cache, 'vectors');
  const inner = await createEncoder({
    modelFolder: folder,
    queueMax: 1,
    threads: options.threads,
    kernel: '',
    trialsFile: join(vectors, 'kernels.json'),
    warn: options.tell,
  });
  return {
    name,
    kind: quantization,
    folder,
    bytes: bytesOf([WEIGHTS_FILE, GRAPH_FILE].map((file) => join(folder, file))),
    encoder: createCachedEncoder(inner, vectors),
    heads,
    trainedOn,
    isCompared: false,
  };
}

const bytesOf = (files: readonly string[]): number =>
  files.reduce((sum, file) => sum + statSync(file).size, 0);

/** What people are told of a pack; the engine verifies the rest. */
function readManifest(folder: string): { name: string; quantization: string; trainedOn: string[] } {
  const file = join(folder, MANIFEST_FILE);
  const { name, quantization } = readObject(file);
  return {
    name: typeof name === 'string' ? name : basename(resolve(folder)),
    quantization: typeof quantization === 'string' ? quantization : 'unknown',
    trainedOn: trainedOnIn(file),
  };
}

function trainedOnIn(file: string): string[] {
  const { trained_on: names } = readObject(file);
  return Array.isArray(names) ? names.map(String) : [];
}

const readObject = (file: string): Record<string, unknown> =>
  JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;

const configOf = (path: string): string => join(folderOfSource(path), 'config.json');

/** The folder that holds `config.json`: weights may lie in `onnx/` below it. */
function folderOfSource(path: string): string {
  const whole = resolve(path);
  if (statSync(whole).isDirectory()) return whole;
  const folder = dirname(whole);
  return existsSync(join(folder, 'config.json')) ? folder : dirname(folder);
}

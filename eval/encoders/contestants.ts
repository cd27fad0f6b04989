/** The encoders that are measured side by side. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type PackedHeads, readPackedHeads } from '../../src/classify/packed-heads.ts';
import { createEncoder } from '../../src/engine/create-encoder.ts';
import type { Encoder } from '../../src/engine/encoder.ts';
import { MANIFEST_FILE } from '../../src/engine/pack/manifest.ts';
import { createCachedEncoder } from './cached-encoder.ts';
import { createFloatEncoder } from './float-encoder.ts';

export interface Contestant {
  /** A pack's name; for float32 the name of its folder. Two of one name get their revision behind it. */
  readonly name: string;
  /** `fp32`, `int8`, `int4`, … */
  readonly kind: string;
  readonly encoder: Encoder;
  /** The heads that ship in its pack; a model in float32 has those of the first pack, which it is compared with. */
  readonly heads: PackedHeads;
  /** Data sets that its makers say it learned from (`trained_on` in a pack's manifest, or in a model's config.json): no test of it. */
  readonly trainedOn: readonly string[];
}

export interface ContestantPaths {
  /** Folders of model packs. */
  readonly packs: readonly string[];
  /** Models in float32. */
  readonly floats: readonly string[];
}

interface OpenOptions {
  readonly threads: number;
  /** Where vectors are kept. */
  readonly cache: string;
  readonly tell: (sentence: string) => void;
}

/** @throws Error naming a model that cannot be used; those opened before it are closed */
export async function openContestants(
  { packs, floats }: ContestantPaths,
  { threads, cache, tell }: OpenOptions,
): Promise<Contestant[]> {
  const packed = await Promise.all(
    packs.map(async (folder) => ({ folder, ...readManifest(folder), heads: await readPackedHeads(folder) })),
  );
  const [first] = packed;
  if (first === undefined) throw new Error('There is no model pack to measure.');
  const opened: Contestant[] = [];
  try {
    for (const path of floats) {
      const encoder = createCachedEncoder(await createFloatEncoder(path, threads), cache);
      const trainedOn = trainedOnIn(join(folderOfSource(path), 'config.json'));
      opened.push({
        name: `${basename(folderOfSource(path))} fp32`,
        kind: 'fp32',
        encoder,
        heads: first.heads,
        trainedOn,
      });
    }
    for (const { folder, name, quantization, trainedOn, heads } of packed) {
      const inner = await createEncoder({
        modelFolder: folder,
        queueMax: 1,
        threads,
        kernel: '',
        trialsFile: join(cache, 'kernels.json'),
        warn: tell,
      });
      opened.push({ name, kind: quantization, encoder: createCachedEncoder(inner, cache), heads, trainedOn });
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

/** The folder that holds `config.json`: weights may lie in `onnx/` below it. */
function folderOfSource(path: string): string {
  const whole = resolve(path);
  if (statSync(whole).isDirectory()) return whole;
  const folder = dirname(whole);
  return existsSync(join(folder, 'config.json')) ? folder : dirname(folder);
}

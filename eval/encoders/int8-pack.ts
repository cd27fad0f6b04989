/** The pack in int8 of a model in float32, made once: beside it, what int4 loses can be seen. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST_FILE } from '../../src/engine/pack/manifest.ts';
import { makePack } from '../../src/quantize/make-pack.ts';
import { openSource } from '../../src/quantize/source.ts';
import { revisionOf } from './float-encoder.ts';

/**
 * @param path the model, as `tiergate model quantize` takes it
 * @param about for the manifest
 * @param cache where packs are kept
 * @returns the pack's folder
 * @throws Error naming what cannot be used
 */
export async function int8PackOf(
  path: string,
  about: Readonly<Record<string, unknown>>,
  cache: string,
  threads: number,
): Promise<string> {
  const source = openSource(path);
  const folder = join(cache, `${source.name}-int8-${revisionOf(source)}`);
  if (existsSync(join(folder, MANIFEST_FILE))) return folder;
  mkdirSync(cache, { recursive: true });
  const made = mkdtempSync(join(cache, 'making-'));
  try {
    await makePack({
      source: path,
      out: made,
      scheme: 'int8',
      int8Share: 0,
      isCompared: false,
      pooling: source.pooling,
      threads,
      about,
    });
    // What a stopped run left is no pack.
    rmSync(folder, { recursive: true, force: true });
    renameSync(made, folder);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  return folder;
}

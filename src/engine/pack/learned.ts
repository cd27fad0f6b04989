/**
 * What was learned on the vectors of a pack's encoder and ships with it: files that the manifest names under `learned`.
 * They are verified like the weights, and used with no other encoder than the one that they were learned on.
 */
import { ModelPackError, parseObject, readManifest, readVerified, revisionOf } from './manifest.ts';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/** A file's content, still to be checked by whoever knows what it means. */
export interface Learned {
  readonly content: Readonly<Record<string, unknown>>;
  readonly sha256: string;
  /** Length of the vectors that it was learned on. */
  readonly dimensions: number;
}

/**
 * The file of that name, or null if the pack has none.
 * @throws ModelPackError when it is not what the manifest says, or was learned on another encoder
 */
export async function readLearned(folder: string, name: string): Promise<Learned | null> {
  const manifest = await readManifest(folder);
  const file = manifest.learned?.[name];
  if (file === undefined) return null;
  const content = { ...parseObject(folder, file.path, await readVerified(folder, file)) } as Record<
    string,
    unknown
  >;
  const encoder = revisionOf(manifest);
  if (content.encoder !== encoder) {
    throw new ModelPackError(
      folder,
      `${file.path} was learned on another encoder than this one (${encoder}); learn it again: npm run heads:make.`,
    );
  }
  return { content, sha256: file.sha256, dimensions: manifest.dimensions };
}

/** Float32 numbers as the files write them: base64 of little-endian bytes. */
export function floatsToText(floats: Float32Array): string {
  return Buffer.from(floats.buffer, floats.byteOffset, floats.byteLength).toString('base64');
}

/** Null unless it is so many finite numbers. */
export function textToFloats(text: unknown, count: number): Float32Array | null {
  const bytes = Buffer.from(String(text), 'base64');
  if (bytes.length !== count * FLOAT_BYTES) return null;
  const floats = Float32Array.from({ length: count }, (_, at) => bytes.readFloatLE(at * FLOAT_BYTES));
  return floats.every(Number.isFinite) ? floats : null;
}

/**
 * What was learned on the vectors of a pack's encoder and ships with it: files that the manifest names under `learned`.
 * They are verified like the weights, and used with no other encoder than the one that they were learned on.
 */
import { ModelPackError, parseObject, readManifest, readVerified, revisionOf } from './manifest.ts';

/** A file's content, still to be checked by whoever knows what it means. */
export interface Learned {
  readonly content: Readonly<Record<string, unknown>>;
  readonly sha256: string;
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
  return { content, sha256: file.sha256 };
}

/** Puts the values back in place of their placeholders in what a model answered: whole, or chunk by chunk. */
import { asTiergateError } from '../../errors.ts';
import type { JsonObject } from '../../shapes.ts';
import { inTurns } from '../../turns.ts';
import { ChangingChunks } from '../changing/changing-chunks.ts';
import { changedWhole } from '../changing/changing-whole.ts';
import type { Notation } from '../changing/place.ts';
import type { Vault } from '../placeholder/vault.ts';
import { RestoringText } from './restoring-text.ts';

/**
 * Restores every text of the choices of a completion; what else it holds is left as it is.
 * @throws TiergateError restore_failed
 */
export async function restoreCompletion(completion: JsonObject, vault: Vault): Promise<JsonObject> {
  if (vault.size === 0) return completion;
  const start = (notation: Notation): RestoringText => new RestoringText(vault, notation);
  try {
    return await inTurns(changedWhole(completion, start));
  } catch (thrown) {
    throw asTiergateError(thrown, 'restore_failed');
  }
}

/**
 * Restores a stream as it flows. A chunk waits for nothing but the rest of a placeholder that has begun in it. Ending
 * the iteration early ends the source; what the source throws passes through.
 * @throws TiergateError restore_failed
 */
export async function* restoreChunks(
  chunks: AsyncIterable<JsonObject>,
  vault: Vault,
): AsyncGenerator<JsonObject, void, undefined> {
  const start = (notation: Notation): RestoringText => new RestoringText(vault, notation);
  const restorer = vault.size === 0 ? undefined : new ChangingChunks(start);
  for await (const chunk of chunks) {
    if (restorer === undefined) yield chunk;
    else yield* await guarded(() => inTurns(restorer.next(chunk)));
  }
  if (restorer !== undefined) yield* await guarded(async () => restorer.end());
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw asTiergateError(thrown, 'restore_failed');
  }
}

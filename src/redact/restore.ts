/** Puts the values back in place of their placeholders in what a model answered: whole, or chunk by chunk. */
import { asTiergateError } from '../errors.ts';
import type { Json, JsonObject } from '../shapes.ts';
import { isObject } from '../wire/json.ts';
import { ChunkRestorer } from './restoring-chunks.ts';
import { restoredText } from './restoring-text.ts';
import type { Vault } from './vault.ts';

/**
 * Restores every text of the choices of a completion; what else it holds is left as it is.
 * @throws TiergateError restore_failed
 */
export function restoreCompletion(completion: JsonObject, vault: Vault): JsonObject {
  const { choices } = completion;
  if (vault.size === 0 || choices === undefined) return completion;
  try {
    return { ...completion, choices: restoredJson(choices, vault) };
  } catch (thrown) {
    throw asTiergateError(thrown, 'restore_failed');
  }
}

/** Restores every string of a JSON value. A tool call's `arguments` are JSON text, so values are escaped in them. */
export function restoredJson(value: Json, vault: Vault, key = ''): Json {
  if (typeof value === 'string') return restoredText(value, vault, key === 'arguments' ? 'json' : 'guess');
  if (Array.isArray(value)) return value.map((member: Json) => restoredJson(member, vault));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, restoredJson(member, vault, name)]),
  );
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
  const restorer = vault.size === 0 ? undefined : new ChunkRestorer(vault);
  for await (const chunk of chunks) {
    if (restorer === undefined) yield chunk;
    else yield* guarded(() => restorer.restore(chunk));
  }
  if (restorer !== undefined) yield* guarded(() => restorer.end());
}

function guarded(work: () => JsonObject[]): JsonObject[] {
  try {
    return work();
  } catch (thrown) {
    throw asTiergateError(thrown, 'restore_failed');
  }
}

/**
 * Reads what a model server sent, as OpenAI's completion or chunks.
 */
import { Buffer } from 'node:buffer';
import { TiergateError } from '../errors.ts';
import type { JsonObject } from '../shapes.ts';
import type { Format } from '../wire/format.ts';
import { isObject, parseJson } from '../wire/json.ts';
import { readEvents } from '../wire/sse.ts';

/** @throws TiergateError escalate_unintelligible when the bytes are no answer. */
export async function readWhole(bytes: AsyncIterable<Uint8Array>, format: Format): Promise<JsonObject> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  try {
    const answer = parseJson(Buffer.concat(pieces).toString('utf8'));
    if (isObject(answer)) return format.decode(answer);
  } catch (cause) {
    throw new TiergateError('escalate_unintelligible', { cause });
  }
  throw new TiergateError('escalate_unintelligible');
}

/**
 * Waits for the first chunk, so that a server that fails before it can be asked again, then hands over the stream.
 * @throws TiergateError, here or in the iteration: escalate_unintelligible, escalate_broken_off
 */
export async function readChunks(
  bytes: AsyncIterable<Uint8Array>,
  format: Format,
  line: { readonly close: () => void; readonly hangUp: () => void },
): Promise<AsyncIterable<JsonObject>> {
  const source = decodeChunks(bytes, format);
  const first = await source.next();
  if (first.done) throw new TiergateError('escalate_unintelligible', { detail: 'an empty stream' });
  return resume(first.value, source, line);
}

async function* resume(
  first: JsonObject,
  rest: AsyncGenerator<JsonObject, void>,
  line: { readonly close: () => void; readonly hangUp: () => void },
): AsyncGenerator<JsonObject, void> {
  let complete = false;
  try {
    yield first;
    yield* rest;
    complete = true;
  } finally {
    // Not complete: on an error, or because the application went away. The request upstream ends with it.
    if (complete) line.close();
    else line.hangUp();
  }
}

async function* decodeChunks(
  bytes: AsyncIterable<Uint8Array>,
  format: Format,
): AsyncGenerator<JsonObject, void> {
  const decode = format.decodeStream();
  let complete = false;
  let ended = false;
  try {
    for await (const event of readEvents(bytes)) {
      // Read on to the end of the body: only a connection whose answer was read whole is used again.
      if (ended) continue;
      const { chunks, done } = decode(event);
      yield* chunks;
      complete = done;
      ended = event.data.trim() === '[DONE]';
    }
  } catch (error) {
    if (ended) return;
    if (error instanceof TiergateError || !(error instanceof Error)) throw error;
    if (error.name === 'AbortError') throw error;
    throw new TiergateError('escalate_unintelligible', { cause: error });
  }
  if (!complete) throw new TiergateError('escalate_broken_off');
}

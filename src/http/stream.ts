/**
 * Writes a stream of chunks as server-sent events, no faster than the application reads.
 */
import { once } from 'node:events';
import type { Response } from 'express';
import { asTiergateError, errorBody } from '../errors.ts';
import type { JsonObject } from '../shapes.ts';
import { DONE, writeEvent } from '../wire/sse.ts';

/**
 * Writes all chunks. An error after the first byte can no longer change the status: it goes out as an error event,
 * which OpenAI's SDKs raise, and is thrown on for the record.
 */
export async function sendStream(
  res: Response,
  chunks: AsyncIterable<JsonObject>,
  signal: AbortSignal,
): Promise<void> {
  res.set({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
  });
  res.flushHeaders();
  try {
    for await (const chunk of chunks) {
      signal.throwIfAborted();
      if (!res.write(writeEvent(chunk))) await once(res, 'drain', { signal });
    }
    res.end(DONE);
  } catch (thrown) {
    if (!signal.aborted) res.end(writeEvent(errorBody(asTiergateError(thrown, 'respond_failed'))));
    throw thrown;
  }
}

/**
 * Server-sent events (WHATWG HTML, section 9.2): read from a model server, written to an application.
 */
import { createParser, type EventSourceMessage, type ParseError } from 'eventsource-parser';
import type { JsonObject } from '../shapes.ts';

/** A single event may not be larger than this: a server that never ends a line must not fill the memory. */
export const EVENT_CHARS_MAX = 8_388_608;

/** Reads events from bytes. @throws ParseError when one event exceeds EVENT_CHARS_MAX. */
export async function* readEvents(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<EventSourceMessage, void> {
  const ready: EventSourceMessage[] = [];
  let broken: ParseError | undefined;
  const parser = createParser({
    maxBufferSize: EVENT_CHARS_MAX,
    onEvent: (event) => ready.push(event),
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') broken = error;
    },
  });
  const decoder = new TextDecoder('utf-8');
  for await (const piece of bytes) {
    parser.feed(decoder.decode(piece, { stream: true }));
    yield* ready.splice(0);
    if (broken !== undefined) throw broken;
  }
  // Some servers end without the blank line that completes the last event.
  parser.feed('\n\n');
  yield* ready.splice(0);
}

/** One chunk as an event. `JSON.stringify` writes no raw line break, so one `data:` line always does. */
export const writeEvent = (chunk: JsonObject): string => `data: ${JSON.stringify(chunk)}\n\n`;

/** OpenAI's last event. */
export const DONE = 'data: [DONE]\n\n';

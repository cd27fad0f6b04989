/**
 * How a model server talks. A format is pure translation: OpenAI's chat request to what the server reads, what the
 * server writes back to OpenAI's completion or chunks. It knows no network and no provider's name.
 */
import type { EventSourceMessage } from 'eventsource-parser';
import type { JsonObject } from '../shapes.ts';

export interface Format {
  /** The headers of every request to the server. */
  headers(apiKey: string | undefined): Readonly<Record<string, string>>;
  /** The path under the provider's base URL, and the body to post. */
  encode(body: JsonObject, model: string): { readonly path: string; readonly body: JsonObject };
  /** A whole answer as OpenAI's completion. @throws WireError when it is none. */
  decode(answer: JsonObject): JsonObject;
  /** Reads one stream: a function to be given each event in order, which returns the chunks it makes. */
  decodeStream(): (event: EventSourceMessage) => Decoded;
}

export interface Decoded {
  readonly chunks: readonly JsonObject[];
  /** True once the server said that its answer is complete. */
  readonly done: boolean;
}

/** What came back is not what the format says an answer is. Its message holds no content. */
export class WireError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WireError';
  }
}

/**
 * The provider of those who have no cloud key yet: it answers with the exact body that would have left, so that a
 * newcomer sees the product work and sees what leaves. It stands where a cloud would stand, behind the same guard.
 */
import { Buffer } from 'node:buffer';
import type { JsonObject } from '../shapes.ts';
import { buildChunks, buildCompletion } from '../wire/completion.ts';
import { isObject, parseJson } from '../wire/json.ts';
import { DONE, writeEvent } from '../wire/sse.ts';
import { estimateTokens } from '../wire/tokens.ts';
import type { Egress } from './egress.ts';
import type { Transport } from './transport.ts';

const PREFACE =
  'This is a rehearsal: no cloud model is configured, so nothing left this machine. This is what would have left:';

/** The base URL of what leads nowhere. */
export const REHEARSAL_URL = 'rehearsal:';

/** Where a rehearsal may go. */
export const nowhere: Pick<Egress, 'find'> = {
  find: (url) =>
    url.startsWith(REHEARSAL_URL)
      ? { host: 'rehearsal', beyond: url.slice(REHEARSAL_URL.length) }
      : undefined,
};

export const rehearse: Transport = async ({ body }) => {
  const parsed = parseJson(body);
  const asked = isObject(parsed) ? parsed : {};
  const content = `${PREFACE}\n\n\`\`\`json\n${JSON.stringify(parsed, null, 2)}\n\`\`\``;
  const words = {
    requestId: 'rehearsal',
    model: 'rehearsal',
    content,
    usage: { inputTokens: estimateTokens(body), outputTokens: estimateTokens(content) },
  };
  const stream = asked.stream === true;
  return {
    status: 200,
    headers: { 'content-type': stream ? 'text/event-stream' : 'application/json' },
    body: stream
      ? events(buildChunks({ ...words, includeUsage: true }))
      : bytes([JSON.stringify(buildCompletion(words))]),
  };
};

async function* bytes(texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function* events(chunks: AsyncIterable<JsonObject>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield Buffer.from(writeEvent(chunk));
  yield Buffer.from(DONE);
}

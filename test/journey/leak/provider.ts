/** A provider that keeps what it is sent, by the request's seed, and repeats the request's own texts in its answer. */
import type { ServerResponse } from 'node:http';
import type { Json, JsonObject } from '../../../src/shapes.ts';
import { type FakeProvider, type Received, startFakeProvider } from '../../fake-provider.ts';
import type { AnswerKind, Conversation, FAILURES, Trial } from './conversation.ts';

export interface RecordingProvider {
  readonly url: string;
  readonly provider: FakeProvider;
  /** To be called before the request is sent. */
  expect(trial: Trial, conversation: Conversation): void;
  /** Everything that came of the request with this seed, and forgets it. */
  take(seed: number): string;
  /** Everything that came and was not asked for. */
  readonly strangers: string[];
  /** Requests that came, and the places at which answers were cut: between deltas, and between pieces of bytes. */
  readonly counts: { readonly requests: number; readonly cuts: number };
  close(): Promise<void>;
}

export async function startRecordingProvider(): Promise<RecordingProvider> {
  const expected = new Map<number, { trial: Trial; conversation: Conversation; sent: string }>();
  const strangers: string[] = [];
  const counts = { requests: 0, cuts: 0 };
  const provider = await startFakeProvider(async (text, res, { path, headers }: Received) => {
    provider.received.length = 0;
    counts.requests += 1;
    const sent = `${path}\n${JSON.stringify(headers)}\n${text}`;
    const body = JSON.parse(text) as JsonObject;
    const entry = expected.get(Number(body.seed));
    if (entry === undefined) {
      strangers.push(sent);
      res.destroy();
      return;
    }
    entry.sent += sent;
    if (entry.trial.failure !== undefined) fail(res, entry.trial.failure, text);
    else {
      const cuts = await answer(res, entry.trial, entry.conversation.textsIn(body));
      // Not in one with the wait: others are answered meanwhile, and count too.
      counts.cuts += cuts;
    }
  });
  return {
    url: provider.url,
    provider,
    expect: (trial, conversation) => void expected.set(trial.seed, { trial, conversation, sent: '' }),
    take: (seed) => {
      const sent = expected.get(seed)?.sent ?? '';
      expected.delete(seed);
      return sent;
    },
    strangers,
    counts,
    close: provider.close,
  };
}

/** A message that repeats the texts; what a delta calls its members is called the same. */
export function messageOf(kind: AnswerKind, texts: readonly string[]): JsonObject {
  switch (kind) {
    case 'content':
    case 'choices':
      return { content: texts.join('\n---\n') };
    case 'JSON content':
      return { content: JSON.stringify({ texts, inside: JSON.stringify([texts[0] ?? '']) }) };
    case 'fenced JSON':
      return { content: `Here:\n\`\`\`json\n${JSON.stringify({ texts })}\n\`\`\`\n` };
    case 'reasoning':
      return { reasoning_content: texts.join(' / '), content: texts[0] ?? '' };
    case 'tool call':
      return {
        content: null,
        tool_calls: [
          {
            index: 0,
            id: 'k',
            type: 'function',
            function: { name: 'look', arguments: JSON.stringify({ texts }) },
          },
        ],
      };
  }
}

function fail(res: ServerResponse, failure: (typeof FAILURES)[number], body: string): void {
  if (failure === 'hangs up') res.destroy();
  if (failure === 'quotes') {
    res.writeHead(400, { 'content-type': 'application/json' });
    res.end(JSON.stringify({ error: { message: `You said ${body}`, code: 'bad', param: body } }));
  }
  if (failure === 'breaks off') {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write(`data: {"id":"x","choices":[{"index":0,"delta":{"content":"half`);
    setImmediate(() => res.destroy());
  }
}

/** @returns at how many places the answer was cut */
async function answer(
  res: ServerResponse,
  { answer: kind, isStream, cut }: Trial,
  texts: readonly string[],
): Promise<number> {
  const messages = kind === 'choices' ? [texts, [...texts].reverse()] : [texts];
  const frame = { id: 'x', created: 1, model: 'fake-model' };
  if (!isStream) {
    const choices = messages.map((each, index) => ({
      index,
      message: { role: 'assistant', ...messageOf(kind, each) },
      finish_reason: 'stop',
    }));
    res.writeHead(200, { 'content-type': 'application/json' });
    res.end(
      JSON.stringify({
        ...frame,
        object: 'chat.completion',
        choices,
        usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
      }),
    );
    return 0;
  }
  const streams = messages.map((each, index) =>
    deltasOf(messageOf(kind, each), cut).map((delta) => ({ index, delta, finish_reason: null })),
  );
  const longest = Math.max(...streams.map(({ length }) => length));
  const chunks: Json[] = [];
  // Choices take turns, as providers send them.
  for (let at = 0; at < longest; at += 1)
    for (const stream of streams) if (stream[at] !== undefined) chunks.push([stream[at] as unknown as Json]);
  chunks.push(messages.map((_, index) => ({ index, delta: {}, finish_reason: 'stop' })));
  const text = chunks
    .map((choices) => `data: ${JSON.stringify({ ...frame, object: 'chat.completion.chunk', choices })}\n\n`)
    .join('');
  const bytes = Buffer.from(`${text}data: [DONE]\n\n`);
  res.writeHead(200, { 'content-type': 'text/event-stream' });
  // Cutting into single bytes costs a write each: so many are enough, at a place that changes.
  const step = Math.max(cut, Math.ceil(bytes.length / PIECES_MAX));
  for (let start = 0; start < bytes.length; start += step) {
    res.write(bytes.subarray(start, start + step));
    if (start % (step * 16) === 0) await new Promise(setImmediate);
  }
  res.end();
  return chunks.length - 1 + Math.ceil(bytes.length / step) - 1;
}

const PIECES_MAX = 600;

/** The deltas that make up a message. */
function deltasOf(message: JsonObject, cut: number): JsonObject[] {
  const pieces = (text: string): string[] => {
    const signs = [...text];
    return Array.from({ length: Math.ceil(signs.length / cut) }, (_, at) =>
      signs.slice(at * cut, (at + 1) * cut).join(''),
    );
  };
  return Object.entries(message).flatMap(([name, value]): JsonObject[] => {
    if (typeof value === 'string') return pieces(value).map((piece) => ({ [name]: piece }));
    if (!Array.isArray(value)) return [];
    const [{ function: called, ...head }] = value as [
      JsonObject & { function: { name: string; arguments: string } },
    ];
    const first = { tool_calls: [{ ...head, function: { name: called.name, arguments: '' } }] };
    return [
      first,
      ...pieces(called.arguments).map((piece) => ({
        tool_calls: [{ index: 0, function: { arguments: piece } }],
      })),
    ];
  });
}

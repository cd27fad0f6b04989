/**
 * A model server for tests: a real HTTP server that keeps every byte it was sent and answers as it is told to.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEgress, type Egress } from '../src/upstream/egress.ts';
import { buildChunks, buildCompletion } from '../src/wire/completion.ts';

export interface Received {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Resolves when the client closed the connection before the answer was complete. */
  readonly abandoned: Promise<void>;
}

export type Behaviour = (body: string, res: ServerResponse, received: Received) => void | Promise<void>;

export interface FakeProvider {
  readonly url: string;
  readonly received: Received[];
  /** What the next requests get, in order; the last one stays. */
  behave(...behaviours: Behaviour[]): void;
  close(): Promise<void>;
}

/** A list of where requests may go that allows these. */
export const egressTo = (...baseUrls: string[]): Egress =>
  createEgress(baseUrls.map((baseUrl) => ({ baseUrl, place: 'outside' })));

export async function startFakeProvider(...first: Behaviour[]): Promise<FakeProvider> {
  const received: Received[] = [];
  let behaviours = first.length > 0 ? first : [answering('Hello from the cloud.')];
  const server = createServer(async (req, res) => {
    const pieces: Buffer[] = [];
    for await (const piece of req) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces).toString('utf8');
    const abandoned = new Promise<void>((resolve) =>
      res.once('close', () => res.writableFinished || resolve()),
    );
    const entry = { path: req.url ?? '', headers: req.headers, body, abandoned };
    received.push(entry);
    const behaviour = behaviours.length > 1 ? behaviours.shift() : behaviours[0];
    await behaviour?.(body, res, entry);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    received,
    behave: (...next) => {
      behaviours = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const usage = { inputTokens: 11, outputTokens: 7 };

/** Answers with this text (or what it makes of the request), as a completion or a stream, as asked. */
export function answering(content: string | ((body: string) => string)): Behaviour {
  return async (body, res) => {
    const text = typeof content === 'string' ? content : content(body);
    const words = { requestId: 'fake', model: 'fake-model', content: text, usage };
    const asked = JSON.parse(body) as { stream?: boolean; stream_options?: { include_usage?: boolean } };
    if (asked.stream !== true) return void json(200, buildCompletion(words))(body, res, never);
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    const includeUsage = asked.stream_options?.include_usage === true;
    for await (const chunk of buildChunks({ ...words, includeUsage }))
      res.write(`data: ${JSON.stringify(chunk)}\n\n`);
    res.end('data: [DONE]\n\n');
  };
}

const never: Received = { path: '', headers: {}, body: '', abandoned: new Promise(() => undefined) };

/** Answers with a status and a JSON body. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Behaviour {
  return (_body, res) => {
    res.writeHead(status, { 'content-type': 'application/json', ...headers });
    res.end(JSON.stringify(body));
  };
}

/** Answers with these exact pieces of bytes, each in a write of its own; `end: false` leaves the stream open. */
export function sending(
  pieces: readonly (string | Uint8Array)[],
  how: 'end' | 'open' | 'reset' = 'end',
): Behaviour {
  return async (_body, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const piece of pieces) {
      res.write(piece);
      await new Promise(setImmediate);
    }
    if (how === 'end') res.end();
    if (how === 'reset') setTimeout(() => res.destroy(), 20);
  };
}

/** Never answers. */
export const silent: Behaviour = () => undefined;

/** Cuts the connection before a byte of an answer. */
export const hangingUp: Behaviour = (_body, res) => void res.destroy();

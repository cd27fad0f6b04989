/**
 * How a request reaches a server: one post, one answer. The HTTP transport is undici; the rehearsal answers by itself;
 * the guard stands in front of whatever reaches outside. All are the same function.
 */
import { Agent, errors, request } from 'undici';
import { TiergateError } from '../errors.ts';
import type { PersonalRules } from '../shapes.ts';

export interface Outgoing {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The exact text that is sent. */
  readonly body: string;
  /** Raw values that must not be in it. */
  readonly forbidden: readonly string[];
  /** What counts as personal data in it; everything, if not given. */
  readonly rules?: PersonalRules | undefined;
  readonly signal: AbortSignal;
}

export interface Incoming {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Ending the iteration early closes the connection. */
  readonly body: AsyncIterable<Uint8Array>;
}

export type Transport = (outgoing: Outgoing) => Promise<Incoming>;

export interface HttpTransport {
  readonly post: Transport;
  /** Asks for something that takes nothing but an address: no word of a request can be in it. */
  readonly get: (question: Omit<Outgoing, 'body' | 'forbidden'>) => Promise<Incoming>;
  close(): Promise<void>;
}

const CONNECTIONS_PER_ORIGIN_MAX = 256;

/** Speaks HTTP with undici. Redirects are not followed: an answer from elsewhere was not asked for. */
export function createHttpTransport(options: { readonly connectWaitMsMax: number }): HttpTransport {
  const agent = new Agent({
    connect: { timeout: options.connectWaitMsMax },
    connections: CONNECTIONS_PER_ORIGIN_MAX,
    pipelining: 1,
    // The exchange has its own, finer clocks for the first byte and for silence; these are the net below them.
    headersTimeout: 900_000,
    bodyTimeout: 900_000,
  });
  const send = async (
    method: 'GET' | 'POST',
    { url, headers, signal }: Omit<Outgoing, 'body' | 'forbidden'>,
    body: string | null,
  ): Promise<Incoming> => {
    try {
      const type = body === null ? {} : { 'content-type': 'application/json' };
      const answer = await request(url, {
        method,
        dispatcher: agent,
        headers: { ...type, 'user-agent': 'tiergate', ...headers },
        body,
        signal,
      });
      return { status: answer.statusCode, headers: answer.headers, body: answer.body };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const code = error instanceof errors.ConnectTimeoutError ? 'escalate_timeout' : 'escalate_unreachable';
      throw new TiergateError(code, { cause: error });
    }
  };
  return {
    post: (outgoing) => send('POST', outgoing, outgoing.body),
    get: (question) => send('GET', question, null),
    close: () => agent.destroy(),
  };
}

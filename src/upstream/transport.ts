/**
 * How a request reaches a server: one post, one answer. The HTTP transport is undici; the rehearsal answers by itself;
 * the guard stands in front of whatever reaches outside. All are the same function.
 */
import { Agent, errors, request } from 'undici';
import { TiergateError } from '../errors.ts';

export interface Outgoing {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The exact text that is sent. */
  readonly body: string;
  /** Raw values that must not be in it. */
  readonly forbidden: readonly string[];
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
  close(): Promise<void>;
}

const CONNECTIONS_PER_ORIGIN_MAX = 256;

/** Posts over HTTP with undici. Redirects are not followed: an answer from elsewhere was not asked for. */
export function createHttpTransport(options: { readonly connectWaitMsMax: number }): HttpTransport {
  const agent = new Agent({
    connect: { timeout: options.connectWaitMsMax },
    connections: CONNECTIONS_PER_ORIGIN_MAX,
    pipelining: 1,
    // The exchange has its own, finer clocks for the first byte and for silence; these are the net below them.
    headersTimeout: 900_000,
    bodyTimeout: 900_000,
  });
  return {
    post: async ({ url, headers, body, signal }) => {
      try {
        const {
          statusCode,
          headers: received,
          body: bytes,
        } = await request(url, {
          method: 'POST',
          dispatcher: agent,
          headers: { 'content-type': 'application/json', 'user-agent': 'tiergate', ...headers },
          body,
          signal,
        });
        return { status: statusCode, headers: received, body: bytes };
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        const code =
          error instanceof errors.ConnectTimeoutError ? 'escalate_timeout' : 'escalate_unreachable';
        throw new TiergateError(code, { cause: error });
      }
    },
    close: () => agent.destroy(),
  };
}

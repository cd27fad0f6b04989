/**
 * How a request reaches a server: one post, one answer. The HTTP transport is undici; the rehearsal answers by itself;
 * the guard stands in front of whatever reaches outside. All are the same function.
 */
import { Agent, buildConnector, errors, request } from 'undici';
import { TiergateError } from '../errors.ts';
import type { PersonalRules } from '../shapes.ts';
import type { OnBlocked, WhyBlocked } from './blocked.ts';
import type { Egress } from './egress.ts';

export interface Outgoing {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Headers of the configuration's own, such as the key of a provider: nothing of a request is in them. */
  readonly credentials?: Readonly<Record<string, string>> | undefined;
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

/** Asks for something that takes nothing but an address. */
export type Get = (question: Omit<Outgoing, 'body' | 'forbidden' | 'rules'>) => Promise<Incoming>;

export interface HttpTransport {
  readonly post: Transport;
  readonly get: Get;
  close(): Promise<void>;
}

export interface HttpOptions {
  readonly connectWaitMsMax: number;
  /** Where requests may go. */
  readonly egress: Egress;
  /** Told of every request for another place, and of every answer that points to one. */
  readonly onBlocked?: OnBlocked;
}

const CONNECTIONS_PER_ORIGIN_MAX = 256;
/** RFC 9110, section 15.4: those that lead elsewhere. */
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
const REDIRECT_BYTES_MAX = 65_536;

/**
 * Speaks HTTP with undici, to the places on the egress list and no other. Redirects are not followed: an answer from
 * elsewhere was not asked for.
 * Rejects with escalate_host_refused, escalate_timeout or escalate_unreachable; or with the signal's reason.
 */
export function createHttpTransport({ connectWaitMsMax, egress, onBlocked }: HttpOptions): HttpTransport {
  const agent = new Agent({
    connect: connectorTo(egress, connectWaitMsMax),
    connections: CONNECTIONS_PER_ORIGIN_MAX,
    pipelining: 1,
    // The exchange has its own, finer clocks for the first byte and for silence; these are the net below them.
    headersTimeout: 900_000,
    bodyTimeout: 900_000,
  });
  const refuse = (why: WhyBlocked, host?: string): TiergateError => {
    onBlocked?.({ why, place: 'address', host });
    return new TiergateError('escalate_host_refused', { detail: why });
  };
  const send = async (
    method: 'GET' | 'POST',
    { url, headers, credentials, signal }: Omit<Outgoing, 'body' | 'forbidden'>,
    body: string | null,
  ): Promise<Incoming> => {
    const target = egress.find(url);
    if (target === undefined) throw refuse('unknown_host');
    try {
      const type = body === null ? {} : { 'content-type': 'application/json' };
      const answer = await request(url, {
        method,
        dispatcher: agent,
        headers: { ...type, 'user-agent': 'tiergate', ...headers, ...credentials },
        body,
        signal,
      });
      if (REDIRECTS.includes(answer.statusCode)) {
        // Read, so that the connection can be used again.
        await answer.body.dump({ limit: REDIRECT_BYTES_MAX, signal });
        throw refuse('redirected', target.host);
      }
      return { status: answer.statusCode, headers: answer.headers, body: answer.body };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof TiergateError) throw error;
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

/** Opens connections to the routes of the list alone, each at an address that its own lookup gave. */
function connectorTo({ routes }: Egress, timeout: number): buildConnector.connector {
  const byOrigin = new Map(
    routes.map(({ origin, lookup }) => [origin, buildConnector({ timeout, lookup })] as const),
  );
  return (options, callback) => {
    const connect = byOrigin.get(`${options.protocol}//${options.host}`);
    if (connect !== undefined) connect(options, callback);
    else callback(new TiergateError('escalate_host_refused', { detail: 'unknown_host' }), null);
  };
}

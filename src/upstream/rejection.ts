/**
 * What a model server's refusal means to the application. The server's own message is dropped, as it may quote the
 * request; its machine-readable code is kept.
 */
import { type ErrorCode, TiergateError } from '../errors.ts';
import { isObject, parseJson } from '../wire/json.ts';
import { gather } from './gather.ts';
import type { Incoming } from './transport.ts';

const REJECTION_BYTES_MAX = 65_536;
const CODE = /^[a-z][a-z0-9_.-]{0,63}$/i;

const CODES: Readonly<Record<number, ErrorCode>> = {
  401: 'escalate_credentials',
  403: 'escalate_credentials',
  408: 'escalate_timeout',
  429: 'escalate_rate_limited',
  504: 'escalate_timeout',
};

/** Reads a refusal to its end (within bounds), so that the connection can be used again. */
export async function rejection({ status, headers, body }: Incoming): Promise<TiergateError> {
  const code =
    CODES[status] ?? (status >= 400 && status < 500 ? 'escalate_rejected' : 'escalate_upstream_failed');
  const retryAfterS = Number(headers['retry-after']);
  return new TiergateError(code, {
    param: await upstreamCode(body),
    detail: `status ${status}`,
    retryAfterS: Number.isFinite(retryAfterS) && retryAfterS > 0 ? retryAfterS : undefined,
  });
}

async function upstreamCode(body: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  try {
    const parsed = parseJson((await gather(body, REJECTION_BYTES_MAX)) ?? 'null');
    const error = isObject(parsed) && isObject(parsed.error) ? parsed.error : {};
    return [error.code, error.type].find((word) => typeof word === 'string' && CODE.test(word)) as
      | string
      | undefined;
  } catch {
    return undefined;
  }
}

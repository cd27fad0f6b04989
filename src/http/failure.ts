/**
 * Errors on their way out, in the shape an OpenAI SDK understands.
 */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Request, Response } from 'express';
import { ERRORS, type ErrorCode, errorBody, TiergateError } from '../errors.ts';

/** Headers of an error: whether a retry makes sense, and when. */
export function failureHeaders(error: TiergateError): Record<string, string> {
  return {
    'x-should-retry': String(error.row.retryable),
    ...(error.retryAfterS === null ? {} : { 'retry-after': String(Math.ceil(error.retryAfterS)) }),
  };
}

export function sendFailure(res: Response, error: TiergateError): void {
  res.status(error.row.status).set(failureHeaders(error)).json(errorBody(error));
}

/** For every method that a path does not take. */
export function onlyWith(methods: string) {
  return (_req: Request, res: Response): never => {
    res.setHeader('allow', methods);
    throw new TiergateError('in_method_not_allowed');
  };
}

/** What Node's HTTP parser calls its failures, before there is a request to answer. */
const PARSER_CODES: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'in_header_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'in_upload_slow',
  // The application closed its side before what it had promised was there.
  HPE_INVALID_EOF_STATE: 'in_upload_aborted',
};

/** Answers a request that never became one: a malformed or huge head, or one that did not arrive in time. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const code = PARSER_CODES[error.code ?? ''] ?? 'in_request_malformed';
  const { status, retryable } = ERRORS[code];
  const body = JSON.stringify(errorBody(new TiergateError(code)));
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      `x-should-retry: ${retryable}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

/**
 * Reads a request's body as JSON, within bounds of size and time.
 */
import express, { type Request, type Response } from 'express';
import { type ErrorCode, TiergateError } from '../errors.ts';
import type { Json } from '../shapes.ts';
import { readJsonBody } from '../wire/json.ts';

/** @throws TiergateError in_body_* or in_upload_* */
export type ReadJson = (req: Request, res: Response) => Promise<Json>;

export interface BodyLimits {
  /** Counts what arrives, and what a compressed body becomes. */
  readonly bytesMax: number;
  readonly depthMax: number;
  /** Longest wait for the whole body, once somebody wants it. */
  readonly waitMsMax: number;
}

/** Those that RFC 9110 knows, and identity. What else the runtime can unpack may cost more memory than the body's bound. */
const ENCODINGS = new Set(['identity', 'gzip', 'deflate', 'br']);

/** What express's body parser calls its failures. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  'entity.too.large': 'in_body_too_large',
  'request.aborted': 'in_upload_aborted',
};

/** Bodies of any declared type are read: a client that forgets its content type still means JSON. */
export function createReadJson({ bytesMax, depthMax, waitMsMax }: BodyLimits): ReadJson {
  const parse = express.raw({ type: () => true, limit: bytesMax });
  return async (req, res) => {
    checkHead(req, bytesMax);
    if (/100-continue/i.test(req.headers.expect ?? '')) res.writeContinue();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const clock = setTimeout(() => {
      // The rest of the body may still be on its way: nothing else can follow it on this connection.
      res.setHeader('connection', 'close');
      reject(new TiergateError('in_upload_slow'));
    }, waitMsMax);
    // express's parser says so only once all of it has arrived.
    let arrived = 0;
    const count = (piece: Buffer): void => {
      arrived += piece.length;
      if (arrived > bytesMax) reject(new TiergateError('in_body_too_large'));
    };
    // It waits for ever when an upload breaks off in front of a decompressor.
    req.once('error', (cause) => reject(new TiergateError('in_upload_aborted', { cause })));
    parse(req, res, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(ofParser(error));
    });
    req.on('data', count);
    await promise.finally(() => clearTimeout(clock));
    // Without a body, express leaves an empty object.
    return readJsonBody(Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0), depthMax);
  };
}

/** Refuses what the head already gives away, before anything is uploaded. */
function checkHead({ headers }: Request, bytesMax: number): void {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (!ENCODINGS.has(encoding.toLowerCase())) throw new TiergateError('in_body_encoding');
  if (Number(headers['content-length'] ?? 0) > bytesMax) throw new TiergateError('in_body_too_large');
}

function ofParser(error: unknown): TiergateError {
  const type = typeof error === 'object' && error !== null && 'type' in error ? String(error.type) : '';
  const code = CODES[type];
  if (code !== undefined) return new TiergateError(code, { cause: error });
  // What remains are bytes that the declared compression cannot have made.
  const message = 'The request body is not what its content encoding says.';
  return new TiergateError('in_body_encoding', { message, cause: error });
}

/**
 * Reads a request's body as JSON, within bounds.
 */
import express, { type Request, type Response } from 'express';
import { type ErrorCode, TiergateError } from '../errors.ts';
import type { Json } from '../shapes.ts';
import { readJsonBody } from '../wire/json.ts';

/** @throws TiergateError in_body_* or in_upload_aborted */
export type ReadJson = (req: Request, res: Response) => Promise<Json>;

/** What express's body parser calls its failures. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  'entity.too.large': 'in_body_too_large',
  'request.aborted': 'in_upload_aborted',
  'request.size.invalid': 'in_upload_aborted',
  'encoding.unsupported': 'in_body_encoding',
};

/** Bodies of any declared type are read: a client that forgets its content type still means JSON. */
export function createReadJson(limits: { readonly bytesMax: number; readonly depthMax: number }): ReadJson {
  const parse = express.raw({ type: () => true, limit: limits.bytesMax });
  return async (req, res) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    parse(req, res, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(new TiergateError(codeOf(error), { cause: error }));
    });
    await promise;
    // Without a body, express leaves an empty object.
    return readJsonBody(Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0), limits.depthMax);
  };
}

function codeOf(error: unknown): ErrorCode {
  const type = typeof error === 'object' && error !== null && 'type' in error ? String(error.type) : '';
  // What remains are bytes that the declared compression cannot have made.
  return CODES[type] ?? 'in_body_encoding';
}

/**
 * Reads a request's body within bounds.
 */
import express, { type Request, type Response } from 'express';
import { type ErrorCode, TiergateError } from '../errors.ts';

export type ReadBody = (req: Request, res: Response) => Promise<Uint8Array>;

/** What express's body parser calls its failures. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  'entity.too.large': 'in_body_too_large',
  'request.aborted': 'in_upload_aborted',
  'request.size.invalid': 'in_upload_aborted',
  'encoding.unsupported': 'in_body_encoding',
};

/** Bodies of any declared type are read: a client that forgets its content type still means JSON. */
export function createReadBody(bodyBytesMax: number): ReadBody {
  const parse = express.raw({ type: () => true, limit: bodyBytesMax });
  return (req, res) =>
    new Promise((resolve, reject) => {
      parse(req, res, (error?: unknown) => {
        if (error === undefined) resolve(Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0));
        else reject(new TiergateError(codeOf(error), { cause: error }));
      });
    });
}

function codeOf(error: unknown): ErrorCode {
  const type = typeof error === 'object' && error !== null && 'type' in error ? String(error.type) : '';
  // What remains are bytes that the declared compression cannot have made.
  return CODES[type] ?? 'in_body_encoding';
}

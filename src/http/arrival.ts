/**
 * Makes of an HTTP request what the conductor takes.
 */
import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Arrival } from '../journey.ts';
import type { Json } from '../shapes.ts';

/** A name that an application gives to a conversation: printable, and never recorded. */
const CONVERSATION = /^[\x21-\x7e]{1,256}$/;

/** Request ids are always ours: one that an application chose could hold content, and ids are logged. */
export const newRequestId = (): string => `req_${randomUUID().replaceAll('-', '').slice(0, 24)}`;

export function arrive(
  req: Request,
  res: Response,
  requestId: string,
  readJson: () => Promise<Json>,
): Arrival {
  const gone = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) gone.abort(new Error('The application went away.'));
  });
  const conversation = req.headers['x-tiergate-conversation'];
  return {
    requestId,
    authorization: req.headers.authorization,
    conversation:
      typeof conversation === 'string' && CONVERSATION.test(conversation) ? conversation : undefined,
    readBody: readJson,
    signal: gone.signal,
  };
}

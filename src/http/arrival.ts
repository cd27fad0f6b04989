/**
 * Makes of an HTTP request what the conductor takes.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { TiergateError } from '../errors.ts';
import type { Arrival, Stages, Way } from '../journey.ts';
import type { Json } from '../shapes.ts';
import type { Trip } from '../trip.ts';
import type { ReadJson } from './body.ts';

/** A name that an application gives to a conversation: printable, and never recorded. */
const CONVERSATION = /^[\x21-\x7e]{1,256}$/;

/** The key of `Idempotency-Key` (IETF draft, idempotency-key-header): how an application makes one is up to it. */
const IDEMPOTENCY_KEY = /^[\x20-\x7e]{1,255}$/;

/** Request ids are always ours: one that an application chose could hold content, and ids are logged. */
export const newRequestId = (): string => `req_${randomUUID().replaceAll('-', '').slice(0, 24)}`;

/** What the two routes that begin a journey are made of. */
export interface JourneyRoute {
  readonly stages: Stages;
  readonly begin: (requestId: string, traceparent: string | undefined) => Trip;
  readonly readJson: ReadJson;
}

/** @throws TiergateError in_body_invalid, with the header in `param` */
export function setOut(
  req: Request,
  res: Response,
  { stages, begin }: JourneyRoute,
  readJson: () => Promise<Json>,
): Way {
  const arrival = arrive(req, res, newRequestId(), readJson);
  const { traceparent } = req.headers;
  const trip = begin(arrival.requestId, typeof traceparent === 'string' ? traceparent : undefined);
  return { arrival, stages, trip };
}

function arrive(req: Request, res: Response, requestId: string, readJson: () => Promise<Json>): Arrival {
  const conversation = readHeader(
    req,
    'x-tiergate-conversation',
    CONVERSATION,
    '1 to 256 visible ASCII characters',
  );
  const idempotencyKey = readHeader(
    req,
    'idempotency-key',
    IDEMPOTENCY_KEY,
    '1 to 255 printable ASCII characters',
  );
  const gone = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) gone.abort(new Error('The application went away.'));
  });
  return {
    requestId,
    authorization: req.headers.authorization,
    conversation,
    // Hashed at the door: what an application puts into it is nowhere kept.
    idempotencyKey: idempotencyKey && createHash('sha256').update(idempotencyKey).digest('base64url'),
    readBody: readJson,
    signal: gone.signal,
  };
}

/** One that is not usable is refused: an application that is told nothing would rely on it. */
function readHeader(req: Request, name: string, form: RegExp, what: string): string | undefined {
  const value = req.headers[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && form.test(value)) return value;
  throw new TiergateError('in_body_invalid', { param: name, message: `\`${name}\` must be ${what}.` });
}

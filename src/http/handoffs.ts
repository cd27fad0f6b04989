/**
 * The queue for people: list, look, claim, release, resolve. For keys with the scope `handoff`, each tenant its own.
 */
import { type Request, Router } from 'express';
import { TiergateError } from '../errors.ts';
import type { Says } from '../guarantee/guarantee-keeper.ts';
import type { Handoff, HandoffQueue, HandoffSummary, Status } from '../handoff/queue.ts';
import type { Json, JsonObject } from '../shapes.ts';
import { isObject } from '../wire/json.ts';
import { onlyWith } from './failure.ts';
import { type FeedbackRoute, readSays } from './feedback.ts';

export interface HandoffRoutes extends FeedbackRoute {
  readonly queue: HandoffQueue;
}

export function handoffRoutes({ queue, authenticate, readJson, feedback }: HandoffRoutes): Router {
  const router = Router();
  const caller = (req: Request) => authenticate(req.headers.authorization, 'handoff');

  router.get('/', (req, res) => {
    const { tenant } = caller(req);
    const { handoffs, next } = queue.list({
      tenant,
      status: one(req, 'status') as Status | undefined,
      queue: one(req, 'queue'),
      limit: number(req, 'limit'),
      after: one(req, 'after'),
    });
    res.json({ object: 'list', data: handoffs.map(toWire), has_more: next !== null, next });
  });
  router.get('/:id', (req, res) => {
    const { tenant } = caller(req);
    res.json(withWords(queue.get(req.params.id, tenant)));
  });
  router.post('/:id/claim', (req, res) => {
    const { tenant, keyId } = caller(req);
    res.json(withWords(queue.claim(req.params.id, tenant, keyId)));
  });
  router.post('/:id/release', (req, res) => {
    const { tenant, keyId } = caller(req);
    res.json(withWords(queue.release(req.params.id, tenant, keyId)));
  });
  router.post('/:id/resolve', async (req, res) => {
    const { tenant, keyId } = caller(req);
    const body = await readJson(req, res);
    const resolution: Json | undefined = isObject(body) ? body.resolution : undefined;
    if (typeof resolution !== 'string') {
      throw new TiergateError('in_body_invalid', {
        param: 'resolution',
        message: '`resolution` must be a string.',
      });
    }
    const about = isObject(body) ? body.feedback : undefined;
    const says = about === undefined ? null : readSays(about, feedback.intents(), 'feedback.');
    const resolved = queue.resolve(req.params.id, tenant, keyId, resolution);
    const isTaken = says !== null && isTakenBy(feedback, resolved, says);
    res.json({ ...withWords(resolved), ...(says === null ? {} : { feedback_taken: isTaken }) });
  });
  router.all(['/', '/:id'], onlyWith('GET, HEAD'));
  router.all(['/:id/claim', '/:id/release', '/:id/resolve'], onlyWith('POST'));
  return router;
}

/** The hand-off is resolved, whatever becomes of what was said about it: the request may be forgotten by now. */
function isTakenBy({ take }: FeedbackRoute['feedback'], { requestId, tenant }: Handoff, says: Says): boolean {
  try {
    take(requestId, tenant, says);
    return true;
  } catch (thrown) {
    if (thrown instanceof TiergateError) return false;
    throw thrown;
  }
}

/** A query parameter that may be given once. */
function one(req: Request, name: string): string | undefined {
  const value = req.query[name];
  if (value === undefined || typeof value === 'string') return value;
  throw new TiergateError('in_body_invalid', { param: name, message: `\`${name}\` may be given once.` });
}

function number(req: Request, name: string): number | undefined {
  const value = one(req, name);
  return value === undefined ? undefined : Number(value);
}

const toWire = (handoff: HandoffSummary): JsonObject => ({
  id: handoff.id,
  object: 'handoff',
  request_id: handoff.requestId,
  queue: handoff.queue,
  priority: handoff.priority,
  status: handoff.status,
  created_at: handoff.createdAt,
  claimed_at: handoff.claimedAt,
  resolved_at: handoff.resolvedAt,
  intent: handoff.intent,
  urgency: handoff.urgency,
  claimed_by: handoff.claimedBy,
});
const withWords = (handoff: Handoff): JsonObject => ({
  ...toWire(handoff),
  messages: handoff.messages,
  resolution: handoff.resolution,
});

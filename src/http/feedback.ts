/**
 * POST /v1/feedback: whether a request was understood. It is about a label, holds no content, and is what promises
 * (`max_error`) are calibrated with and watched by.
 */
import type { RequestHandler } from 'express';
import type { Authenticate } from '../authenticate/authenticate.ts';
import { TiergateError } from '../errors.ts';
import type { Says } from '../guarantee/guarantee-keeper.ts';
import type { Json, JsonObject } from '../shapes.ts';
import { isObject } from '../wire/json.ts';
import type { ReadJson } from './body.ts';

/** Takes what is said about a request of this tenant, and says whether the request was understood. */
export type TakeFeedback = (requestId: string, tenant: string, says: Says) => { readonly right: boolean };

export interface FeedbackRoute {
  readonly authenticate: Authenticate;
  readonly readJson: ReadJson;
  readonly feedback: {
    /** @throws TiergateError record_no_such_request, in_body_invalid */
    readonly take: TakeFeedback;
    /** The names that there are by now. */
    readonly intents: () => readonly string[];
  };
}

const REQUEST_ID = /^req_[0-9a-f]{24}$/;

export function feedbackRoute({ authenticate, readJson, feedback }: FeedbackRoute): RequestHandler {
  return async (req, res) => {
    const { tenant } = authenticate(req.headers.authorization, 'chat');
    const body = await readJson(req, res);
    const { request_id: requestId } = isObject(body) ? body : {};
    if (typeof requestId !== 'string' || !REQUEST_ID.test(requestId)) {
      throw invalid('request_id', 'must be the `x-request-id` of an answer');
    }
    const says = readSays(body, feedback.intents());
    const { right } = feedback.take(requestId, tenant, says);
    res.json({ object: 'tiergate.feedback', request_id: requestId, right });
  };
}

/**
 * Reads `right`, `intent`, or both. An intent is one of the names that there are, or null: what is kept can hold no word
 * of anybody's. @throws TiergateError in_body_invalid
 */
export function readSays(body: Json, intents: readonly string[], path = ''): Says {
  const { right, intent }: JsonObject = isObject(body) ? body : {};
  if (right === undefined && intent === undefined) {
    throw invalid(`${path}right`, 'must be true or false, unless `intent` gives the right intent');
  }
  if (right !== undefined && typeof right !== 'boolean')
    throw invalid(`${path}right`, 'must be true or false');
  if (intent === undefined || intent === null) return { right, intent };
  const known = intents.find((name) => name === intent);
  if (known === undefined) {
    throw invalid(`${path}intent`, 'must be one of the intents that there are, or null for none of them');
  }
  return { right, intent: known };
}

function invalid(param: string, what: string): TiergateError {
  return new TiergateError('in_body_invalid', { param, message: `\`${param}\` ${what}.` });
}

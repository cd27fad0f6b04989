/**
 * Every path that tiergate serves.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Authenticate } from '../authenticate/authenticate.ts';
import { asTiergateError, TiergateError } from '../errors.ts';
import type { HandoffQueue } from '../handoff/queue.ts';
import type { Provider } from '../upstream/providers.ts';
import { newRequestId } from './arrival.ts';
import { type ChatRoute, chatRoute } from './chat.ts';
import { type ClassifyRoute, classifyRoute } from './classify.ts';
import { onlyWith, sendFailure } from './failure.ts';
import { type FeedbackRoute, feedbackRoute } from './feedback.ts';
import { handoffRoutes } from './handoffs.ts';
import { modelRoutes } from './models.ts';
import { redactRoute } from './redact.ts';

export interface AppParts extends Omit<ChatRoute & ClassifyRoute, 'begin'> {
  readonly begin: (route: string) => ChatRoute['begin'];
  readonly authenticate: Authenticate;
  /** Those that can be asked for by now, with their models. */
  readonly providers: () => readonly Provider[];
  readonly queue: HandoffQueue;
  readonly feedback: FeedbackRoute['feedback'];
  /** Most chat, classify and redact requests under way at once. */
  readonly requestsMax: number;
  /** False while starting and while draining. */
  readonly isReady: () => boolean;
  readonly metrics: (req: IncomingMessage, res: ServerResponse) => void;
  /** Told of every request that ended outside a journey: at the door, or on a path beside those three. */
  readonly onRejected: (requestId: string, error: TiergateError) => void;
}

export function createApp(parts: AppParts): Express {
  const { authenticate, providers, queue, feedback, readJson, isReady } = parts;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.use((req, res, next) => {
    res.setHeader('cache-control', 'no-store');
    res.setHeader('x-content-type-options', 'nosniff');
    // RFC 9112, section 3.2.
    if (req.httpVersion === '1.1' && req.headers.host === undefined) {
      throw new TiergateError('in_request_malformed', { param: 'host' });
    }
    next();
  });
  const admit = createAdmit(parts.requestsMax, isReady);
  const chat = '/v1/chat/completions';
  const classify = '/v1/classify';
  const redact = '/v1/redact';
  app.post(chat, admit, chatRoute({ ...parts, begin: parts.begin(chat) }));
  app.post(classify, admit, classifyRoute({ ...parts, begin: parts.begin(classify) }));
  app.post(redact, admit, redactRoute({ ...parts, begin: parts.begin(redact) }));
  app.post('/v1/feedback', feedbackRoute({ authenticate, readJson, feedback }));
  app.all([chat, classify, redact, '/v1/feedback'], onlyWith('POST'));
  app.use('/v1/models', modelRoutes(providers, authenticate));
  app.use('/v1/handoffs', handoffRoutes({ queue, authenticate, readJson, feedback }));
  app.get('/healthz', (_req, res) => void res.json({ status: 'ok' }));
  app.get('/readyz', (_req, res) => {
    const ready = isReady();
    res.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready' });
  });
  app.get('/metrics', (req, res) => parts.metrics(req, res));
  app.all(['/healthz', '/readyz', '/metrics'], onlyWith('GET, HEAD'));
  app.use(() => {
    throw new TiergateError('in_not_found');
  });
  app.use(onError(parts.onRejected));
  return app;
}

/** Lets in as many as there is room for; the others are told at once, before a byte of their body is read. */
function createAdmit(requestsMax: number, isReady: () => boolean): RequestHandler {
  let underWay = 0;
  return (_req, res, next) => {
    if (!isReady()) throw new TiergateError('in_draining');
    if (underWay >= requestsMax) throw new TiergateError('in_overloaded', { retryAfterS: 1 });
    underWay++;
    res.once('close', () => {
      underWay--;
    });
    next();
  };
}

function onError(onRejected: AppParts['onRejected']): ErrorRequestHandler {
  return (thrown: unknown, _req, res, _next) => {
    const requestId = newRequestId();
    const error = isBadPath(thrown)
      ? new TiergateError('in_not_found')
      : asTiergateError(thrown, 'respond_failed');
    onRejected(requestId, error);
    if (res.headersSent) {
      res.destroy();
      return;
    }
    res.setHeader('x-request-id', requestId);
    sendFailure(res, error);
  };
}

/** express throws a URIError for a path with broken percent signs. */
const isBadPath = (thrown: unknown): boolean => thrown instanceof URIError;

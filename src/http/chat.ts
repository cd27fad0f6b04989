/**
 * POST /v1/chat/completions.
 */
import type { RequestHandler, Response } from 'express';
import { type Respond, travel } from '../journey.ts';
import type { Finished } from '../record/record.ts';
import { type JourneyRoute, setOut } from './arrival.ts';
import { sendFailure } from './failure.ts';
import { setProvenance } from './headers.ts';
import { sendStream } from './stream.ts';

export interface ChatRoute extends JourneyRoute {
  /** Writes down what became of a request. */
  readonly record: (finished: Finished) => void;
}

export function chatRoute(route: ChatRoute): RequestHandler {
  return async (req, res) => {
    const way = setOut(req, res, route, () => route.readJson(req, res));
    route.record(await travel(way, respondOn(res, way.arrival.signal)));
  };
}

function respondOn(res: Response, signal: AbortSignal): Respond {
  return {
    async answer(answer, provenance) {
      setProvenance(res, provenance);
      if (answer.form === 'stream') return sendStream(res, answer.chunks, signal);
      res.json(answer.completion);
    },
    failure(error, provenance) {
      if (res.headersSent) return;
      setProvenance(res, provenance);
      sendFailure(res, error);
    },
  };
}

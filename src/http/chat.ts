/**
 * POST /v1/chat/completions.
 */
import type { RequestHandler, Response } from 'express';
import { type Respond, type Stages, travel } from '../journey.ts';
import type { Finished } from '../record/record.ts';
import type { Trip } from '../trip.ts';
import { arrive, newRequestId } from './arrival.ts';
import type { ReadJson } from './body.ts';
import { sendFailure } from './failure.ts';
import { setProvenance } from './headers.ts';
import { sendStream } from './stream.ts';

export interface ChatRoute {
  readonly stages: Stages;
  readonly begin: (requestId: string, traceparent: string | undefined) => Trip;
  readonly readJson: ReadJson;
  /** Writes down what became of a request. */
  readonly record: (finished: Finished) => void;
}

export function chatRoute({ stages, begin, readJson, record }: ChatRoute): RequestHandler {
  return async (req, res) => {
    const requestId = newRequestId();
    const arrival = arrive(req, res, requestId, () => readJson(req, res));
    const traceparent = req.headers.traceparent;
    const trip = begin(requestId, typeof traceparent === 'string' ? traceparent : undefined);
    record(await travel({ arrival, stages, trip }, respondOn(res, arrival.signal)));
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

/**
 * POST /v1/classify: what a request is about, and what would be done with it. Nothing is answered, nothing leaves.
 * Takes a chat request, or `{"text": "…"}`.
 */
import type { RequestHandler } from 'express';
import { consult, type Verdict } from '../journey.ts';
import type { Finished } from '../record/record.ts';
import type { Classification, Json, JsonObject, Outcome, Unclassified } from '../shapes.ts';
import { isObject } from '../wire/json.ts';
import { type JourneyRoute, setOut } from './arrival.ts';
import { sendFailure } from './failure.ts';
import { setProvenance } from './headers.ts';

export interface ClassifyRoute extends JourneyRoute {
  /** Closes the trace of a request. No decision was carried out, so none is logged, and none counted. */
  readonly observe: (finished: Finished) => void;
}

export function classifyRoute(route: ClassifyRoute): RequestHandler {
  return async (req, res) => {
    const way = setOut(req, res, route, async () => asChat(await route.readJson(req, res)));
    const finished = await consult(way, {
      verdict(verdict) {
        setProvenance(res, verdict.provenance);
        res.json(toWire(way.arrival.requestId, verdict));
      },
      failure(error, provenance) {
        setProvenance(res, provenance);
        sendFailure(res, error);
      },
    });
    route.observe(finished);
  };
}

/** `{"text": "…"}` is short for a chat request with one user message. */
function asChat(body: Json): Json {
  if (!isObject(body)) return body;
  const { text, ...rest } = body;
  const messages =
    typeof text === 'string' && !('messages' in body) ? [{ role: 'user', content: text }] : null;
  return { model: 'tiergate-auto', ...(messages === null ? body : { ...rest, messages }) };
}

const toWire = (requestId: string, { facts, decision }: Verdict): JsonObject => ({
  id: requestId,
  object: 'tiergate.classification',
  labels: labelsToWire(facts.labels),
  personal: facts.personal,
  features: facts.features,
  prompt_tokens: facts.promptTokens,
  decision: {
    ...outcomeToWire(decision.outcome),
    rule: decision.rule,
    because: decision.because,
    policy_revision: decision.policyRevision,
  },
});

function labelsToWire(labels: Classification | Unclassified | undefined): JsonObject {
  if (labels?.status !== 'classified') return { status: 'unclassified', reason: labels?.reason ?? 'failed' };
  return {
    status: 'classified',
    intent: labels.intent,
    confidence: labels.confidence,
    in_scope: labels.inScope,
    urgency: labels.urgency,
    urgency_confidence: labels.urgencyConfidence,
    difficulty: labels.difficulty,
    injection: labels.injection,
    language: labels.language,
    tokens: labels.tokens,
    windows: labels.windows,
    truncated: labels.truncated,
  };
}

function outcomeToWire(outcome: Outcome): JsonObject {
  switch (outcome.tier) {
    case 'local':
      return { tier: outcome.tier, bar: outcome.bar, otherwise: outcomeToWire(outcome.otherwise) };
    case 'cloud':
      return { tier: outcome.tier, models: outcome.models };
    case 'human':
      return { tier: outcome.tier, queue: outcome.queue, priority: outcome.priority };
    case 'refuse':
      return { tier: outcome.tier, message: outcome.message };
  }
}

/** Requests as they were judged, for tests: an ordinary one, but for what is said. */
import type { JudgedRequest } from '../../src/guarantee/feedback-store.ts';
import type { Classification, Facts } from '../../src/shapes.ts';

export const LABELS = 'labels000000';

export function labelled(labels: Partial<Classification> = {}): Classification {
  return {
    status: 'classified',
    intent: 'order_status',
    confidence: 0.9,
    inScope: 0.9,
    urgency: 'normal',
    urgencyConfidence: 0.9,
    difficulty: 0.1,
    injection: 0.02,
    language: 'en',
    tokens: 9,
    windows: 1,
    truncated: false,
    ...labels,
  };
}

export function factsOf(
  labels: Partial<Classification> = {},
  facts: Partial<Facts> = {},
): JudgedRequest['facts'] {
  return {
    tenant: 'acme',
    model: 'tiergate-auto',
    features: [],
    promptTokens: 20,
    personal: {},
    ...facts,
    labels: labelled(labels),
  };
}

export function judged(request: Partial<JudgedRequest> = {}): JudgedRequest {
  return {
    requestId: 'req_1',
    tenant: 'acme',
    at: 1000,
    labelsRevision: LABELS,
    rule: 'orders',
    facts: factsOf(),
    ...request,
  };
}

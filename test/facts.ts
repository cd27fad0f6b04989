/** Labels and facts of a request, for tests: an ordinary one, but for what is said. */
import type { Classification, Facts } from '../src/shapes.ts';

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
): Facts & { readonly labels: Classification } {
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

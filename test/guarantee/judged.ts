/** A request as it was judged, for tests: an ordinary one, but for what is said. */
import type { JudgedRequest } from '../../src/guarantee/feedback-store.ts';
import { factsOf } from '../facts.ts';

export const LABELS = 'labels000000';

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

/** Headers that say how an answer came about: whatever the operator's files hold, they are headers. */
import { ServerResponse } from 'node:http';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { setProvenance } from '../../src/http/headers.ts';
import type { Provenance } from '../../src/trip.ts';

const nothing: Provenance = {
  requestId: 'req_1',
  tier: null,
  rule: null,
  policyRevision: null,
  intent: null,
  confidence: null,
  windows: null,
  truncated: false,
  redacted: 0,
  handoffId: null,
  durationsMs: {},
};
function headersOf(provenance: Partial<Provenance>): Record<string, unknown> {
  const res = new ServerResponse({ method: 'GET' } as never);
  setProvenance(res, { ...nothing, ...provenance });
  return { ...res.getHeaders() };
}

test('what is known has a header, what is not has none', () => {
  expect(headersOf({})).toEqual({ 'x-request-id': 'req_1' });
  expect(
    headersOf({
      tier: 'cloud',
      rule: 'rest',
      policyRevision: 'abc',
      intent: 'return_item',
      confidence: 0.98765,
      windows: 3,
      truncated: true,
      redacted: 2,
      handoffId: 'ho_1',
      durationsMs: { detect: 0.123, decide: 12 },
    }),
  ).toEqual({
    'x-request-id': 'req_1',
    'x-tiergate-tier': 'cloud',
    'x-tiergate-rule': 'rest',
    'x-tiergate-policy-revision': 'abc',
    'x-tiergate-intent': 'return_item',
    'x-tiergate-confidence': '0.988',
    'x-tiergate-windows': '3',
    'x-tiergate-truncated': 'true',
    'x-tiergate-redacted': '2',
    'x-tiergate-handoff': 'ho_1',
    'server-timing': 'detect;dur=0.12, decide;dur=12.00',
  });
});

test('names in any script can be set, and read again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
      const header = String(headersOf({ rule: name })['x-tiergate-rule']);
      expect(header).toMatch(/^[\x20-\x7e]+$/);
      if (!/^[\x20-\x7e]*$/.test(name)) expect(decodeURIComponent(header)).toBe(name);
    }),
  );
  expect(headersOf({ intent: 'a\r\nset-cookie: b' })['x-tiergate-intent']).toBe('a%0D%0Aset-cookie%3A%20b');
});

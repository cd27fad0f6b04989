/**
 * Headers that say how an answer came about.
 */
import type { ServerResponse } from 'node:http';
import type { Provenance } from '../trip.ts';

/** Sets what is known; what is not known has no header. */
export function setProvenance(res: ServerResponse, provenance: Provenance): void {
  const { tier, rule, intent, confidence, policyRevision, redacted, handoffId } = provenance;
  const headers: Readonly<Record<string, string | number | null>> = {
    'x-request-id': provenance.requestId,
    'x-tiergate-tier': tier,
    'x-tiergate-rule': rule,
    'x-tiergate-intent': intent,
    'x-tiergate-confidence': confidence === null ? null : confidence.toFixed(3),
    'x-tiergate-policy-revision': policyRevision,
    'x-tiergate-redacted': redacted === 0 ? null : redacted,
    'x-tiergate-handoff': handoffId,
    'x-tiergate-windows': provenance.windows,
    'x-tiergate-truncated': provenance.truncated ? 'true' : null,
    'server-timing': serverTiming(provenance.durationsMs),
  };
  for (const [name, value] of Object.entries(headers)) {
    if (value !== null && value !== '') res.setHeader(name, headerSafe(String(value)));
  }
}

/** W3C Server Timing: `detect;dur=0.12, decide;dur=0.03`, milliseconds. */
const serverTiming = (durationsMs: Provenance['durationsMs']): string =>
  Object.entries(durationsMs)
    .map(([stage, ms]) => `${stage};dur=${ms.toFixed(2)}`)
    .join(', ');

/** Names come from the operator's files and may be in any script; a header holds visible ASCII. */
const headerSafe = (text: string): string => (/^[\x20-\x7e]*$/.test(text) ? text : encodeURIComponent(text));

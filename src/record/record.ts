/** The stage `record`: whatever became of a request, it is written down: in the decision log, as metrics and span, as a line. */
import { asTiergateError, type TiergateError } from '../errors.ts';
import type { KindCounts } from '../personal-kinds.ts';
import type { JourneyRecord } from '../shapes.ts';
import type { DecisionLog } from './decision-log.ts';
import { errorFields, type Log } from './log.ts';
import type { Trace } from './trace.ts';

export interface Finished {
  readonly record: JourneyRecord;
  readonly trace: Trace;
  /** How many values of each kind were replaced. */
  readonly redactions?: KindCounts;
  readonly error?: TiergateError | null;
  /** A fault that the request survived, by another way. */
  readonly degraded?: TiergateError | null;
}
export type Recorder = (finished: Finished) => void;

const LEVELS = { gateway: 'error', upstream: 'warn', policy: 'info', caller: 'debug' } as const;

export function createRecorder(parts: {
  readonly decisions: Pick<DecisionLog, 'append'>;
  readonly log: Log;
}): Recorder {
  return ({ record, trace, redactions, error, degraded }) => {
    const fields = {
      requestId: record.requestId,
      traceId: record.traceId,
      ...(record.keyId === null ? {} : { keyId: record.keyId }),
      ...(record.policyRevision === null ? {} : { revision: record.policyRevision }),
      status: record.status,
      attempt: record.attempts,
      durationMs: Math.round(record.totalMs),
    };
    // The decision first: whatever might go wrong with the rest, this is the one that must not be missing. Where no key
    // was known there was none to make, and a stranger must not be able to fill the disk.
    try {
      if (record.keyId !== null) parts.decisions.append(record);
    } catch (thrown) {
      // The answer is already gone: an error would reach nobody, and leave the request open in all other books.
      const lost = errorFields(asTiergateError(thrown, 'record_unavailable'));
      parts.log.write('error', 'decision_log_lost', { ...fields, ...lost, count: 1 });
    }
    trace.end(record, redactions);
    if (degraded) parts.log.write('warn', 'local_answer_failed', { ...fields, ...errorFields(degraded) });
    if (!error) return parts.log.write('debug', 'request_finished', fields);
    // An operator acts on what is tiergate's fault, and wants to know of a model server's and the policy's. Callers'
    // errors are for those who look for them: a caller must not be able to fill the log.
    const { blame } = error.row;
    parts.log.write(LEVELS[blame], 'request_failed', { ...fields, ...errorFields(error) });
  };
}

/**
 * The operator's log: one JSON line for each event, on stderr. An event takes closed fields only: codes, ids, counts,
 * names from configuration. There is no field for a message, so that no content can get into a line.
 *
 * Written synchronously, since the last line before a crash is the one that matters; what happens once a request is
 * written at `debug` only. If stderr is a pipe whose reader hangs and Node buffers, lines are dropped from
 * WAITING_BYTES_MAX on and counted.
 */
import type { Writable } from 'node:stream';
import { types } from 'node:util';
import { type Blame, ERRORS, type ErrorCode, type TiergateError } from '../errors.ts';
import type { Stage } from '../shapes.ts';

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** All that can happen. `docs/observability.md` says what each means and what to do. */
export const LOG_EVENTS = [
  'started',
  'draining',
  'stopped',
  'crashed',
  'request_finished',
  'request_failed',
  'local_answer_failed',
  'egress_blocked',
  'policy_loaded',
  'policy_refused',
  'intents_loaded',
  'intents_refused',
  'intents_removed',
  'webhook_delivered',
  'webhook_failed',
  'webhook_given_up',
  'webhook_outbox_failed',
  'handoffs_purged',
  'handoffs_purge_failed',
  'decision_log_damaged',
  'decision_log_failed',
  'decision_log_lost',
  'calibration_loaded',
  'calibration_refused',
  'guarantee_kept',
  'guarantee_endangered',
  'guarantee_broken',
  'guarantee_uncalibrated',
  'feedback_store_failed',
  'telemetry_failed',
  'log_dropped',
] as const;
export type LogEvent = (typeof LOG_EVENTS)[number];

/** Everything a line can say besides `at`, `level` and `event`. */
export interface LogFields {
  readonly requestId?: string;
  readonly traceId?: string;
  readonly keyId?: string;
  readonly handoffId?: string;
  readonly code?: ErrorCode;
  readonly blame?: Blame;
  readonly stage?: Stage;
  readonly status?: number;
  readonly revision?: string;
  readonly tenant?: string;
  /** The id of a rule of the policy. */
  readonly rule?: string;
  /** Why something is as it is: a word of a closed vocabulary. */
  readonly why?: string;
  /** Where in a message: a word of a closed vocabulary. */
  readonly place?: string;
  /** A host that the configuration names. */
  readonly host?: string;
  /** A confidence, 0 to 1. */
  readonly threshold?: number;
  readonly attempt?: number;
  readonly durationMs?: number;
  readonly count?: number;
  readonly port?: number;
  /** What the encoder runs on. */
  readonly engine?: string;
  /** An error code of the system, such as ENOSPC. */
  readonly errno?: string;
  /** TiergateError's `detail`: fixed words of ours. */
  readonly detail?: string;
  /** Where an unexpected error was thrown: file and line of our own code, never its message. */
  readonly where?: readonly string[];
}

export interface Log {
  write(level: LogLevel, event: LogEvent, fields?: LogFields): void;
}

/** Bytes that may wait in the stream. */
const WAITING_BYTES_MAX = 1_048_576;

export function createLog(options: { readonly level: LogLevel; readonly to: Writable }): Log {
  const { to } = options;
  const threshold = LOG_LEVELS.indexOf(options.level);
  let dropped = 0;
  const line = (level: LogLevel, event: LogEvent, fields: LogFields): string =>
    `${JSON.stringify({ at: new Date().toISOString(), level, event, ...fields })}\n`;
  return {
    write(level, event, fields = {}) {
      if (LOG_LEVELS.indexOf(level) > threshold) return;
      if (to.writableLength > WAITING_BYTES_MAX) {
        dropped++;
        return;
      }
      if (dropped > 0) to.write(line('warn', 'log_dropped', { count: dropped }));
      dropped = 0;
      to.write(line(level, event, fields));
    },
  };
}

const FRAMES_MAX = 4;
const CAUSES_MAX = 4;
/** A stack frame in this project or a library of it, from the folder's name on. */
const FRAME =
  /^ {4}at (?:[^\n]*\()?(?:file:\/\/)?\/[^\n:]*\/((?:src|node_modules)\/[\w./@+-]{1,200}:\d{1,7}:\d{1,7})\)?$/;
const ERRNO = /^[A-Z][A-Z0-9_]{1,40}$/;

/** The system's or Node's code of an error, such as ENOSPC; null if it has none. */
export function errnoOf(thrown: unknown): string | null {
  const code = types.isNativeError(thrown) && 'code' in thrown ? String(thrown.code) : '';
  return ERRNO.test(code) ? code : null;
}

/** What the log may say of an error. Its message and its causes' messages are left out: they may quote a request. */
export function errorFields(error: TiergateError): LogFields {
  const { detail, code } = error;
  const root = rootCause(error);
  const where = root === error ? [] : placesOf(root);
  const errno = errnoOf(root);
  return {
    code,
    blame: ERRORS[code].blame,
    ...(detail === null ? {} : { detail }),
    ...(errno === null ? {} : { errno }),
    ...(where.length === 0 ? {} : { where }),
  };
}

function rootCause(error: Error): unknown {
  let root: unknown = error;
  for (let depth = 0; depth < CAUSES_MAX; depth++) {
    if (!types.isNativeError(root) || root.cause === undefined) break;
    root = root.cause;
  }
  return root;
}

/** The frames of a stack. The lines that its message fills are skipped, whatever they look like. */
function placesOf(thrown: unknown): string[] {
  if (!types.isNativeError(thrown) || typeof thrown.stack !== 'string') return [];
  // A message that was changed after the throw is not at the stack's beginning: then nothing of the stack is safe.
  const end = thrown.stack.indexOf(thrown.message);
  if (end === -1) return [];
  const frames = thrown.stack.slice(end + thrown.message.length).split('\n');
  return frames.flatMap((frame) => FRAME.exec(frame)?.[1] ?? []).slice(0, FRAMES_MAX);
}

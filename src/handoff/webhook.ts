/**
 * Announces new hand-offs to a URL, signed by the Standard Webhooks specification (standardwebhooks.com, version 1.0.0).
 * The announcement holds ids and labels, no words. It is delivered from the outbox by one worker: a restart resumes,
 * a slow receiver delays only other announcements, and no request ever waits. At least once: receivers tell
 * repetitions by `webhook-id`.
 */
import { createHmac } from 'node:crypto';
import type { Announcement, Outbox } from './outbox.ts';
import type { HandoffSummary } from './queue.ts';

/** After this many failures an announcement is given up: with the waits below, three to five hours after the first. */
export const ATTEMPTS_MAX = 16;
/** Longest wait for the receiver's answer. */
export const ANSWER_WAIT_MS_MAX = 10_000;
const BACKOFF_MS_FIRST = 2_000;
const BACKOFF_MS_MAX = 3_600_000;
/** Standard Webhooks, "Signature scheme": a secret has 24 to 64 bytes. */
const SECRET_BYTES_MIN = 24;
const SECRET_BYTES_MAX = 64;

export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
/** Sends one POST. Must not follow redirects, and must end when the signal aborts. */
export type Send = (request: WebhookRequest, signal: AbortSignal) => Promise<{ readonly status: number }>;

/** What became of an attempt, for the operator's log. */
export interface WebhookReport {
  readonly outcome: 'delivered' | 'failed' | 'given_up' | 'outbox_failed';
  /** Null if the outbox itself could not be read or written. */
  readonly handoffId: string | null;
  readonly attempt: number;
  /** The receiver's status, or null when there was no answer. */
  readonly status: number | null;
}

export interface Webhook {
  /** Something new may be in the outbox. */
  wake(): void;
  /** Stops after at most the attempt under way, which is broken off; what is undelivered stays in the outbox. */
  close(): Promise<void>;
}

export interface WebhookOptions {
  readonly url: string;
  /** `whsec_<base64>`. */
  readonly secret: string;
  readonly outbox: Outbox;
  readonly send: Send;
  readonly report?: (report: WebhookReport) => void;
  readonly attemptsMax?: number;
  readonly answerWaitMsMax?: number;
  readonly backoffMsFirst?: number;
}

/** The body that announces a hand-off: the specification's `type`, `timestamp`, `data`. */
export function announcementOf(handoff: HandoffSummary): string {
  const { id, tenant, queue, priority, intent, urgency, createdAt } = handoff;
  return JSON.stringify({
    type: 'handoff.created',
    timestamp: createdAt,
    data: { id, tenant, queue, priority, intent, urgency, created_at: createdAt },
  });
}

/** `webhook-signature` of one message; `timestamp` in Unix seconds. */
export function sign(key: Uint8Array, id: string, timestamp: number, body: string): string {
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

/** @throws Error when the secret is not of the specification's form; its words do not hold the secret. */
export function readWebhookSecret(secret: string): Uint8Array {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1] ?? '';
  const key = Buffer.from(encoded, 'base64');
  if (key.length < SECRET_BYTES_MIN || key.length > SECRET_BYTES_MAX) {
    throw new Error(
      `The webhook's secret must be whsec_ and ${SECRET_BYTES_MIN} to ${SECRET_BYTES_MAX} bytes in base64: ` +
        '`echo "whsec_$(openssl rand -base64 32)"` makes one.',
    );
  }
  return key;
}

/** Starts the worker. @throws Error when the secret is malformed. */
export function startWebhook(options: WebhookOptions): Webhook {
  const { outbox, report = () => {}, attemptsMax = ATTEMPTS_MAX } = options;
  const key = readWebhookSecret(options.secret);
  const closing = new AbortController();
  let wakeUp = Promise.withResolvers<void>();

  /** Waits until the announcement is due, something new comes, or the worker is to stop. */
  async function idle(ms: number): Promise<void> {
    // A clock that was set back must not silence the worker: it looks again after the longest wait at most.
    const timer = setTimeout(wakeUp.resolve, Math.min(ms, BACKOFF_MS_MAX)).unref();
    await wakeUp.promise;
    clearTimeout(timer);
    wakeUp = Promise.withResolvers();
  }
  function settle({ handoffId, attempts }: Announcement, status: number | null): void {
    const attempt = attempts + 1;
    if (status !== null && status >= 200 && status < 300) {
      outbox.remove(handoffId);
      report({ outcome: 'delivered', handoffId, attempt, status });
    } else if (attempt >= attemptsMax) {
      // The hand-off itself is not lost: it stays in the queue's list.
      outbox.remove(handoffId);
      report({ outcome: 'given_up', handoffId, attempt, status });
    } else {
      outbox.putOff(handoffId, Date.now() + backoffMs(attempt, options.backoffMsFirst));
      report({ outcome: 'failed', handoffId, attempt, status });
    }
  }
  /** Sends what is due; says how long to wait for the next, in milliseconds. */
  async function step(): Promise<number> {
    const next = outbox.next();
    if (next === null) return Infinity;
    const waitMs = next.dueAt - Date.now();
    if (waitMs > 0) return waitMs;
    const status = await attempt(next, key, options, closing.signal);
    // Broken off by our own closing: that was no failure of the receiver's.
    if (!(closing.signal.aborted && status === null)) settle(next, status);
    return 0;
  }
  async function work(): Promise<void> {
    while (!closing.signal.aborted) {
      const waitMs = await step().catch(() => {
        // A file that is locked for a moment must not end the worker.
        report({ outcome: 'outbox_failed', handoffId: null, attempt: 0, status: null });
        return BACKOFF_MS_FIRST;
      });
      if (waitMs > 0) await idle(waitMs);
    }
  }

  const worker = work();
  return {
    wake: () => wakeUp.resolve(),
    async close() {
      closing.abort();
      wakeUp.resolve();
      await worker;
    },
  };
}

async function attempt(
  { handoffId, body }: Announcement,
  key: Uint8Array,
  { url, send, answerWaitMsMax = ANSWER_WAIT_MS_MAX }: WebhookOptions,
  closing: AbortSignal,
): Promise<number | null> {
  const timestamp = Math.floor(Date.now() / 1000);
  const headers = {
    'content-type': 'application/json',
    'webhook-id': handoffId,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': sign(key, handoffId, timestamp, body),
  };
  try {
    const signal = AbortSignal.any([closing, AbortSignal.timeout(answerWaitMsMax)]);
    return (await send({ url, headers, body }, signal)).status;
  } catch {
    // Unreachable, too slow, broken off: all the same to the outbox.
    return null;
  }
}

/** Doubles from attempt to attempt; the upper half is left to chance, so that many gateways do not return in step. */
function backoffMs(attempt: number, firstMs = BACKOFF_MS_FIRST): number {
  const wholeMs = Math.min(firstMs * 2 ** (attempt - 1), BACKOFF_MS_MAX);
  return Math.round(wholeMs / 2 + (Math.random() * wholeMs) / 2);
}

/**
 * The queue for people, and who is told of it.
 */
import { join } from 'node:path';
import { createHandoff } from '../handoff/handoff.ts';
import { openQueue } from '../handoff/queue.ts';
import { announcementOf, type Send, startWebhook, type WebhookReport } from '../handoff/webhook.ts';
import { errnoOf, type Log } from '../record/log.ts';
import type { Transport } from '../upstream/transport.ts';
import type { Surroundings } from './surroundings.ts';

const PURGE_INTERVAL_MS = 3_600_000;

export function openPeople({ settings, log }: Surroundings, outside: Transport) {
  const { TIERGATE_WEBHOOK_URL: url, TIERGATE_WEBHOOK_SECRET: secret } = settings;
  const announces = url !== '';
  const queue = openQueue({
    file: join(settings.TIERGATE_DATA, 'handoffs.sqlite'),
    waitingMax: settings.TIERGATE_HANDOFFS_MAX,
    announce: announces ? announcementOf : undefined,
  });
  const webhook = announces
    ? startWebhook({ url, secret, outbox: queue.outbox, send: sendBy(outside), report: reportTo(log) })
    : undefined;
  const purge = (): void => {
    try {
      const count = queue.purge(settings.TIERGATE_HANDOFF_KEEP_DAYS);
      if (count > 0) log.write('info', 'handoffs_purged', { count });
    } catch (error) {
      // A file that a backup holds for a moment must not end the process; the next hour is another try.
      log.write('error', 'handoffs_purge_failed', { errno: errnoOf(error) ?? 'UNKNOWN' });
    }
  };
  purge();
  const timer = setInterval(purge, PURGE_INTERVAL_MS).unref();
  return {
    queue,
    handoff: createHandoff({ queue, webhook }),
    close: async () => {
      clearInterval(timer);
      await webhook?.close();
      queue.close();
    },
  };
}

/** Webhooks go out through the guard like everything else; the receiver's words are not read. */
function sendBy(transport: Transport): Send {
  return async ({ url, headers, body }, signal) => {
    const { status, body: words } = await transport({ url, headers, body, forbidden: [], signal });
    await words[Symbol.asyncIterator]().return?.();
    return { status };
  };
}

function reportTo(log: Log) {
  return ({ outcome, handoffId, attempt, status }: WebhookReport): void => {
    const fields = {
      attempt,
      ...(handoffId === null ? {} : { handoffId }),
      ...(status === null ? {} : { status }),
    };
    log.write(outcome === 'delivered' ? 'debug' : 'warn', `webhook_${outcome}`, fields);
  };
}

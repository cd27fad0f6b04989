import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type HandoffQueue, openQueue } from '../../src/handoff/queue.ts';
import {
  announcementOf,
  readWebhookSecret,
  type Send,
  sign,
  startWebhook,
  type Webhook,
  type WebhookReport,
} from '../../src/handoff/webhook.ts';

const KEY = Buffer.alloc(32, 7);
const SECRET = `whsec_${KEY.toString('base64')}`;

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
let folder: string;
let queue: HandoffQueue;
let server: Server;
let url: string;
let received: Received[];
/** The statuses that the receiver gives, one after the other; then 204. `null`: never an answer. */
let statuses: (number | null)[];
let webhooks: Webhook[];
let reports: WebhookReport[];

const openFile = (): HandoffQueue =>
  openQueue({ file: join(folder, 'q.sqlite'), waitingMax: 100, announce: announcementOf });
const put = (requestId: string): string =>
  queue.enqueue({
    tenant: 'acme',
    requestId,
    queue: 'support',
    priority: 'urgent',
    intent: 'fraud',
    urgency: 'critical',
    messages: [{ role: 'user', content: 'canary-4711' }],
  }).id;

/** A plain client that, like the real one, follows no redirect. */
const send: Send = ({ url, headers, body }, signal) =>
  new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', headers, signal }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0 });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });

function start(more: Partial<Parameters<typeof startWebhook>[0]> = {}): Webhook {
  const webhook = startWebhook({
    url,
    secret: SECRET,
    outbox: queue.outbox,
    send,
    backoffMsFirst: 2,
    report: (report) => void reports.push(report),
    ...more,
  });
  webhooks.push(webhook);
  return webhook;
}
async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 3000;
  while (!holds() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 2));
}
const outcomes = (): string[] => reports.map(({ outcome, status }) => `${outcome} ${status}`);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tiergate-webhook-'));
  queue = openFile();
  [received, statuses, webhooks, reports] = [[], [], [], []];
  server = createServer(async (incoming, response) => {
    let body = '';
    for await (const chunk of incoming) body += chunk;
    received.push({ headers: incoming.headers, body });
    const status = statuses.length > 0 ? statuses.shift() : 204;
    if (status !== null) response.writeHead(status ?? 204, { location: '/elsewhere' }).end();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});
afterEach(async () => {
  await Promise.all(webhooks.map((webhook) => webhook.close()));
  queue.close();
  server.closeAllConnections();
  await new Promise((resolve) => void server.close(resolve));
  rmSync(folder, { recursive: true });
});

describe('the signature', () => {
  test('is that of the Standard Webhooks specification’s example', () => {
    // From the reference libraries' own test vectors.
    const key = readWebhookSecret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    expect(sign(key, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, '{"test": 2432232314}')).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  test.each(['', 'secret', 'whsec_', 'whsec_!!!!', `whsec_${Buffer.alloc(23).toString('base64')}`])(
    'is not made with the malformed secret %j, which is not quoted',
    (secret) => {
      expect(() => readWebhookSecret(secret)).toThrow(/must be whsec_ and 24 to 64 bytes/);
    },
  );
});

describe('an announcement', () => {
  test('holds ids and labels, no words, and is signed over id, time and exact body', async () => {
    const webhook = start();
    const id = put('r1');
    webhook.wake();
    await until(() => reports.length === 1);
    const { headers, body } = received[0]!;
    const { createdAt } = queue.get(id, 'acme');
    expect(JSON.parse(body)).toEqual({
      type: 'handoff.created',
      timestamp: createdAt,
      data: {
        id,
        tenant: 'acme',
        queue: 'support',
        priority: 'urgent',
        intent: 'fraud',
        urgency: 'critical',
        created_at: createdAt,
      },
    });
    expect(headers['webhook-id']).toBe(id);
    const timestamp = headers['webhook-timestamp'];
    expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(60);
    const expected = createHmac('sha256', KEY).update(`${id}.${timestamp}.${body}`).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${expected}`);
    expect(JSON.stringify(received)).not.toContain('canary');
    expect(outcomes()).toEqual(['delivered 204']);
  });

  test('comes again after a 500, a redirect and a cut connection, under the same id', async () => {
    statuses = [500, 302, null, 429];
    put('r1');
    start({ answerWaitMsMax: 50 });
    await until(() => reports.some(({ outcome }) => outcome === 'delivered'));
    expect(outcomes()).toEqual(['failed 500', 'failed 302', 'failed null', 'failed 429', 'delivered 204']);
    expect(reports.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(queue.outbox.next()).toBeNull();
  });

  test('is given up after the last attempt; the hand-off stays in the list', async () => {
    statuses = [500, 500, 500, 500];
    put('r1');
    start({ attemptsMax: 3 });
    await until(() => reports.length === 3);
    expect(outcomes()).toEqual(['failed 500', 'failed 500', 'given_up 500']);
    expect(queue.outbox.next()).toBeNull();
    expect(queue.list({ tenant: 'acme' }).handoffs).toHaveLength(1);
  });

  test('that fails does not hold up the next one', async () => {
    statuses = [500];
    const [first, second] = [put('r1'), put('r2')];
    start({ backoffMsFirst: 200 });
    await until(() => reports.length === 2);
    expect(reports.map(({ handoffId }) => handoffId)).toEqual([first, second]);
    expect(outcomes()).toEqual(['failed 500', 'delivered 204']);
  });

  test('that was not delivered is sent after a restart, its attempts counted on', async () => {
    statuses = [500];
    const id = put('r1');
    const before = start({ backoffMsFirst: 300 });
    await until(() => reports.length === 1);
    await before.close();
    queue.close();
    queue = openFile();
    expect(queue.outbox.next()).toMatchObject({ handoffId: id, attempts: 1 });
    start();
    await until(() => reports.length === 2);
    expect(reports[1]).toEqual({ outcome: 'delivered', handoffId: id, attempt: 2, status: 204 });
  });

  test('under way when the gateway closes is not counted as failed', async () => {
    statuses = [null];
    put('r1');
    const webhook = start();
    await until(() => received.length === 1);
    await webhook.close();
    expect(reports).toEqual([]);
    expect(queue.outbox.next()).toMatchObject({ attempts: 0 });
  });
});

test('a file that fails for a moment does not end the worker', async () => {
  let broken = true;
  const outbox = {
    ...queue.outbox,
    next: () => {
      if (!broken) return queue.outbox.next();
      broken = false;
      throw new Error('database is locked');
    },
  };
  const webhook = start({ outbox });
  put('r1');
  await until(() => reports.length === 1);
  webhook.wake();
  await until(() => reports.length === 2);
  expect(outcomes()).toEqual(['outbox_failed null', 'delivered 204']);
});

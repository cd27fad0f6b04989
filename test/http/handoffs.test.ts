/** The queue's endpoints: who may use them, and what they say to what they cannot use. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import express, { type ErrorRequestHandler } from 'express';
import { createAuthenticate } from '../../src/authenticate/authenticate.ts';
import { digestOf } from '../../src/authenticate/keys.ts';
import { asTiergateError, TiergateError } from '../../src/errors.ts';
import { type HandoffQueue, openQueue } from '../../src/handoff/queue.ts';
import { createReadJson } from '../../src/http/body.ts';
import { sendFailure } from '../../src/http/failure.ts';
import { type HandoffRoutes, handoffRoutes } from '../../src/http/handoffs.ts';
import { type Listening, listen } from '../../src/http/server.ts';
import type { Scope } from '../../src/shapes.ts';
import { expectFailure, toReply } from './socket.ts';

let folder: string;
let queue: HandoffQueue;
let server: Listening;
let id: string;
/** What was said about requests. */
const said: unknown[] = [];

/** The key is its id. */
const key = (keyId: string, tenant: string, scopes: readonly Scope[]) => ({
  caller: { keyId, tenant, scopes },
  digest: digestOf(keyId),
});
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tiergate-handoffs-'));
  queue = openQueue({ file: join(folder, 'queue.sqlite'), waitingMax: 10 });
  const keys = [
    key('ann', 'shop', ['handoff']),
    key('bob', 'shop', ['handoff']),
    key('eve', 'other', ['handoff']),
    key('app', 'shop', ['chat']),
  ];
  const readJson = createReadJson({ bytesMax: 100_000, depthMax: 8, waitMsMax: 5_000 });
  const app = express();
  const feedback: HandoffRoutes['feedback'] = {
    take: (requestId, tenant, says) => {
      if (requestId !== 'req_known') throw new TiergateError('record_no_such_request');
      said.push([requestId, tenant, says]);
      return { right: says.right ?? false };
    },
    intents: () => ['order_status'],
  };
  app.use(handoffRoutes({ queue, authenticate: createAuthenticate(keys), readJson, feedback }));
  const onError: ErrorRequestHandler = (thrown, _req, res, _next) =>
    sendFailure(res, asTiergateError(thrown, 'respond_failed'));
  app.use(onError);
  server = await listen(app, { host: '127.0.0.1', port: 0, uploadWaitMsMax: 5_000, idleWaitMsMax: 5_000 });
  const handoff = { tenant: 'shop', requestId: 'req_1', queue: 'care', priority: 'high' } as const;
  ({ id } = queue.enqueue({ ...handoff, intent: null, urgency: null, messages: [{ role: 'user' }] }));
});
afterAll(async () => {
  await server.drain(0);
  queue.close();
  rmSync(folder, { recursive: true });
});

const ask = async (who: string, path: string, body: string | null = null) =>
  toReply(
    await fetch(`http://127.0.0.1:${server.port}${path}`, {
      method: /\/(claim|release|resolve)$/.test(path) ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${who}` },
      body,
    }),
  );
const paths = (): string[] => ['/', `/${id}`, `/${id}/claim`, `/${id}/release`, `/${id}/resolve`];

describe('who may use them', () => {
  test('nobody without a key of the scope', async () => {
    for (const path of paths()) {
      expectFailure(await ask('nobody', path), 'authenticate_invalid', { id: false });
      expectFailure(await ask('app', path), 'authenticate_scope', { param: 'handoff', id: false });
    }
  });

  test('what belongs to another tenant does not exist', async () => {
    expect(JSON.parse((await ask('eve', '/')).body)).toMatchObject({ data: [], has_more: false, next: null });
    for (const path of paths().slice(1)) {
      const body = path.endsWith('resolve') ? '{"resolution":"x"}' : null;
      expectFailure(await ask('eve', path, body), 'handoff_not_found', { id: false });
    }
  });
});

describe('what they cannot use', () => {
  test.each([
    ['?status=done', 'status'],
    ['?status=waiting&status=claimed', 'status'],
    ['?limit=0', 'limit'],
    ['?limit=101', 'limit'],
    ['?limit=1.5', 'limit'],
    ['?limit=', 'limit'],
    ['?limit=many', 'limit'],
    ['?after=1', 'after'],
    ['?after=9-99999999999999999999', 'after'],
    ['?queue=a&queue=b', 'queue'],
  ])('%s', async (query, param) => {
    const reply = await ask('ann', `/${query}`);
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.body)).toMatchObject({ error: { code: 'in_body_invalid', param } });
  });

  test.each([
    ['?unheard=of', 1],
    ['?__proto__=1&constructor=2', 1],
    ['?queue=%zz', 0],
    ['?queue=%00', 0],
    ["?queue=' OR 1=1 --", 0],
  ])('%s is no fault', async (query, count) => {
    expect(JSON.parse((await ask('ann', `/${query}`)).body).data).toHaveLength(count);
  });

  test.each(['{}', '[]', '"x"', '{"resolution":null}', '{"resolution":["x"]}', '{"resolution":1e999}'])(
    'a resolution of %s',
    async (body) => {
      expectFailure(await ask('ann', `/${id}/resolve`, body), 'in_body_invalid', {
        param: 'resolution',
        message: '`resolution` must be a string.',
        id: false,
      });
    },
  );

  test('a resolution that is no JSON, too large, or too long', async () => {
    const resolve = (body: string) => ask('ann', `/${id}/resolve`, body);
    expectFailure(await resolve('{'), 'in_body_not_json', { id: false });
    expectFailure(await resolve('x'.repeat(100_001)), 'in_body_too_large', { id: false });
    const long = JSON.stringify({ resolution: 'x'.repeat(65_537) });
    expect(JSON.parse((await resolve(long)).body)).toMatchObject({ error: { param: 'resolution' } });
  });
});

test('one claims, another cannot; it is given back, claimed anew and resolved once', async () => {
  const resolution = JSON.stringify({ resolution: 'Called \ud800 back\u0000.' });
  const conflict = async (who: string, step: string) =>
    expectFailure(await ask(who, `/${id}/${step}`, resolution), 'handoff_conflict', { id: false });
  const works = async (who: string, step: string, shows: object) => {
    const reply = await ask(who, `/${id}/${step}`, resolution);
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.body)).toMatchObject({ id, object: 'handoff', ...shows });
  };
  await conflict('ann', 'resolve');
  await works('ann', 'claim', { status: 'claimed', claimed_by: 'ann' });
  for (const step of ['claim', 'release', 'resolve']) await conflict('bob', step);
  await works('ann', 'release', { status: 'waiting', claimed_by: null });
  await works('bob', 'claim', { claimed_by: 'bob' });
  await works('bob', 'resolve', { status: 'resolved', messages: [{ role: 'user' }] });
  for (const step of ['claim', 'release', 'resolve']) await conflict('bob', step);
});

describe('what is said about the request when it is resolved', () => {
  const open = (requestId: string): string => {
    const handoff = { tenant: 'shop', requestId, queue: 'care', priority: 'high' } as const;
    const made = queue.enqueue({ ...handoff, intent: null, urgency: null, messages: [] });
    queue.claim(made.id, 'shop', 'ann');
    return made.id;
  };
  const resolve = async (handoffId: string, feedback: unknown) =>
    ask('ann', `/${handoffId}/resolve`, JSON.stringify({ resolution: 'Done.', feedback }));

  test('is passed on, where the request is known', async () => {
    const taken = async (requestId: string) =>
      JSON.parse((await resolve(open(requestId), { intent: 'order_status' })).body);
    expect(await taken('req_known')).toMatchObject({ status: 'resolved', feedback_taken: true });
    expect(await taken('req_1b')).toMatchObject({ status: 'resolved', feedback_taken: false });
    const reply = await resolve(open('req_2b'), undefined);
    expect(JSON.parse(reply.body)).not.toHaveProperty('feedback_taken');
    expect(said).toEqual([['req_known', 'shop', { right: undefined, intent: 'order_status' }]]);
  });

  test('that cannot be read leaves the hand-off as it was', async () => {
    const handoffId = open('req_3b');
    for (const [feedback, param] of [
      [{}, 'feedback.right'],
      [true, 'feedback.right'],
      [{ right: 1 }, 'feedback.right'],
      [{ intent: 'some words' }, 'feedback.intent'],
    ] as const) {
      const reply = await resolve(handoffId, feedback);
      expect(JSON.parse(reply.body)).toMatchObject({ error: { code: 'in_body_invalid', param } });
    }
    expect(queue.get(handoffId, 'shop').status).toBe('claimed');
  });
});

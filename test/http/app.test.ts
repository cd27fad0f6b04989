/** Every path, every method: what is served, and what is said where nothing is. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startGateway, type TestGateway } from '../journey/start.ts';
import { expectFailure, talk, toReply } from './socket.ts';

let tiergate: TestGateway;
let headers: Record<string, string>;
beforeAll(async () => {
  tiergate = await startGateway(null);
  headers = { authorization: `Bearer ${tiergate.key}` };
}, 60_000);
afterAll(() => tiergate.close());

const ask = async (method: string, path: string) =>
  toReply(await fetch(tiergate.url + path, { method, headers }));

describe('a path', () => {
  const PATHS = {
    'GET, HEAD': [
      '/healthz',
      '/readyz',
      '/metrics',
      '/v1/models',
      '/v1/models/tiergate-auto',
      '/v1/models/rehearsal/x',
      '/v1/handoffs',
      '/v1/handoffs/ho_x',
    ],
    POST: [
      '/v1/chat/completions',
      '/v1/classify',
      '/v1/redact',
      '/v1/feedback',
      '/v1/handoffs/ho_x/claim',
      '/v1/handoffs/ho_x/release',
      '/v1/handoffs/ho_x/resolve',
    ],
  };
  const cases = Object.entries(PATHS).flatMap(([allow, paths]) =>
    paths.map((path) => [path, allow] as const),
  );
  test.each(cases)('%s says which methods it takes: %s', async (path, allow) => {
    const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY', 'PROPFIND'];
    for (const method of methods.filter((one) => !allow.split(', ').includes(one))) {
      const reply = await ask(method, path);
      expect([method, reply.status, reply.headers.allow]).toEqual([method, 405, allow]);
      if (method !== 'HEAD') expectFailure(reply, 'in_method_not_allowed');
    }
  });

  test.each([
    '/',
    '/v1',
    '/v1/chat',
    '/v1/completions',
    '/V1/chat/completions',
    '/v1/chat/completions/x',
    '/v1/models/%zz',
    '/v1/handoffs/%ff',
    '/%',
    '//v1/models',
    '/v1/handoffs/x/y',
    '/../../etc/passwd',
    '/__proto__',
    '/healthz\\x',
  ])('%s is nowhere', async (path) => {
    const { replies } = await talk(
      tiergate.url,
      [`GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: ${headers.authorization}\r\n\r\n`],
      { replies: 1 },
    );
    expectFailure(replies[0], 'in_not_found');
  });

  test('a request without a Host is no HTTP/1.1', async () => {
    const { replies } = await talk(tiergate.url, ['GET /healthz HTTP/1.1\r\n\r\n'], { replies: 1 });
    expectFailure(replies[0], 'in_request_malformed', { param: 'host' });
    const old = await talk(tiergate.url, ['GET /healthz HTTP/1.0\r\n\r\n']);
    expect(old.replies[0]).toMatchObject({ status: 200, body: '{"status":"ok"}' });
  });

  test('answers are not kept by anybody, and are not guessed at', async () => {
    for (const path of ['/healthz', '/v1/models', '/nowhere']) {
      const reply = await ask('GET', path);
      expect(reply.headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      });
      expect(reply.headers['x-powered-by'] ?? reply.headers.etag).toBeUndefined();
    }
  });

  test('HEAD is GET without its body', async () => {
    const reply = await ask('HEAD', '/v1/models');
    expect(reply).toMatchObject({ status: 200, body: '' });
    expect(Number(reply.headers['content-length'])).toBeGreaterThan(0);
  });
});

test('what no route expected is an error without a word of its cause, which the operator finds by its id', async () => {
  const seen: [string, unknown][] = [];
  const other = await tiergate.serve((parts) => ({
    ...parts,
    queue: {
      ...parts.queue,
      list: () => {
        throw new Error('secret words');
      },
    },
    onRejected: (id, error) => seen.push([id, error.cause]),
  }));
  const reply = await toReply(await fetch(`${other.url}/v1/handoffs`, { headers }));
  expectFailure(reply, 'respond_failed');
  expect(seen).toEqual([[reply.headers['x-request-id'], new Error('secret words')]]);
  await other.close();
});

/** Applications that go away, wait, or do not read: what is under way ends, and its place is free again. */
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { listen } from '../../src/http/server.ts';
import { answering, type FakeProvider, sending, silent, startFakeProvider } from '../fake-provider.ts';
import { startGateway, type TestGateway } from '../journey/start.ts';
import { expectFailure, open, post, talk, until } from './socket.ts';

const CHAT = '/v1/chat/completions';
let provider: FakeProvider;
let tiergate: TestGateway;

beforeAll(async () => {
  provider = await startFakeProvider();
  tiergate = await startGateway(provider, { TIERGATE_REQUESTS_MAX: '1' });
}, 60_000);
afterAll(async () => {
  await tiergate.close();
  await provider.close();
});
beforeEach(() => {
  provider.behave(answering('Hello.'));
  provider.received.length = 0;
});

const body = (model: string, stream = false): string =>
  JSON.stringify({ model, stream, messages: [{ role: 'user', content: 'Hello' }] });
const request = (text: string | Uint8Array, headers: readonly string[] = []): Buffer =>
  post(CHAT, text, [`authorization: Bearer ${tiergate.key}`, ...headers]);
const say = (bytes: Uint8Array, url = tiergate.url): Socket => {
  const socket = open(url);
  socket.write(bytes);
  return socket;
};
interface Ended {
  readonly end: string;
  readonly status: number;
  readonly error: string | null;
}
const records = async (): Promise<Ended[]> =>
  (await tiergate.decisions())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Ended);

/** Whether the one place is free. It is again when this returns: it waits for its connection to be closed. */
async function isServed(url = tiergate.url): Promise<boolean> {
  const { replies } = await talk(url, [request(body('tiergate-cloud'), ['connection: close'])]);
  const reply = replies[0];
  if (reply?.status !== 200) expectFailure(reply, 'in_overloaded');
  return reply?.status === 200;
}

/** Goes away once `isUnderWay`: the record says so, and the place is free. */
async function goAway(
  socket: Socket,
  isUnderWay: () => boolean | Promise<boolean>,
  url = tiergate.url,
): Promise<void> {
  const before = (await records()).length;
  await until(isUnderWay);
  expect(await isServed(url)).toBe(false);
  socket.destroy();
  await until(async () => (await records()).length > before);
  expect((await records())[before]).toMatchObject({ end: 'cancelled', status: 499, error: null });
  provider.behave(answering('Hello.'));
  await until(() => isServed(url));
}

describe('an application that goes away', () => {
  test.each([
    ['plain', body('tiergate-cloud'), []],
    ['compressed', gzipSync(body('tiergate-cloud')), ['content-encoding: gzip']],
  ])('while it uploads: %s', async (_name, text, headers) => {
    const socket = say(request(text, headers).subarray(0, -5));
    await goAway(socket, async () => !(await isServed()));
    expect(provider.received.every(({ body: sent }) => sent !== '')).toBe(true);
  });

  test('while its request is classified: nothing is answered, handed over or sent', async () => {
    let classifying = false;
    const other = await tiergate.serve((parts) => ({
      ...parts,
      stages: {
        ...parts.stages,
        classify: {
          ...parts.stages.classify,
          classify: (_text, signal) =>
            new Promise((resolve) => {
              classifying = true;
              signal?.addEventListener('abort', () => resolve({ status: 'unclassified', reason: 'failed' }));
            }),
        },
      },
    }));
    await goAway(say(request(body('tiergate-auto')), other.url), () => classifying, other.url);
    expect(provider.received).toHaveLength(1);
    const headers = { authorization: `Bearer ${tiergate.key}` };
    expect(await (await fetch(`${tiergate.url}/v1/handoffs`, { headers })).json()).toMatchObject({
      data: [],
    });
    await other.close();
  });

  test('while the cloud is silent', async () => {
    provider.behave(silent);
    await goAway(say(request(body('tiergate-cloud'))), () => provider.received.length > 0);
    await provider.received[0]?.abandoned;
  });

  test('in the middle of a stream', async () => {
    const chunk = { choices: [{ index: 0, delta: { content: 'Half' }, finish_reason: null }] };
    provider.behave(sending([`data: ${JSON.stringify(chunk)}\n\n`], 'open'));
    let text = '';
    const socket = say(request(body('tiergate-cloud', true)));
    socket.on('data', (piece) => {
      text += String(piece);
    });
    await goAway(socket, () => text.includes('Half'));
    await provider.received[0]?.abandoned;
  });

  test('in the middle of a stream, by closing only its own side', async () => {
    const chunk = { choices: [{ index: 0, delta: { content: 'Half' }, finish_reason: null }] };
    provider.behave(sending([`data: ${JSON.stringify(chunk)}\n\n`], 'open'));
    const socket = say(request(body('tiergate-cloud', true)));
    socket.once('data', () => socket.end());
    await until(() => provider.received.length > 0);
    await provider.received[0]?.abandoned;
    provider.behave(answering('Hello.'));
    await until(() => isServed());
    socket.destroy();
  });
});

describe('an application that does not read', () => {
  /** Never stops by itself; says how much of it was taken off its hands. */
  function endless(taken: { bytes: number }): void {
    const chunk = { choices: [{ index: 0, delta: { content: 'x'.repeat(10_000) }, finish_reason: null }] };
    const event = `data: ${JSON.stringify(chunk)}\n\n`;
    provider.behave((_body, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      const pump = (): void => {
        do taken.bytes += event.length;
        while (!res.destroyed && res.write(event));
        res.once('drain', pump);
      };
      pump();
    });
  }

  test('slows the model down, keeps nothing in memory, and is hung up on in the end', async () => {
    const taken = { bytes: 0 };
    endless(taken);
    const before = (await records()).length;
    const impatient = await listen(tiergate.gateway.app, {
      host: '127.0.0.1',
      port: 0,
      uploadWaitMsMax: 5_000,
      idleWaitMsMax: 500,
    });
    const socket = say(request(body('tiergate-cloud', true)), `http://127.0.0.1:${impatient.port}`);
    await until(() => provider.received.length > 0);
    await provider.received[0]?.abandoned;
    // What the system's own buffers hold on the way; unbounded, it would have been gigabytes.
    expect(taken.bytes).toBeLessThan(64_000_000);
    await until(async () => (await records()).length > before);
    expect((await records())[before]).toMatchObject({ end: 'cancelled', status: 499 });
    socket.destroy();
    provider.behave(answering('Hello.'));
    await until(() => isServed());
    await impatient.drain(0);
  });
});

describe('more requests than there is room for', () => {
  test('are told when to come again, before a byte of their body is read', async () => {
    provider.behave(silent);
    const first = say(request(body('tiergate-cloud')));
    await until(() => provider.received.length > 0);
    const { replies } = await talk(
      tiergate.url,
      [request('', ['content-length: 100000', 'expect: 100-continue'])],
      { replies: 1 },
    );
    expectFailure(replies[0], 'in_overloaded');
    expect(replies[0]?.headers['retry-after']).toBe('1');
    for (const path of ['/healthz', '/readyz', '/metrics', '/v1/models']) {
      const headers = { authorization: `Bearer ${tiergate.key}` };
      expect((await fetch(tiergate.url + path, { headers })).status).toBe(200);
    }
    first.destroy();
    await provider.received[0]?.abandoned;
    provider.behave(answering('Hello.'));
    await until(() => isServed());
  });

  test('an answered request gives its place back, whatever the answer was', async () => {
    for (const [text, status] of [
      ['{', 400],
      [body('nobody'), 404],
      [body('tiergate-cloud', true), 200],
      [body('tiergate-auto'), 200],
    ] as const) {
      const response = await tiergate.post(CHAT, text);
      await response.text();
      expect(response.status).toBe(status);
      await until(() => isServed());
    }
  });
});

// Last: there is no way back.
describe('draining', () => {
  test('new requests go elsewhere, those under way are finished', async () => {
    const answer = Promise.withResolvers<void>();
    provider.behave(async (...of) => {
      await answer.promise;
      await answering('Finished.')(...of);
    });
    const asked = talk(tiergate.url, [request(body('tiergate-cloud'))], { replies: 1 });
    await until(() => provider.received.length > 0);
    tiergate.gateway.beginDraining();
    const { replies } = await talk(tiergate.url, [request(body('tiergate-cloud'))], { replies: 1 });
    expectFailure(replies[0], 'in_draining');
    expect((await fetch(`${tiergate.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${tiergate.url}/healthz`)).status).toBe(200);
    answer.resolve();
    expect((await asked).replies[0]?.body).toContain('Finished.');
  });
});

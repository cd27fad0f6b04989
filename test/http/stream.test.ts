/** A stream of chunks as server-sent events, over a real connection. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import express, { type Response as Outgoing } from 'express';
import { TiergateError } from '../../src/errors.ts';
import { type Listening, listen } from '../../src/http/server.ts';
import { sendStream } from '../../src/http/stream.ts';
import type { JsonObject } from '../../src/shapes.ts';

let server: Listening;
let handle: (res: Outgoing) => Promise<void>;
/** What became of the last stream: null, or what it threw. */
let end = Promise.withResolvers<unknown>();

beforeAll(async () => {
  const app = express();
  app.get('/', (_req, res) => {
    handle(res).then(
      () => end.resolve(null),
      (thrown: unknown) => end.resolve(thrown),
    );
  });
  server = await listen(app, { host: '127.0.0.1', port: 0, uploadWaitMsMax: 5_000, idleWaitMsMax: 5_000 });
});
afterAll(() => server.drain(0));

/** Streams these, then throws what is given; says if its iteration was ended. */
async function* streaming(chunks: readonly JsonObject[], thrown?: unknown): AsyncGenerator<JsonObject, void> {
  yield* chunks;
  if (thrown !== undefined) throw thrown;
}

function ask(chunks: AsyncIterable<JsonObject>): Promise<Response> {
  end = Promise.withResolvers();
  handle = async (res) => {
    const gone = new AbortController();
    res.once('close', () => res.writableFinished || gone.abort(new Error('gone')));
    await sendStream(res, chunks, gone.signal);
  };
  return fetch(`http://127.0.0.1:${server.port}`);
}
const event = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;

test('chunks go out one by one, with the headers that keep proxies from holding them', async () => {
  const response = await ask(streaming([{ a: 'ä\n\n' }, { b: '\u2028' }]));
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
  });
  expect(await response.text()).toBe(`${event({ a: 'ä\n\n' })}${event({ b: '\u2028' })}data: [DONE]\n\n`);
  expect(await end.promise).toBeNull();
});

test('the head goes out before the first chunk is there', async () => {
  const first = Promise.withResolvers<JsonObject>();
  async function* late() {
    yield await first.promise;
  }
  const response = await ask(late());
  first.resolve({ a: 1 });
  expect(await response.text()).toBe(`${event({ a: 1 })}data: [DONE]\n\n`);
});

test.each([
  ['of the table', new TiergateError('escalate_timeout'), 'escalate_timeout'],
  ['of no table, without its words', new Error('secret'), 'respond_failed'],
])('an error %s is the last event, and goes on to the record', async (_name, thrown, code) => {
  const text = await (await ask(streaming([{ a: 1 }], thrown))).text();
  expect(text).toContain(event({ a: 1 }));
  expect(text).toContain(`"code":"${code}"`);
  expect(text).not.toMatch(/DONE|secret/);
  expect(await end.promise).toBe(thrown);
});

test('an application that has gone ends the source, also while it is waited for', async () => {
  const ended = Promise.withResolvers<void>();
  async function* endless() {
    try {
      for (;;) yield { a: 'x'.repeat(10_000) };
    } finally {
      ended.resolve();
    }
  }
  const response = await ask(endless());
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  await ended.promise;
  expect(await end.promise).not.toBeNull();
});

test('the source is asked for no more than is read', async () => {
  let asked = 0;
  async function* counting() {
    for (; asked < 20_000; asked++) yield { a: 'x'.repeat(10_000) };
  }
  const response = await ask(counting());
  // Until nothing moves any more: every buffer on the way is full.
  for (let before = -1; before !== asked; ) {
    before = asked;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(asked).toBeGreaterThan(0);
  expect(asked).toBeLessThan(5_000);
  await response.body?.cancel();
  await end.promise;
});

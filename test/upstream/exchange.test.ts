import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/shapes.ts';
import { ask, type ExchangeLimits, type Question, type Reply } from '../../src/upstream/exchange.ts';
import { createHttpTransport, type HttpTransport } from '../../src/upstream/transport.ts';
import {
  answering,
  egressTo,
  type FakeProvider,
  hangingUp,
  json,
  sending,
  silent,
  startFakeProvider,
} from '../fake-provider.ts';

const LIMITS: ExchangeLimits = {
  firstByteWaitMsMax: 2_000,
  idleWaitMsMax: 2_000,
  answerBytesMax: 100_000,
  attemptsMax: 2,
};
let provider: FakeProvider;
let http: HttpTransport;
let attempts = 0;

beforeEach(async () => {
  provider = await startFakeProvider();
  http = createHttpTransport({ connectWaitMsMax: 1_000, egress: egressTo(provider.url) });
  attempts = 0;
});
afterEach(async () => {
  await http.close();
  await provider.close();
});

function question(more: Partial<Question> = {}): Question {
  return {
    provider: {
      name: 'fake',
      format: 'openai',
      baseUrl: provider.url,
      apiKey: 'key',
      models: ['m'],
      listsModels: false,
      restores: true,
    },
    model: 'm',
    body: { messages: [{ role: 'user', content: 'hi' }], stream: more.stream === true },
    stream: false,
    forbidden: [],
    headers: {},
    signal: new AbortController().signal,
    onAttempt: () => {
      attempts++;
    },
    ...more,
  };
}
const asked = (more?: Partial<Question>, limits?: Partial<ExchangeLimits>): Promise<Reply> =>
  ask(question(more), http.post, { ...LIMITS, ...limits });

async function read(reply: Reply): Promise<JsonObject[]> {
  return reply.form === 'whole' ? [reply.completion] : Array.fromAsync(reply.chunks);
}
const code = (name: string) => expect.objectContaining({ code: name });
const chunk = (delta: JsonObject, finish: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;

describe('a whole answer', () => {
  test('comes back as it was sent, with the key and the trace context on the way out', async () => {
    const [completion] = await read(await asked({ headers: { traceparent: '00-a-b-01' } }));
    expect(completion).toMatchObject({ object: 'chat.completion', model: 'fake-model' });
    expect(provider.received[0]?.path).toBe('/v1/chat/completions');
    expect(provider.received[0]?.headers).toMatchObject({
      authorization: 'Bearer key',
      traceparent: '00-a-b-01',
    });
  });

  test.each<[number, string]>([
    [400, 'escalate_rejected'],
    [401, 'escalate_credentials'],
    [404, 'escalate_rejected'],
    [429, 'escalate_rate_limited'],
    [500, 'escalate_upstream_failed'],
    [504, 'escalate_timeout'],
  ])('status %i becomes %s, with the code but not the words of the server', async (status, name) => {
    provider.behave(json(status, { error: { message: 'quoting canary', code: 'some_code' } }));
    const error = await asked({}, { attemptsMax: 1 }).catch((thrown: unknown) => thrown);
    expect(error).toEqual(code(name));
    expect(error).toMatchObject({ param: 'some_code' });
    expect(JSON.stringify(error) + String(error)).not.toContain('canary');
  });

  test.each([
    ['no JSON', '<html>'],
    ['no object', '[1]'],
    ['no choices', '{"a":1}'],
  ])('%s is unintelligible', async (_name, text) => {
    provider.behave((_body, res) => void res.end(text));
    await expect(asked()).rejects.toEqual(code('escalate_unintelligible'));
  });

  test('is not read beyond its bound', async () => {
    provider.behave((_body, res) => void res.end(Buffer.alloc(200_000, ' ')));
    await expect(asked()).rejects.toEqual(code('escalate_too_large'));
  });
});

describe('attempts', () => {
  test('a server that fails once is asked again', async () => {
    provider.behave(json(503, {}), hangingUp, answering('third time'));
    const [completion] = await read(await asked({}, { attemptsMax: 3 }));
    expect(JSON.stringify(completion)).toContain('third time');
    expect(attempts).toBe(3);
  });

  test('what can never work is not tried again', async () => {
    provider.behave(json(400, {}));
    await expect(asked()).rejects.toEqual(code('escalate_rejected'));
    expect(attempts).toBe(1);
  });

  test('a wait longer than we are ready to wait is passed on instead', async () => {
    provider.behave(json(429, {}, { 'retry-after': '60' }));
    await expect(asked()).rejects.toMatchObject({ code: 'escalate_rate_limited', retryAfterS: 60 });
    expect(attempts).toBe(1);
  });

  test('an answer that has begun is never asked for again', async () => {
    provider.behave(sending([chunk({ content: 'begun' })], 'reset'));
    const reply = await asked({ stream: true });
    await expect(read(reply)).rejects.toEqual(code('escalate_broken_off'));
    expect(attempts).toBe(1);
  });

  test('nobody there', async () => {
    await provider.close();
    await expect(asked({}, { attemptsMax: 1 })).rejects.toEqual(code('escalate_unreachable'));
    provider = await startFakeProvider();
  });
});

describe('clocks', () => {
  test('a server that stays silent', async () => {
    provider.behave(silent);
    await expect(asked({}, { firstByteWaitMsMax: 50, attemptsMax: 1 })).rejects.toEqual(
      code('escalate_timeout'),
    );
    await provider.received[0]?.abandoned;
  });

  test('a stream that falls silent', async () => {
    provider.behave(sending([chunk({ content: 'a' })], 'open'));
    const reply = await asked({ stream: true }, { idleWaitMsMax: 50 });
    await expect(read(reply)).rejects.toEqual(code('escalate_timeout'));
    await provider.received[0]?.abandoned;
  });
});

describe('a stream', () => {
  test('is passed on chunk by chunk', async () => {
    provider.behave(answering('one two three four five six seven'));
    const chunks = await read(await asked({ stream: true }));
    const text = chunks
      .map((c) => (c.choices as { delta: { content?: string } }[])[0]?.delta.content ?? '')
      .join('');
    expect(text).toBe('one two three four five six seven');
  });

  test.each([
    ['an error event', 'data: {"error":{"message":"canary"}}\n\n', 'escalate_unintelligible'],
    ['no JSON', 'data: oops\n\n', 'escalate_unintelligible'],
    ['its end without a finish', '', 'escalate_broken_off'],
  ])('%s in its middle is an error', async (_name, piece, name) => {
    provider.behave(sending([chunk({ content: 'a' }), piece]));
    await expect(read(await asked({ stream: true }))).rejects.toEqual(code(name));
  });

  test('that ends without [DONE] but finished is complete', async () => {
    provider.behave(sending([chunk({ content: 'a' }), chunk({}, 'stop')]));
    expect(await read(await asked({ stream: true }))).toHaveLength(2);
  });

  test('that is empty is asked for again', async () => {
    provider.behave(sending([]), answering('now'));
    await read(await asked({ stream: true }));
    expect(attempts).toBe(2);
  });
});

describe('the application goes away', () => {
  test('while waiting: the request upstream ends', async () => {
    provider.behave(silent);
    const controller = new AbortController();
    const reply = asked({ signal: controller.signal }).catch((error: unknown) => error);
    while (provider.received.length === 0) await new Promise(setImmediate);
    controller.abort(new Error('gone'));
    expect(await reply).toMatchObject({ message: 'gone' });
    await provider.received[0]?.abandoned;
    expect(attempts).toBe(1);
  });

  test('in the middle of a stream: the request upstream ends', async () => {
    provider.behave(sending([chunk({ content: 'a' }), chunk({ content: 'b' })], 'open'));
    const reply = await asked({ stream: true });
    if (reply.form === 'stream') for await (const _chunk of reply.chunks) break;
    await provider.received[0]?.abandoned;
  });
});

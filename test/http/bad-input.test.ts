/** Whatever comes in, there is a clear answer, nothing of it is repeated, and the next application is served. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ErrorCode } from '../../src/errors.ts';
import { answering, type FakeProvider, startFakeProvider } from '../fake-provider.ts';
import { startGateway, type TestGateway } from '../journey/start.ts';
import { expectFailure, post, type Reply, talk } from './socket.ts';

const CHAT = '/v1/chat/completions';
const CANARY = 'canary.of.content@shop.example';
let provider: FakeProvider;
let tiergate: TestGateway;
let key: string;

beforeAll(async () => {
  provider = await startFakeProvider();
  tiergate = await startGateway(provider, { TIERGATE_BODY_BYTES_MAX: '200000' });
  key = `authorization: Bearer ${tiergate.key}`;
}, 60_000);
afterAll(async () => {
  await tiergate.close();
  await provider.close();
});
beforeEach(() => {
  provider.behave(answering((body) => String(JSON.parse(body).messages.at(-1)?.content)));
  provider.received.length = 0;
});

const send = async (body: string | Uint8Array, headers: readonly string[] = [key], path = CHAT) =>
  (await talk(tiergate.url, [post(path, body, headers)], { replies: 1 })).replies[0];
const messages = [{ role: 'user', content: 'Hello' }];
const good = JSON.stringify({ model: 'tiergate-cloud', messages });
async function expectServing(): Promise<void> {
  expect((await send(good))?.status).toBe(200);
}
const bodyOf = (reply: Reply | undefined) => JSON.parse(reply?.body ?? '');

describe('a body that is no chat request', () => {
  /** What, its code, the field at fault, and the sentence where it is not the table's. */
  const cases: [string, string | Uint8Array, ErrorCode, string | null, string | null][] = [
    ['nothing', '', 'in_body_not_json', null, null],
    ['half of it', `{"model":"${CANARY}`, 'in_body_not_json', null, null],
    ['a trailing comma', `{"model":"${CANARY}",}`, 'in_body_not_json', null, null],
    [
      'broken UTF-8',
      Buffer.concat([Buffer.from(CANARY), Buffer.from([0xff])]),
      'in_body_not_utf8',
      null,
      null,
    ],
    ['100,000 levels', `{"a":${'['.repeat(100_000)}`, 'in_body_too_deep', null, null],
    ['100,000 objects', `{"a":${'{"b":'.repeat(30_000)}`, 'in_body_too_deep', null, null],
    ['null', 'null', 'in_body_invalid', 'body', '`body` must be a JSON object.'],
    ['a string', `"${CANARY}"`, 'in_body_invalid', 'body', '`body` must be a JSON object.'],
    ['an array', '[]', 'in_body_invalid', 'body', '`body` must be a JSON object.'],
    ['a wide number', '12345678901234567890', 'in_body_invalid', 'body', '`body` must be a JSON object.'],
    [
      'no model',
      JSON.stringify({ messages }),
      'in_body_invalid',
      'model',
      '`model` must be a string of 1 to 256 characters.',
    ],
    [
      'a wide number as model',
      `{"model":1e999,"messages":[]}`,
      'in_body_invalid',
      'model',
      '`model` must be a string of 1 to 256 characters.',
    ],
    [
      'no messages',
      '{"model":"tiergate-auto"}',
      'in_body_invalid',
      'messages',
      '`messages` must be a non-empty array.',
    ],
    [
      'messages of another type',
      '{"model":"tiergate-auto","messages":{"0":1}}',
      'in_body_invalid',
      'messages',
      '`messages` must be a non-empty array.',
    ],
    [
      'too many messages',
      `{"model":"tiergate-auto","messages":[${'1,'.repeat(10_000)}1]}`,
      'in_body_invalid',
      'messages',
      '`messages` must have at most 10000 entries.',
    ],
    [
      'a message that is a number',
      '{"model":"tiergate-auto","messages":[12345678901234567890]}',
      'in_body_invalid',
      'messages[0]',
      '`messages[0]` must be an object.',
    ],
    [
      'no role',
      `{"model":"tiergate-auto","messages":[{"content":"${CANARY}"}]}`,
      'in_body_invalid',
      'messages[0].role',
      '`messages[0].role` must be a string.',
    ],
    [
      'content of another type',
      '{"model":"tiergate-auto","messages":[{"role":"user","content":1e999}]}',
      'in_body_invalid',
      'messages[0].content',
      '`messages[0].content` must be a string or an array of parts.',
    ],
    [
      'a stream that is a word',
      JSON.stringify({ model: 'tiergate-auto', messages, stream: CANARY }),
      'in_body_invalid',
      'stream',
      '`stream` must be true or false.',
    ],
    ['an unknown model', JSON.stringify({ model: CANARY, messages }), 'in_unknown_model', 'model', null],
    [
      'a model that objects have',
      JSON.stringify({ model: '__proto__', messages }),
      'in_unknown_model',
      'model',
      null,
    ],
    [
      'a model with a NUL',
      JSON.stringify({ model: 'tiergate-auto\0', messages }),
      'in_unknown_model',
      'model',
      null,
    ],
  ];
  test.each(cases)('%s', async (_name, body, code, param, message) => {
    const reply = await send(body);
    expectFailure(reply, code, { param, ...(message === null ? {} : { message }) });
    expect(JSON.stringify(reply)).not.toContain('canary');
    expect(tiergate.log()).not.toContain('canary');
    expect(await tiergate.decisions()).not.toContain('canary');
    expect(provider.received).toEqual([]);
    await expectServing();
  });
});

describe('odd, but valid', () => {
  const sent = async (members: string): Promise<{ reply: Reply | undefined; body: string }> => {
    const reply = await send(`{"model":"fake-model",${members}}`);
    return { reply, body: provider.received.at(-1)?.body ?? '' };
  };
  const asked = '"messages":[{"role":"user","content":"Hello"}]';

  test('numbers that no double holds leave as they came', async () => {
    const { reply, body } = await sent(`${asked},"seed":12345678901234567890,"x":[1e999,-1E+400,0.1]`);
    expect(reply?.status).toBe(200);
    expect(body).toContain('"seed":12345678901234567890,"x":[1e999,-1E+400,0.1]');
  });

  test('a key named __proto__ is a key: it is searched, it leaves, it changes nothing else', async () => {
    const { reply, body } = await sent(
      `${asked},"__proto__":{"mail":"${CANARY}","stream":true},"constructor":{"prototype":1},"toString":1`,
    );
    expect(reply?.status).toBe(200);
    expect(body).toMatch(/"__proto__":\{"mail":"EMAIL_ADDRESS_\w+","stream":true\}/);
    expect(body).toContain('"constructor":{"prototype":1},"toString":1');
    expect(({} as Record<string, unknown>).mail).toBeUndefined();
  });

  test('of two members of one name the last counts, and the first leaves in no form', async () => {
    const { reply, body } = await sent(`"messages":[{"role":"user","content":"${CANARY}"}],${asked}`);
    expect(reply?.status).toBe(200);
    expect(body).toContain('Hello');
    expect(body).not.toContain('canary');
  });

  test.each([
    ['half a surrogate pair', '\\ud83d'],
    ['the other half', 'a\\ude00b'],
    ['NUL', 'a\\u0000b'],
    ['line separators', '\\u2028\\u2029'],
    ['noncharacters', '\\uffff\\ufffe'],
    ['a placeholder of nobody', 'EMAIL_ADDRESS_482KQX917'],
    ['nothing', ''],
  ])('text of %s goes all ways', async (_name, escaped) => {
    const content = JSON.parse(`"${escaped}"`) as string;
    const cloud = await send(
      `{"model":"tiergate-cloud","messages":[{"role":"user","content":"${escaped}"}]}`,
    );
    expect(cloud?.status).toBe(200);
    expect(JSON.parse(provider.received[0]?.body ?? '').messages[0].content).toBe(content);
    expect(bodyOf(cloud).choices[0].message.content).toBe(content);
    const auto = await send(`{"model":"tiergate-auto","messages":[{"role":"user","content":"${escaped}"}]}`);
    expect(auto?.status).toBe(200);
    const person = `Medical record number MRN-4482913: ${escaped}`;
    const handed = await send(
      `{"model":"tiergate-cloud","messages":[{"role":"user","content":"${person}"}]}`,
    );
    const id = handed?.headers['x-tiergate-handoff'];
    const shown = await fetch(`${tiergate.url}/v1/handoffs/${id}`, {
      headers: { authorization: `Bearer ${tiergate.key}` },
    });
    expect(await shown.json()).toMatchObject({
      messages: [{ content: JSON.parse(`"${person}"`) as string }],
    });
  });
});

describe('whoever asks', () => {
  test.each<[string, string[], ErrorCode]>([
    ['no key', [], 'authenticate_missing'],
    ['an empty one', ['authorization:'], 'authenticate_missing'],
    ['another scheme', ['authorization: Basic Zm9vOmJhcg=='], 'authenticate_missing'],
    ['no scheme', [`authorization: ${CANARY}`], 'authenticate_missing'],
    ['a key that nobody has', [`authorization: Bearer ${CANARY}`], 'authenticate_invalid'],
    ['a key of Latin-1', ['authorization: Bearer tg-\xe4\xf6'], 'authenticate_invalid'],
    ['a key too long', [`authorization: Bearer ${'x'.repeat(4000)}`], 'authenticate_missing'],
    ['two keys in one', ['authorization: Bearer a b'], 'authenticate_missing'],
  ])('%s: no byte of the body is waited for', async (_name, headers, code) => {
    const head = post(CHAT, '', [...headers, 'content-length: 100000']);
    const reply = (await talk(tiergate.url, [head], { replies: 1 })).replies[0];
    expectFailure(reply, code);
    expect(JSON.stringify(reply)).not.toContain('canary');
    await expectServing();
  });

  test('of two Authorization headers the first counts', async () => {
    expect((await send(good, [key, 'authorization: Bearer wrong']))?.status).toBe(200);
    expectFailure(await send(good, ['authorization: Bearer wrong', key]), 'authenticate_invalid');
  });

  test('a bearer in any case, with spaces around it', async () => {
    expect((await send(good, [`AUTHORIZATION:   bEARER   ${tiergate.key}  `]))?.status).toBe(200);
  });

  test.each([
    ['traceparent', 'traceparent: 00-zz-zz-zz'],
    ['a conversation', `x-tiergate-conversation: ${'x'.repeat(256)}`],
    ['a key for retries', `idempotency-key: ${'x y'.repeat(85)}`],
    ['Latin-1 in a header', 'x-another: \xe4'],
    ['an upgrade', 'upgrade: websocket\r\nconnection: upgrade'],
  ])('an odd header changes nothing: %s', async (_name, header) => {
    expect((await send(good, [key, header]))?.status).toBe(200);
  });

  test.each([
    ['x-tiergate-conversation', 'too long', 'x'.repeat(257), '1 to 256 visible'],
    ['x-tiergate-conversation', 'empty', '', '1 to 256 visible'],
    ['x-tiergate-conversation', 'two words', 'a b', '1 to 256 visible'],
    ['x-tiergate-conversation', 'Latin-1', '\xe4', '1 to 256 visible'],
    ['idempotency-key', 'too long', 'x'.repeat(256), '1 to 255 printable'],
    ['idempotency-key', 'empty', '', '1 to 255 printable'],
    ['idempotency-key', 'Latin-1', '\xe4', '1 to 255 printable'],
  ])('%s is refused where it cannot be used: %s', async (param, _name, value, what) => {
    for (const path of [CHAT, '/v1/classify']) {
      const reply = await send(good, [key, `${param}: ${value}`], path);
      expectFailure(reply, 'in_body_invalid', {
        param,
        message: `\`${param}\` must be ${what} ASCII characters.`,
      });
    }
    expect(provider.received).toEqual([]);
    await expectServing();
  });
});

describe('anything at all', () => {
  const runs = { numRuns: 60 };
  const isAnswered = (reply: Reply | undefined): void => {
    expect(reply?.status).toBeGreaterThanOrEqual(200);
    expect(reply?.status).toBeLessThan(500);
  };

  test('bytes on the wire never bring it down', async () => {
    const head = fc.constantFrom(
      '',
      'GET ',
      `POST ${CHAT} HTTP/1.1\r\n`,
      `POST ${CHAT} HTTP/1.1\r\nhost: x\r\n${'x'}`,
    );
    await fc.assert(
      fc.asyncProperty(head, fc.uint8Array({ maxLength: 300 }), async (start, bytes) => {
        const { replies } = await talk(tiergate.url, [Buffer.concat([Buffer.from(start), bytes])], {
          halfClose: true,
        });
        for (const { status } of replies) expect(status).toBeLessThan(500);
      }),
      runs,
    );
    await expectServing();
  });

  test('bytes as a body', async () => {
    const body = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: 'binary' }), fc.json());
    await fc.assert(
      fc.asyncProperty(body, async (bytes) => isAnswered(await send(bytes))),
      runs,
    );
    await expectServing();
  });

  test('a chat request with anything in it', async () => {
    const json = fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' });
    const content = fc.oneof({ weight: 3, arbitrary: fc.string({ unit: 'binary' }) }, json);
    const role = fc.oneof(fc.constantFrom('user', 'assistant', 'system', 'tool'), fc.string());
    const message = fc.oneof({ weight: 4, arbitrary: fc.record({ role, content }) }, json);
    const request = fc.record(
      {
        model: fc.constantFrom('tiergate-cloud', 'tiergate-auto', 'tiergate-local', 'fake-model', ''),
        messages: fc.oneof({ weight: 5, arbitrary: fc.array(message, { minLength: 1, maxLength: 4 }) }, json),
        stream: fc.oneof(fc.boolean(), json),
        stream_options: json,
        tools: json,
        response_format: json,
        n: json,
        modalities: json,
        [`${CANARY}`]: json,
      },
      { requiredKeys: ['model', 'messages'] },
    );
    provider.behave(answering('Hello.'));
    await fc.assert(
      fc.asyncProperty(request, async (body) => {
        const response = await tiergate.post(CHAT, body);
        await response.text();
        expect(response.status).toBeLessThan(500);
        const classified = await tiergate.post('/v1/classify', body);
        await classified.text();
        expect(classified.status).toBeLessThan(500);
      }),
      runs,
    );
    await expectServing();
  });
});

/**
 * Nothing leaks: canaries are planted in every part of a request, it is sent down every path, every failure included,
 * and then everything that left or was written down is searched for them.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createEscalate } from '../../src/escalate/escalate.ts';
import type { AppParts } from '../../src/http/app.ts';
import { Vault } from '../../src/redact/placeholder/vault.ts';
import type { Inquiry, RedactedInquiry } from '../../src/shapes.ts';
import { createHttpTransport } from '../../src/upstream/transport.ts';
import {
  answering,
  type Behaviour,
  egressTo,
  type FakeProvider,
  hangingUp,
  json,
  sending,
  silent,
  startFakeProvider,
} from '../fake-provider.ts';
import { startGateway, type TestGateway } from './start.ts';

/** Personal values as they may stand in a request, and what of each must never be seen outside. */
const CANARIES = {
  system: ['Reply in the name of canary.system@shop.example.', 'canary.system@'],
  turn: ['I am canary.turn@shop.example, born on 14 March 1985', 'canary.turn@'],
  birth: ['My date of birth is 17.11.1962.', '17.11.1962'],
  assistant: ['Noted: +1 212 555 0143.', '212 555 0143'],
  last: ['Card 4111 1111 1111 1111, IBAN GB82 WEST 1234 5698 7654 32, translate this', '4111 1111'],
  iban: ['IBAN DE89370400440532013000 too', 'DE8937040044'],
  part: ['My SSN is 536-22-8726.', '536-22-8726'],
  toolCall: ['canary.call@shop.example', 'canary.call@'],
  toolResult: ['canary.result@shop.example', 'canary.result@'],
  toolDescription: ['Mail of the owner: canary.tool@shop.example', 'canary.tool@'],
  user: ['canary.user@shop.example', 'canary.user@'],
  metadata: ['canary.meta@shop.example', 'canary.meta@'],
  key: ['canary.key@shop.example', 'canary.key@'],
  unknown: ['http://canary:hunter2secret@10.11.12.13/path', 'hunter2secret'],
  address: ['server 203.0.113.77 is down', '203.0.113.77'],
  escaped: ['canary.escaped@shop.example', 'canary.escaped@'],
} as const;
type Canary = keyof typeof CANARIES;
const plant = (name: Canary): string => CANARIES[name][0];
const NUMBER = 5_555_555_555_554_444;
const NEEDLES = [
  ...Object.values(CANARIES).map(([, needle]) => needle),
  'WEST 1234',
  '4111111111111111',
  String(NUMBER),
];

const call = {
  id: 'c1',
  type: 'function',
  function: {
    name: 'look',
    arguments: JSON.stringify({ to: plant('toolCall'), deep: JSON.stringify({ a: plant('toolCall') }) }),
  },
};

function fullRequest(more: Record<string, unknown> = {}): string {
  const body = JSON.stringify({
    model: 'tiergate-cloud',
    messages: [
      { role: 'system', content: `${plant('system')} ${plant('address')}` },
      { role: 'user', content: `${plant('turn')} ${plant('birth')}`, name: plant('user') },
      { role: 'assistant', content: plant('assistant'), tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c1', content: JSON.stringify({ result: [plant('toolResult')] }) },
      {
        role: 'user',
        content: [
          { type: 'text', text: plant('last') },
          { type: 'text', text: `${plant('part')} ${plant('iban')}` },
        ],
      },
    ],
    tools: [
      {
        type: 'function',
        function: { name: 'look', description: plant('toolDescription'), parameters: { type: 'object' } },
      },
    ],
    user: plant('user'),
    metadata: { note: plant('metadata'), [plant('key')]: 'x', amount: NUMBER },
    a_field_from_2031: { url: plant('unknown'), escaped: '@ESCAPED@' },
    ...more,
  });
  return body.replace('@ESCAPED@', 'canary.escaped\\u0040shop.example');
}

let provider: FakeProvider;
let tiergate: TestGateway;
/** Everything that an application was sent where it must not see content: error bodies, and headers. */
let told: string[] = [];

beforeAll(async () => {
  provider = await startFakeProvider();
  tiergate = await startGateway(provider, {
    TIERGATE_FIRST_BYTE_WAIT_MS_MAX: '300',
    TIERGATE_IDLE_WAIT_MS_MAX: '300',
  });
}, 60_000);
afterAll(async () => {
  await tiergate.close();
  await provider.close();
});
beforeEach(() => {
  provider.received.length = 0;
  tiergate.spans.reset();
  told = [];
});

const found = (text: string): string[] => NEEDLES.filter((needle) => text.includes(needle));

/** What left for the provider: addresses, headers and bodies, as sent and with their JSON escapes undone. */
const left = (): string =>
  provider.received
    .map(({ path, headers, body }) => `${path} ${JSON.stringify(headers)} ${body} ${unescaped(body)}`)
    .join('\n');
const unescaped = (text: string): string =>
  text.replace(/\\u([0-9a-f]{4})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));

/** What was written down. The file of hand-offs is not among it: whoever answers needs the words. */
async function written(): Promise<string> {
  const spans = tiergate.spans
    .getFinishedSpans()
    .map(({ name, attributes, events, status, links }) =>
      JSON.stringify([name, attributes, events, status, links]),
    );
  const metrics = await (await fetch(`${tiergate.url}/metrics`)).text();
  const kept = globSync('feedback.sqlite*', { cwd: tiergate.data });
  expect(kept).not.toEqual([]);
  const feedback = kept.map((file) => readFileSync(join(tiergate.data, file), 'latin1'));
  return [tiergate.log(), await tiergate.decisions(), ...spans, metrics, ...feedback].join('\n');
}

async function send(
  body: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const response = await tiergate.post('/v1/chat/completions', body, headers);
  const text = await response.text().catch(() => '');
  told.push(JSON.stringify([...response.headers]));
  if (response.status >= 400 || text.includes('"error"')) told.push(text);
  return { status: response.status, text };
}

async function expectNoLeak(): Promise<void> {
  expect(found(left())).toEqual([]);
  expect(found(await written())).toEqual([]);
  expect(found(told.join('\n'))).toEqual([]);
}

/** Sends back, as error or answer, what it was sent: a provider that quotes. */
const echo = (body: string): string => `You said: ${body}`;
const chunkOf = (content: string) =>
  `data: ${JSON.stringify({ id: 'x', choices: [{ index: 0, delta: { content }, finish_reason: null }] })}\n\n`;

const FAILURES: readonly [string, Behaviour][] = [
  [
    'an invalid request that the provider quotes',
    (body, res, r) =>
      json(400, { error: { message: echo(body), code: 'bad', param: echo(body) } })(body, res, r),
  ],
  [
    'a fault that the provider quotes',
    (body, res, r) => json(500, { error: { message: echo(body), type: echo(body) } })(body, res, r),
  ],
  ['a refusal of our key', json(401, { error: { message: 'no' } })],
  ['a rate limit', json(429, {})],
  ['an answer that is no JSON', (body, res) => void res.end(`<html>${body}`)],
  ['an answer of another shape', (body, res, r) => json(200, { choices: body })(body, res, r)],
  ['silence', silent],
  ['a cut connection', hangingUp],
  ['a stream that breaks off', sending([chunkOf('half')], 'reset')],
  ['a stream that falls silent', sending([chunkOf('half')], 'open')],
  [
    'a stream with an error inside',
    (body, res, r) =>
      sending([chunkOf('half'), `data: ${JSON.stringify({ error: { message: echo(body) } })}\n\n`])(
        body,
        res,
        r,
      ),
  ],
  ['a stream of nonsense', (body, res, r) => sending([`data: ${body.slice(0, 50)}\n\n`])(body, res, r)],
];

describe('nothing planted is seen outside', () => {
  test('when all goes well, and the answer has every value back', async () => {
    provider.behave(
      answering((body) =>
        JSON.parse(body)
          .messages.map((m: { content: unknown }) => JSON.stringify(m.content))
          .join('\n'),
      ),
    );
    const { status, text } = await send(fullRequest());
    expect(status).toBe(200);
    expect(provider.received).toHaveLength(1);
    for (const needle of ['canary.turn@', '4111 1111', '212 555 0143', 'WEST 1234'])
      expect(text).toContain(needle);
    await expectNoLeak();
  });

  test('in a stream', async () => {
    provider.behave(answering((body) => JSON.parse(body).messages[1].content));
    const { text } = await send(fullRequest({ stream: true }));
    const said = [...text.matchAll(/"content":"([^"]*)"/g)].map((match) => match[1]).join('');
    expect(said).toContain('canary.turn@shop.example');
    await expectNoLeak();
  });

  describe.each([false, true])('with stream: %s', (stream) => {
    test.each(FAILURES)('%s', async (_name, behaviour) => {
      provider.behave(behaviour);
      await send(fullRequest({ stream }));
      expect(provider.received).toHaveLength(1);
      await expectNoLeak();
    });
  });

  test.each<[string, string, number]>([
    ['invalid JSON', fullRequest().slice(0, -20), 400],
    ['a wrong type', fullRequest({ messages: [{ role: 'user', content: 5, note: plant('turn') }] }), 400],
    ['a model that is an address', fullRequest({ model: plant('user') }), 404],
    [
      'nesting',
      fullRequest({ deep: JSON.parse(`${'['.repeat(100)}"${plant('turn')}"${']'.repeat(100)}`) }),
      400,
    ],
    ['a body that is too large', fullRequest({ filler: plant('turn').repeat(120_000) }), 413],
  ])('%s at the door', async (_name, body, status) => {
    expect((await send(body)).status).toBe(status);
    expect(provider.received).toEqual([]);
    await expectNoLeak();
  });

  test.each<[string, Record<string, string>]>([
    ['a key', { authorization: `Bearer ${plant('user')}` }],
    ['a scheme', { authorization: plant('user') }],
    ['a conversation', { 'x-tiergate-conversation': plant('user') }],
    [
      'a trace',
      { traceparent: plant('user'), tracestate: `a=${plant('user')}`, baggage: `who=${plant('user')}` },
    ],
    ['a request id', { 'x-request-id': plant('user') }],
    ['a user agent', { 'user-agent': plant('user'), referer: plant('unknown') }],
  ])('personal data as %s in the headers', async (_name, headers) => {
    await send(fullRequest(), headers);
    await expectNoLeak();
  });

  test.each<[string, Record<string, unknown>]>([
    [
      'an answer from the house',
      {
        model: 'tiergate-local',
        tools: [],
        messages: [
          { role: 'user', content: 'How long do I have to return an item? canary.turn@shop.example' },
        ],
      },
    ],
    ['a person', { messages: [{ role: 'user', content: `${plant('turn')} MRN 4482913` }] }],
    [
      'a refusal',
      {
        model: 'tiergate-local',
        messages: [{ role: 'user', content: `${plant('turn')} prove that P is not NP` }],
      },
    ],
  ])('%s', async (_name, more) => {
    await send(fullRequest(more));
    expect(provider.received).toEqual([]);
    await expectNoLeak();
  });

  test('labels for a ticket router', async () => {
    const response = await tiergate.post('/v1/classify', fullRequest());
    told.push(await response.text());
    await expectNoLeak();
  });

  test('faults of our own, in every stage', async () => {
    const boom = (): never => {
      throw new Error(`broken by ${plant('turn')}`);
    };
    type StageName = 'authenticate' | 'detect' | 'redact' | 'escalate' | 'policy' | 'knowsModel';
    const names: readonly StageName[] = [
      'authenticate',
      'detect',
      'redact',
      'escalate',
      'policy',
      'knowsModel',
    ];
    for (const name of names) {
      const broken = name === 'redact' ? { redact: boom } : boom;
      const server = await tiergate.serve((parts) => ({
        ...parts,
        stages: { ...parts.stages, [name]: broken },
      }));
      const response = await fetch(`${server.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${tiergate.key}` },
        body: fullRequest(),
      });
      expect(response.status).toBe(500);
      told.push(await response.text());
      await server.close();
    }
    expect(provider.received).toEqual([]);
    await expectNoLeak();
  });
});

describe('this test can fail', () => {
  /** Passes everything on as it is. */
  const noRedaction = (inquiry: Inquiry) => ({
    redacted: { ...inquiry, forbidden: [] } as unknown as RedactedInquiry,
    vault: new Vault(),
  });
  const post = (url: string) =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tiergate.key}` },
      body: fullRequest(),
    });
  const withoutRedaction = (parts: AppParts): AppParts => ({
    ...parts,
    stages: { ...parts.stages, redact: { redact: noRedaction } },
  });

  test('with redaction taken out, the egress guard still stops the request', async () => {
    const server = await tiergate.serve(withoutRedaction);
    const response = await post(server.url);
    expect(await response.json()).toMatchObject({ error: { code: 'escalate_blocked' } });
    expect(provider.received).toEqual([]);
    await server.close();
  });

  test('with the guard taken out too, every canary is seen at the provider', async () => {
    const http = createHttpTransport({ connectWaitMsMax: 1_000, egress: egressTo(provider.url) });
    const limits = {
      firstByteWaitMsMax: 1_000,
      idleWaitMsMax: 1_000,
      answerBytesMax: 1_000_000,
      attemptsMax: 1,
    };
    const [first, ...rest] = tiergate.gateway.providers;
    if (first === undefined) throw new Error('no provider');
    const unguarded = createEscalate(
      () => [first, ...rest],
      { http: http.post, rehearsal: http.post },
      limits,
    );
    const server = await tiergate.serve((parts) => {
      const bare = withoutRedaction(parts);
      return { ...bare, stages: { ...bare.stages, escalate: unguarded } };
    });
    provider.behave(answering('ok'));
    expect((await post(server.url)).status).toBe(200);
    expect(found(left())).toEqual(NEEDLES.filter((needle) => needle !== '4111111111111111'));
    await server.close();
    await http.close();
  });
});

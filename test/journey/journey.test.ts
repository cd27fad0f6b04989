/** The whole way of a request, through the official SDK. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import OpenAI from 'openai';
import { answering, type FakeProvider, json, sending, silent, startFakeProvider } from '../fake-provider.ts';
import { startGateway, type TestGateway } from './start.ts';

let provider: FakeProvider;
let tiergate: TestGateway;
let client: OpenAI;
const EMAIL = 'ann.smith@shop.example';
const user = (content: string) => [{ role: 'user' as const, content }];

beforeAll(async () => {
  provider = await startFakeProvider();
  tiergate = await startGateway(provider);
  client = tiergate.client;
}, 60_000);
afterAll(async () => {
  await tiergate.close();
  await provider.close();
});
beforeEach(() => {
  provider.behave(answering('Hello from the cloud.'));
  provider.received.length = 0;
});

const lastSent = (): Record<string, unknown> => JSON.parse(provider.received.at(-1)?.body ?? '{}');

describe('a routine question', () => {
  const ask = { model: 'tiergate-auto', messages: user('How do I return something I bought from you?') };

  test('is answered in the house, with the approved text as it was written, and nothing leaves', async () => {
    const { data, response } = await client.chat.completions.create(ask).withResponse();
    expect(data.choices[0]?.message.content).toContain('You can return any unused item within 30 days.');
    expect(data.choices[0]?.message.content).toContain('Source: Returning an item');
    expect(data.usage?.total_tokens).toBeGreaterThan(0);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-tiergate-tier': 'local',
      'x-tiergate-rule': 'routine',
      'x-tiergate-intent': 'return_item',
      'x-tiergate-confidence': expect.stringMatching(/^[01]\.\d{3}$/),
      'x-tiergate-policy-revision': tiergate.gateway.policy.current().revision,
      'x-request-id': expect.stringMatching(/^req_[0-9a-f]{24}$/),
      'server-timing': expect.stringMatching(/authenticate;dur=.*detect;dur=.*classify;dur=.*answer;dur=/),
    });
    expect(provider.received).toEqual([]);
  });

  test('is answered as a stream with usage, where asked for', async () => {
    const stream = await client.chat.completions.create({
      ...ask,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await Array.fromAsync(stream);
    const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
    expect(text).toContain('Source: Returning an item');
    expect(chunks.at(-1)?.usage?.completion_tokens).toBeGreaterThan(0);
    expect(chunks.map((chunk) => chunk.choices[0]?.finish_reason).filter(Boolean)).toEqual(['stop']);
  });
});

describe('a question for the cloud', () => {
  test('leaves without personal data and comes back with it', async () => {
    provider.behave(answering((body) => `You wrote: ${JSON.parse(body).messages[0].content}`));
    const content = `Translate into Latin: mail ${EMAIL} or ${EMAIL}, card 4111 1111 1111 1111`;
    const { data, response } = await client.chat.completions
      .create({ model: 'tiergate-auto', messages: user(content) })
      .withResponse();
    expect(data.choices[0]?.message.content).toBe(`You wrote: ${content}`);
    expect(response.headers.get('x-tiergate-tier')).toBe('cloud');
    expect(response.headers.get('x-tiergate-redacted')).toBe('3');
    expect(provider.received[0]?.body).not.toContain('ann.smith');
    const placeholders = provider.received[0]?.body.match(/EMAIL_ADDRESS_\w+/g) ?? [];
    expect(new Set(placeholders).size).toBe(1);
  });

  test('is restored in a stream, wherever the placeholder is cut', async () => {
    provider.behave(
      answering((body) => `Mail ${JSON.parse(body).messages[0].content.match(/EMAIL_ADDRESS_\w+/)[0]} now.`),
    );
    const asked = { model: 'tiergate-cloud', messages: user(`Who is ${EMAIL}?`), stream: true as const };
    const chunks = await Array.fromAsync(await client.chat.completions.create(asked));
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe(`Mail ${EMAIL} now.`);
  });

  test('keeps its placeholders over the turns of a conversation, and shares none with another', async () => {
    const first = user(`I am ${EMAIL}`);
    await client.chat.completions.create({ model: 'tiergate-cloud', messages: first });
    const later = [...first, { role: 'assistant' as const, content: 'Hi.' }, ...user(`Really ${EMAIL}`)];
    await client.chat.completions.create({ model: 'tiergate-cloud', messages: later });
    await client.chat.completions.create({
      model: 'tiergate-cloud',
      messages: user(`Someone else: ${EMAIL}`),
    });
    const [one, two, three] = provider.received.map(({ body }) => body.match(/EMAIL_ADDRESS_\w+/)?.[0]);
    expect(one).toBe(two);
    expect(three).not.toBe(one);
  });

  test('has its tool calls redacted on the way out and restored on the way in', async () => {
    const call = (argument: string) => ({
      id: 'call_1',
      type: 'function' as const,
      function: { name: 'send_mail', arguments: argument },
    });
    provider.behave((body, res, received) => {
      const to = /EMAIL_ADDRESS_\w+/.exec(body)?.[0];
      const message = {
        role: 'assistant',
        content: null,
        tool_calls: [call(JSON.stringify({ to, note: 'a "b"' }))],
      };
      return json(200, {
        id: 'x',
        object: 'chat.completion',
        choices: [{ index: 0, message, finish_reason: 'tool_calls' }],
      })(body, res, received);
    });
    const data = await client.chat.completions.create({
      model: 'tiergate-auto',
      messages: [
        ...user('Write to the customer.'),
        { role: 'assistant', content: null, tool_calls: [call(JSON.stringify({ customer: EMAIL }))] },
        { role: 'tool', tool_call_id: 'call_1', content: JSON.stringify({ email: EMAIL }) },
      ],
      tools: [{ type: 'function', function: { name: 'send_mail', parameters: { type: 'object' } } }],
    });
    const [made] = data.choices[0]?.message.tool_calls ?? [];
    const argument = made?.type === 'function' ? made.function.arguments : '';
    expect(JSON.parse(argument)).toEqual({ to: EMAIL, note: 'a "b"' });
    expect(provider.received[0]?.body).not.toContain('ann.smith');
  });

  test('passes on what tiergate has no business with, untouched', async () => {
    const rest = {
      temperature: 0.2,
      n: 2,
      stop: ['END'],
      logprobs: true,
      top_logprobs: 2,
      response_format: { type: 'json_object' },
      a_field_from_2031: { deep: [1, null, 'x'] },
    };
    const body = { model: 'fake/other-model', messages: user('Hello there'), ...rest };
    const text = JSON.stringify(body).replace('"n":2', '"n":2,"seed":12345678901234567890');
    expect((await tiergate.post('/v1/chat/completions', text)).status).toBe(200);
    expect(provider.received[0]?.body).toBe(text.replace('fake/other-model', 'other-model'));
  });

  test('sends a picture to the model that the application named', async () => {
    const url = `data:image/png;base64,${'iVBORw0KGgo'.repeat(40)}`;
    const content = [
      { type: 'text' as const, text: 'What is this?' },
      { type: 'image_url' as const, image_url: { url } },
    ];
    await client.chat.completions.create({ model: 'fake-model', messages: [{ role: 'user', content }] });
    expect(lastSent().messages).toEqual([{ role: 'user', content }]);
  });

  test('is not classified where no rule needs to understand it', async () => {
    const { response } = await client.chat.completions
      .create({ model: 'tiergate-cloud', messages: user('How do I return something?') })
      .withResponse();
    expect(response.headers.get('x-tiergate-rule')).toBe('to-cloud');
    expect(response.headers.get('x-tiergate-intent')).toBeNull();
    expect(response.headers.get('server-timing')).not.toContain('classify');
  });
});

describe('other ways', () => {
  test('a person: the caller gets a polite answer and an id; the queue has the conversation', async () => {
    const { data, response } = await client.chat.completions
      .create({ model: 'tiergate-auto', messages: user(`Please let me talk to a human, I am ${EMAIL}`) })
      .withResponse();
    const id = response.headers.get('x-tiergate-handoff') ?? '';
    expect(data.choices[0]?.message.content).toContain(id);
    const get = async (path: string, method = 'GET', body?: unknown) => {
      const init = {
        method,
        headers: { authorization: `Bearer ${tiergate.key}` },
        ...(body ? { body: JSON.stringify(body) } : {}),
      };
      return (await fetch(`${tiergate.url}/v1/handoffs${path}`, init)).json() as Promise<
        Record<string, unknown>
      >;
    };
    expect(await get('?status=waiting')).toMatchObject({
      data: [{ id, intent: 'speak_to_person', queue: 'care' }],
    });
    expect(await get(`/${id}/claim`, 'POST')).toMatchObject({ status: 'claimed', claimed_by: 'development' });
    expect(JSON.stringify(await get(`/${id}`))).toContain(EMAIL);
    expect(await get(`/${id}/claim`, 'POST')).toMatchObject({ error: { code: 'handoff_conflict' } });
    expect(await get(`/${id}/resolve`, 'POST', { resolution: 'Called back.' })).toMatchObject({
      status: 'resolved',
      resolution: 'Called back.',
    });
    expect(await get('/nonsense')).toMatchObject({ error: { code: 'handoff_not_found' } });
    expect(await get('?limit=0')).toMatchObject({ error: { code: 'in_body_invalid' } });
    expect(provider.received).toEqual([]);
  });

  test('a person: a request that is sent again under its key is the one that already waits', async () => {
    const send = async (key: string | null) => {
      const { response } = await client.chat.completions
        .create(
          { model: 'tiergate-auto', messages: user(`Please let me talk to a human, I am ${EMAIL}`) },
          { headers: { 'idempotency-key': key } },
        )
        .withResponse();
      return response.headers.get('x-tiergate-handoff');
    };
    const key = 'order 4711 canary';
    const first = await send(key);
    expect(first).toMatch(/^ho_/);
    expect(await send(key)).toBe(first);
    expect(new Set([first, await send('another'), await send(null), await send(null)]).size).toBe(4);
    expect(tiergate.log() + (await tiergate.decisions())).not.toContain('canary');
  });

  test('a refusal says so in the words of the policy', async () => {
    const asked = client.chat.completions.create({
      model: 'tiergate-local',
      messages: user('Prove the Riemann hypothesis'),
    });
    await expect(asked).rejects.toMatchObject({
      status: 403,
      code: 'decide_refused',
      message: expect.stringContaining('There is no answer in the house.'),
    });
    expect(provider.received).toEqual([]);
  });

  test('an invariant holds whatever the application asks for', async () => {
    const { response } = await client.chat.completions
      .create({ model: 'fake-model', messages: user('Medical record number MRN-4482913: summarise it') })
      .withResponse();
    expect(response.headers.get('x-tiergate-rule')).toBe('records-stay');
    expect(provider.received).toEqual([]);
  });

  test('classify tells the labels and the decision, and sends nothing anywhere', async () => {
    const response = await tiergate.post('/v1/classify', { text: `Do you deliver to Ireland? ${EMAIL}` });
    expect(await response.json()).toMatchObject({
      object: 'tiergate.classification',
      labels: {
        status: 'classified',
        intent: 'delivery_options',
        language: 'en',
        windows: 1,
        truncated: false,
      },
      personal: { EMAIL_ADDRESS: 1 },
      decision: {
        tier: 'local',
        rule: 'routine',
        because: 'There is an article.',
        otherwise: { tier: 'cloud' },
      },
    });
    expect(provider.received).toEqual([]);
  });

  test('models: its own, and those of the providers', async () => {
    const { data } = await client.models.list();
    expect(data.map(({ id }) => id)).toEqual([
      'tiergate-auto',
      'tiergate-local',
      'tiergate-cloud',
      'fake/fake-model',
      'fake/other-model',
    ]);
    expect(await client.models.retrieve('tiergate-auto')).toMatchObject({ owned_by: 'tiergate' });
    expect(await client.models.retrieve('fake/fake-model')).toMatchObject({ owned_by: 'fake' });
    await expect(client.models.retrieve('nothing')).rejects.toMatchObject({ status: 404 });
  });

  test('health, readiness and metrics need no key', async () => {
    const [health, ready, metrics] = await Promise.all(
      ['/healthz', '/readyz', '/metrics'].map((path) => fetch(tiergate.url + path)),
    );
    expect([health?.status, ready?.status, metrics?.status]).toEqual([200, 200, 200]);
    expect(await metrics?.text()).toMatch(/tiergate_requests_total\{.*tier="?local/);
  });
});

describe('when the cloud fails', () => {
  test.each<[string, number, string, number]>([
    ['rate limited', 429, 'escalate_rate_limited', 429],
    ['down', 503, 'escalate_upstream_failed', 502],
    ['credentials', 401, 'escalate_credentials', 502],
    ['invalid', 400, 'escalate_rejected', 400],
  ])('%s: the SDK raises an error it understands', async (_name, status, code, told) => {
    provider.behave(json(status, { error: { message: 'no', code: 'x' } }));
    const asked = client.chat.completions.create({ model: 'tiergate-cloud', messages: user('Hi') });
    const error = await asked.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(error).toMatchObject({ status: told, code });
    expect((error as InstanceType<typeof OpenAI.APIError>).headers?.get('x-should-retry')).toMatch(
      /true|false/,
    );
  });

  test('the record still says how often a model was asked', async () => {
    provider.behave(json(503, {}));
    const asked = client.chat.completions.create({ model: 'tiergate-cloud', messages: user('Hi') });
    await expect(asked).rejects.toMatchObject({ code: 'escalate_upstream_failed' });
    const record = JSON.parse((await tiergate.decisions()).trim().split('\n').at(-1) ?? '{}');
    expect(record).toMatchObject({ error: 'escalate_upstream_failed', attempts: provider.received.length });
  });

  test('a stream that breaks off is raised by the SDK', async () => {
    const chunk = { id: 'x', choices: [{ index: 0, delta: { content: 'Half' }, finish_reason: null }] };
    provider.behave(sending([`data: ${JSON.stringify(chunk)}\n\n`], 'reset'));
    const stream = await client.chat.completions.create({
      model: 'tiergate-cloud',
      messages: user('Hi'),
      stream: true,
    });
    const seen: string[] = [];
    const read = async () => {
      for await (const part of stream) seen.push(part.choices[0]?.delta.content ?? '');
    };
    await expect(read()).rejects.toMatchObject({ code: 'escalate_broken_off' });
    expect(seen).toEqual(['Half']);
  });

  test('an application that goes away ends the request upstream, before and within an answer', async () => {
    provider.behave(silent);
    const gone = new AbortController();
    const asked = client.chat.completions.create(
      { model: 'tiergate-cloud', messages: user('Hi') },
      { signal: gone.signal },
    );
    const failed = asked.catch((error: unknown) => error);
    while (provider.received.length === 0) await new Promise(setImmediate);
    gone.abort();
    await failed;
    await provider.received[0]?.abandoned;

    const chunk = { choices: [{ index: 0, delta: { content: 'a' }, finish_reason: null }] };
    provider.behave(sending([`data: ${JSON.stringify(chunk)}\n\n`], 'open'));
    const stream = await client.chat.completions.create({
      model: 'tiergate-cloud',
      messages: user('Hi'),
      stream: true,
    });
    for await (const _part of stream) break;
    await provider.received[1]?.abandoned;
  });
});

describe('the record', () => {
  test('every decision is replayable: same facts, same policy, same outcome', async () => {
    const lines = (await tiergate.decisions()).trim().split('\n');
    const { replay } = await import('../../src/decide/replay.ts');
    const policy = tiergate.gateway.policy.current();
    const verdicts = lines.map((line) => replay(JSON.parse(line), policy).verdict);
    expect(verdicts.filter((verdict) => verdict === 'same').length).toBeGreaterThan(10);
    expect(verdicts.filter((verdict) => verdict === 'moved' || verdict === 'needs_labels')).toEqual([]);
  });

  test('the trace has a span per stage under one root, and goes on upstream', async () => {
    tiergate.spans.reset();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await tiergate.post(
      '/v1/chat/completions',
      { model: 'tiergate-cloud', messages: user(EMAIL) },
      { traceparent },
    );
    while (!tiergate.spans.getFinishedSpans().some(({ name }) => name.startsWith('POST')))
      await new Promise(setImmediate);
    const spans = tiergate.spans.getFinishedSpans();
    expect(spans.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'authenticate',
        'detect',
        'decide',
        'redact',
        'escalate',
        'chat fake-model',
        'respond',
        'POST /v1/chat/completions',
      ]),
    );
    expect(spans.find(({ name }) => name === 'chat fake-model')?.attributes).toMatchObject({
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(provider.url).port),
    });
    expect(new Set(spans.map((span) => span.spanContext().traceId))).toEqual(
      new Set(['0af7651916cd43dd8448eb211c80319c']),
    );
    expect(provider.received[0]?.headers.traceparent).toContain('0af7651916cd43dd8448eb211c80319c');
  });
});

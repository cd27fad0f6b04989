import { getEventListeners } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Json, PersonalRules } from '../../src/shapes.ts';
import type { Blocked } from '../../src/upstream/blocked.ts';
import { guarded, guardedGet, type SearchPersonal } from '../../src/upstream/guard.ts';
import { nowhere, rehearse } from '../../src/upstream/rehearsal.ts';
import type { Outgoing, Transport } from '../../src/upstream/transport.ts';
import { egressTo } from '../fake-provider.ts';

const BASE = 'https://cloud.example/v1';
const finds =
  (needle: string): SearchPersonal =>
  (document) => [false, JSON.stringify(document).includes(needle)];

function setUp(search: SearchPersonal = () => [], workMsMax = 10_000) {
  const sent: string[] = [];
  const blocked: Blocked[] = [];
  const transport: Transport = async ({ body }) => {
    sent.push(body);
    return { status: 200, headers: {}, body: (async function* () {})() };
  };
  const options = {
    search,
    egress: egressTo(BASE),
    workMsMax,
    onBlocked: (one: Blocked) => blocked.push(one),
  };
  const outgoing: Outgoing = {
    url: `${BASE}/chat/completions`,
    headers: {},
    body: '{}',
    forbidden: [],
    signal: new AbortController().signal,
  };
  const send = (more: Partial<Outgoing>) => guarded(transport, options)({ ...outgoing, ...more });
  const get = (more: Partial<Outgoing>) =>
    guardedGet(async () => transport({ ...outgoing, body: 'GET' }), options)({ ...outgoing, ...more });
  return { send, get, sent, blocked, options };
}
const code = (name: string) => expect.objectContaining({ code: name });
const VALUE = 'ann@shop.example';

describe('the egress guard', () => {
  test('lets through what holds nothing', async () => {
    const { send, sent, blocked } = setUp();
    await send({ body: '{"a":"EMAIL_ADDRESS_482KQX917"}', forbidden: [VALUE] });
    expect(sent).toHaveLength(1);
    expect(blocked).toEqual([]);
  });

  test.each(['    @', 'ab  cd@', '1 23   45'])('stops %j, whose spaces are more than one', async (secret) => {
    const { send, sent } = setUp();
    const body = JSON.stringify({ text: `is ${secret} it` });
    await expect(send({ body, forbidden: [secret] })).rejects.toEqual(code('escalate_blocked'));
    expect(sent).toEqual([]);
  });

  test('stops any replaced value anywhere in the body, escaped or not', async () => {
    const value = fc.string({ minLength: 4 }).map((text) => `${text}@`);
    await fc.assert(
      fc.asyncProperty(value, fc.string(), fc.string(), async (secret, before, after) => {
        const { send, sent } = setUp();
        const body = JSON.stringify({ [before]: [`${before}${secret}${after}`] });
        await expect(send({ body, forbidden: [secret] })).rejects.toEqual(code('escalate_blocked'));
        expect(sent).toEqual([]);
      }),
    );
  });

  test.each<[string, Partial<Outgoing>, Blocked['place']]>([
    ['a value in the body', { body: `{"a":"${VALUE}"}` }, 'body'],
    ['an encoded one', { body: `{"a":"${Buffer.from(VALUE).toString('base64')}"}` }, 'body'],
    ['a value in the path', { url: `${BASE}/users/${VALUE}` }, 'address'],
    ['an encoded one in the query', { url: `${BASE}/x?u=${encodeURIComponent(VALUE)}` }, 'address'],
    ['a value in a header', { headers: { 'x-user': VALUE } }, 'headers'],
    ['an encoded one', { headers: { 'x-user': Buffer.from(VALUE).toString('hex') } }, 'headers'],
    ['a header’s name', { headers: { [VALUE]: '1' } }, 'headers'],
  ])('%s is stopped, whether it was replaced or is of a kind', async (_what, more, place) => {
    const byValue = setUp();
    await expect(byValue.send({ ...more, forbidden: ['another', VALUE] })).rejects.toEqual(
      code('escalate_blocked'),
    );
    const host = 'cloud.example';
    expect(byValue.blocked).toEqual([{ why: 'replaced_value', place, host, traceId: undefined }]);
    const raw = JSON.stringify(more).includes(VALUE);
    const byKind = setUp(finds(raw ? VALUE : '@nothing'));
    const sending = byKind.send(more);
    if (raw) {
      await expect(sending).rejects.toEqual(code('escalate_blocked'));
      expect(byKind.blocked).toEqual([{ why: 'personal_data', place, host, traceId: undefined }]);
    } else await sending;
    expect([...byValue.sent, ...(raw ? byKind.sent : [])]).toEqual([]);
  });

  test('searches the names and files of a form, and takes no form that is not whole', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=xyz' };
    const form = (name: string, content: string) =>
      `--xyz\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n${content}\r\n--xyz--\r\n`;
    const { send, sent, blocked } = setUp(finds(VALUE));
    await send({ headers, body: form('a.txt', 'text') });
    expect(sent).toHaveLength(1);
    for (const body of [form(`${VALUE}.txt`, ''), form('a', VALUE), form('a', '').replace('--\r\n', VALUE)]) {
      await expect(send({ headers, body })).rejects.toEqual(code('escalate_blocked'));
    }
    for (const body of ['', 'text', form('a', '').slice(0, -6), '--xyz\r\nno end of headers\r\n--xyz--']) {
      await expect(send({ headers, body })).rejects.toEqual(code('escalate_blocked'));
    }
    await expect(
      send({ headers: { 'content-type': 'multipart/form-data' }, body: form('a', '') }),
    ).rejects.toEqual(code('escalate_blocked'));
    expect(blocked.map(({ why }) => why)).toContain('unreadable');
    expect(sent).toHaveLength(1);
  });

  test('does not search what the configuration says, nor for kinds in what tiergate makes', async () => {
    const seen: Json[] = [];
    const { send } = setUp((document) => {
      seen.push(document);
      return [];
    });
    const traceparent = '00-41111111111111110000000000000000-4111111111111111-01';
    await send({
      headers: { traceparent, 'x-other': 'other' },
      credentials: { authorization: `Bearer ${VALUE}` },
      forbidden: [VALUE, 'cloud.example'],
    });
    expect(seen).toEqual(['/chat/completions', { 'x-other': 'other' }, {}]);
  });

  test('passes the rules on', async () => {
    const rules = { answers: 'report' } as PersonalRules;
    const { send } = setUp((_document, given) => [given !== rules]);
    await send({ rules });
  });

  test('stops what it cannot read', async () => {
    const { send, blocked } = setUp();
    await expect(send({ body: '{"a":' })).rejects.toEqual(code('escalate_blocked'));
    expect(blocked).toMatchObject([{ why: 'unreadable', place: 'body' }]);
  });

  test('stops what cannot be searched, or not in time', async () => {
    const failing = setUp(() => {
      throw new Error(`search broken at ${VALUE}`);
    });
    const error = await failing.send({}).catch((thrown: unknown) => thrown);
    expect(error).toEqual(code('escalate_unchecked'));
    expect(String(error) + (error as { detail: string }).detail).not.toContain(VALUE);
    expect(failing.blocked).toMatchObject([{ why: 'failed' }]);
    const endless = setUp(function* () {
      for (;;) yield false;
    }, 30);
    await expect(endless.send({})).rejects.toEqual(code('escalate_unchecked'));
    expect(endless.blocked).toMatchObject([{ why: 'late' }]);
    expect([...failing.sent, ...endless.sent]).toEqual([]);
  });

  test('lets others have their turn, and ends when nobody wants the answer', async () => {
    const { send, blocked, sent } = setUp(function* () {
      for (;;) yield false;
    });
    const controller = new AbortController();
    setImmediate(() => controller.abort(new Error('gone')));
    await expect(send({ signal: controller.signal })).rejects.toThrow('gone');
    expect([blocked, sent]).toEqual([[], []]);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  test('tells of the trace, not of the value', async () => {
    const { send, blocked } = setUp(finds('canary'));
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
    const error = await send({ body: '{"a":"canary"}', headers }).catch((thrown: unknown) => thrown);
    expect(blocked).toEqual([{ why: 'personal_data', place: 'body', host: 'cloud.example', traceId }]);
    expect(error).toMatchObject({ code: 'escalate_blocked', detail: 'personal_data in body' });
    expect(JSON.stringify(error)).not.toContain('canary');
  });

  test.each([
    'https://elsewhere.example/v1/chat/completions',
    'http://cloud.example/v1/chat/completions',
    'https://cloud.example:8443/v1/chat/completions',
    'https://cloud.example/v2/chat/completions',
    'https://cloud.example/v1/../admin',
    'https://cloud.example/v1%2f..%2f..%2fadmin',
    'https://user:password@cloud.example/v1/chat/completions',
    'https://cloud.example.evil.example/v1/chat/completions',
    'file:///etc/passwd',
    'nonsense',
  ])('%s is no place to go', async (url) => {
    const { send, get, sent, blocked } = setUp();
    await expect(send({ url })).rejects.toEqual(code('escalate_host_refused'));
    await expect(get({ url })).rejects.toEqual(code('escalate_host_refused'));
    expect(sent).toEqual([]);
    expect(blocked).toMatchObject([
      { why: 'unknown_host', place: 'address' },
      { why: 'unknown_host', place: 'address' },
    ]);
  });

  test('looks at questions without a body as well', async () => {
    const { get, sent } = setUp(finds(VALUE));
    await get({ url: `${BASE}/models` });
    await expect(get({ url: `${BASE}/models?for=${VALUE}` })).rejects.toEqual(code('escalate_blocked'));
    expect(sent).toEqual(['GET']);
  });

  test('stands before the rehearsal, too', async () => {
    const { options } = setUp(finds(VALUE));
    const post = guarded(rehearse, { ...options, egress: nowhere });
    const send = (body: string) =>
      post({
        url: 'rehearsal:/chat/completions',
        headers: {},
        body,
        forbidden: [],
        signal: new AbortController().signal,
      });
    expect(await send('{}')).toMatchObject({ status: 200 });
    await expect(send(`{"a":"${VALUE}"}`)).rejects.toEqual(code('escalate_blocked'));
  });
});

/** POST /v1/redact, through the real search and the real replacements. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startGateway, type TestGateway } from '../journey/start.ts';
import { expectFailure, toReply } from './socket.ts';

const mail = 'ann@example.com';
const placeholder = (kind: string) => expect.stringMatching(new RegExp(`^\\S*${kind}\\S*$`, 'i'));

let tiergate: TestGateway;
beforeAll(async () => {
  tiergate = await startGateway(null);
}, 60_000);
afterAll(() => tiergate.close());
const ask = async (body: unknown, headers: Record<string, string> = {}) =>
  toReply(await tiergate.post('/v1/redact', body, headers));
const redacted = async (body: unknown, headers?: Record<string, string>) =>
  JSON.parse((await ask(body, headers)).body) as { text: string; texts: unknown };

test('a text comes back redacted, with spans of the text as it came', async () => {
  const reply = await ask({ text: `😀 ${mail}`, id: 7 });
  expect(reply).toMatchObject({ status: 200, headers: { 'x-tiergate-redacted': '1' } });
  expect(JSON.parse(reply.body)).toEqual({
    id: reply.headers['x-request-id'],
    object: 'tiergate.redaction',
    text: expect.stringMatching(/^😀 \S*EMAIL_ADDRESS\S*$/),
    spans: [{ start: 3, end: 18, type: 'EMAIL_ADDRESS', score: 1, detector: 'email', view: 'raw' }],
  });
});

test('several texts are one document: what is found in one is found in all', async () => {
  const { texts } = await redacted({ texts: ['MRN 4471239', '', 'about 4471239'] });
  // Beside what is asked for here, a model may find more.
  const holding = (span: object) => expect.arrayContaining([expect.objectContaining(span)]);
  expect(texts).toEqual([
    { text: expect.stringContaining('MEDICAL'), spans: holding({ start: 4, end: 11 }) },
    { text: '', spans: [] },
    { text: expect.stringContaining('MEDICAL'), spans: holding({ detector: 'spread' }) },
  ]);
});

test('a chat request comes back as it would leave, every span with a JSON pointer to its place', async () => {
  const seed = '12345678901234567890';
  const body = `{"messages":[{"role":"user","content":"Hello"},{"role":"tool","content":"{\\"a/b\\": \\"\\\\u0061nn@example.com\\"}"}],
    "metadata":{"a/b~c":"536-90-4399","${mail}":"x","n":4111111111111111},"seed":${seed}}`;
  const reply = await ask(body);
  const { body: out, spans } = JSON.parse(reply.body);
  expect(reply.body).toContain(`"seed":${seed}`);
  expect(out.messages[0]).toEqual({ role: 'user', content: 'Hello' });
  expect(JSON.parse(out.messages[1].content)).toEqual({ 'a/b': placeholder('EMAIL_ADDRESS') });
  expect(out.metadata['a/b~c']).toEqual(placeholder('US_SSN'));
  expect(spans).toEqual(
    [
      { path: '/messages/1/content', start: 9, end: 29, type: 'EMAIL_ADDRESS' },
      { path: '/metadata/a~1b~0c', start: 0, end: 11, type: 'US_SSN' },
      { path: '/metadata/ann@example.com#', start: 0, end: 15, type: 'EMAIL_ADDRESS' },
      { path: '/metadata/n', start: 0, end: 16, type: 'CREDIT_CARD' },
    ].map((span) => expect.objectContaining(span)),
  );
});

test('placeholders are those of the conversation: the chat of that name has the same, another request has others', async () => {
  const text = mail;
  const named = { 'x-tiergate-conversation': 'mine' };
  const [one, two] = [await redacted({ text }, named), await redacted({ text }, named)];
  expect(one.text).toBe(two.text);
  expect((await redacted({ text })).text).not.toBe((await redacted({ text })).text);
  const messages = [{ role: 'user', content: text }];
  const chat = await tiergate.post('/v1/chat/completions', { model: 'tiergate-cloud', messages }, named);
  // The rehearsal shows what would have left.
  expect(await chat.text()).toContain(one.text);
});

test('what an earlier request of the conversation held is found as it would be in a request; nothing is added to it', async () => {
  const named = { 'x-tiergate-conversation': 'earlier' };
  const chat = (content: string) => {
    const messages = [{ role: 'user', content }];
    return tiergate.post('/v1/chat/completions', { model: 'tiergate-cloud', messages }, named);
  };
  const told = await (await chat('My passport number is C01X00T47.')).text();
  const placeholder = /PASSPORT_\d{3}[A-Z]{3}\d{3}/.exec(told)?.[0];
  const { text } = await redacted(
    { text: 'Is C01X00T47 still right? My passport number is X01X00T48.' },
    named,
  );
  expect(text).toContain(`Is ${placeholder} still right?`);
  expect((await redacted({ text: 'Is C01X00T47 still right?' })).text).not.toContain('PASSPORT');
  expect(await (await chat('Is X01X00T48 still right?')).text()).toContain('Is X01X00T48 still');
});

test('what the text already holds of a placeholder stays what it is', async () => {
  const named = { 'x-tiergate-conversation': 'forged' };
  const { text: given } = await redacted({ text: mail }, named);
  const { text } = await redacted({ text: `${given} ${mail}` }, named);
  expect(String(text).startsWith(given)).toBe(true);
  expect(text).not.toBe(`${given} ${given}`);
});

test('who has no key learns nothing', async () => {
  const reply = await toReply(
    await fetch(`${tiergate.url}/v1/redact`, { method: 'POST', body: '{"text":"a"}' }),
  );
  expectFailure(reply, 'authenticate_missing');
});

test.each<[string, unknown, string, string | undefined]>([
  ['nothing to redact', {}, 'in_body_invalid', 'text'],
  ['a text that is none', { texts: ['a', 7] }, 'in_body_invalid', 'texts[1]'],
  ['no JSON', '{', 'in_body_not_json', undefined],
  ['more text than can be searched', { text: 'x '.repeat(1_100_000) }, 'detect_too_much', undefined],
])('%s is refused', async (_name, body, code, param) => {
  const reply = await ask(body);
  expect(JSON.parse(reply.body)).toMatchObject({ error: { code, param: param ?? null } });
  expect(reply.headers['x-request-id']).toMatch(/^req_/);
});

test('is bounded like the others: a full house tells it so before a byte of it is read', async () => {
  const full = await tiergate.serve((parts) => ({ ...parts, requestsMax: 0 }));
  const reply = await fetch(`${full.url}/v1/redact`, { method: 'POST', body: '{}' });
  await full.close();
  expectFailure(await toReply(reply), 'in_overloaded');
});

test('is timed and counted, and nothing of it is recorded', async () => {
  await redacted({ text: `a secret of ${mail}` });
  const metrics = await (await fetch(`${tiergate.url}/metrics`)).text();
  expect(metrics).toMatch(/http_server_request_duration_count\{.*http_route="\/v1\/redact"/);
  expect(metrics).toMatch(
    /tiergate_redactions_total\{tiergate_entity_kind="EMAIL_ADDRESS",http_route="\/v1\/redact".*\} [1-9]/,
  );
  const decisions = (await tiergate.decisions()).split('\n').filter((line) => line !== '');
  // The chats above.
  expect(decisions).toHaveLength(3);
  const kept = [
    tiergate.log(),
    metrics,
    JSON.stringify(tiergate.spans.getFinishedSpans().map(({ attributes }) => attributes)),
  ];
  expect(kept.join('')).not.toContain(mail);
});

/** The section `personal` of a policy through the whole gateway: what leaves, what comes back, who answers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { answering, type FakeProvider, startFakeProvider } from '../fake-provider.ts';
import { startGateway, type TestGateway } from './start.ts';

const POLICY = String.raw`version: 1
personal:
  kinds: [EMAIL_ADDRESS, PHONE_NUMBER, CREDIT_CARD, UK_NHS, SECRET, IBAN_CODE, MAC_ADDRESS]
  actions:
    PHONE_NUMBER: ignore
    CREDIT_CARD: mask
    MAC_ADDRESS: drop
    UK_NHS: { on_prem: { human: { queue: care, priority: high } } }
    SECRET: { refuse: { message: Please take the password out. } }
  allow: [support@shop.example]
  deny: [{ value: Project Falcon, kind: CUSTOM_PROJECT }]
  custom: [{ kind: CUSTOM_STAFF_ID, pattern: 'SH-\d{6}' }]
  tenants:
    development: { actions: { IBAN_CODE: ignore } }
    somebody: { actions: { EMAIL_ADDRESS: ignore } }
rules:
  - { id: all, because: All., then: { cloud: {} } }
unclassified: { because: None., then: { cloud: {} } }
`;

let folder: string;
let provider: FakeProvider;
let tiergate: TestGateway;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tiergate-personal-'));
  const file = join(folder, 'policy.yaml');
  writeFileSync(file, POLICY);
  provider = await startFakeProvider();
  tiergate = await startGateway(provider, { TIERGATE_POLICY: file });
}, 60_000);

afterAll(async () => {
  await tiergate.close();
  await provider.close();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  provider.received.length = 0;
  provider.behave(answering((body) => JSON.parse(body).messages.at(-1).content));
});

/** Sends a message to a provider that answers with what it gets. */
async function ask(content: string) {
  const response = await tiergate.post('/v1/chat/completions', {
    model: 'tiergate-auto',
    messages: [{ role: 'user', content }],
  });
  const body = JSON.parse(await response.text());
  return {
    status: response.status,
    rule: response.headers.get('x-tiergate-rule'),
    left: provider.received.map((received) => JSON.parse(received.body).messages.at(-1).content as string),
    answer: body.choices?.[0]?.message.content as string | undefined,
    error: body.error?.message as string | undefined,
  };
}

test.each([
  ['an ignored kind', 'Call +44 20 7946 0958.'],
  ['an allowed value', 'Write to support@shop.example.'],
  ['a kind that is not listed', 'The server is 203.0.113.77.'],
  ['a kind that the tenant ignores', 'Pay to GB82 WEST 1234 5698 7654 32.'],
])('%s leaves as it is, past the guard', async (_what, content) => {
  expect(await ask(content)).toMatchObject({ status: 200, left: [content], answer: content });
});

test.each([
  ['a denied value', 'How is project FALCON?', 'FALCON', 'CUSTOM_PROJECT'],
  ['what a pattern of its own finds', 'I am SH-123456.', 'SH-123456', 'CUSTOM_STAFF_ID'],
  ['a kind that another tenant ignores', 'I am jane@example.org.', 'jane@example.org', 'EMAIL_ADDRESS'],
])('%s is replaced, and comes back', async (_what, content, value, kind) => {
  const { status, left, answer } = await ask(content);
  expect([status, answer]).toEqual([200, content]);
  expect(left).toHaveLength(1);
  expect(left[0]).not.toContain(value);
  expect(left[0]?.toUpperCase()).toContain(kind);
});

test('a masked value is replaced for good, and a dropped one is taken out', async () => {
  const { status, left, answer } = await ask(
    'Card 4111 1111 1111 1111 of 00:1B:44:11:3A:B7, me@example.org.',
  );
  expect(status).toBe(200);
  expect(left).toHaveLength(1);
  for (const text of [left[0], answer]) {
    expect(text).not.toContain('1111');
    expect(text).not.toContain('3A:B7');
    expect(text?.toUpperCase()).toContain('CREDIT_CARD');
    expect(text?.toUpperCase()).not.toContain('MAC_ADDRESS');
  }
  expect(left[0]).not.toContain('me@example.org');
  expect(answer).toContain('me@example.org');
});

test('an action keeps a request in the house, whatever rule takes it', async () => {
  expect(await ask('My NHS number is 943 476 5919.')).toMatchObject({
    rule: 'personal-uk_nhs-on_prem',
    left: [],
  });
});

test('an action refuses a request with its sentence', async () => {
  expect(await ask('my password is hunter2!secret')).toMatchObject({
    status: 403,
    rule: 'personal-secret-refuse',
    left: [],
    error: expect.stringContaining('Please take the password out.'),
  });
});

test('what is recorded counts kinds, its own too, and holds no value', async () => {
  await ask('SH-654321 of Project Falcon');
  const decisions = await tiergate.decisions();
  expect(decisions).toContain('"CUSTOM_STAFF_ID":1');
  expect(decisions).toContain('"CUSTOM_PROJECT":1');
  expect(decisions).not.toContain('654321');
  expect(decisions).not.toContain('Falcon');
});

/** Personal data that a cloud model itself brings back, through the whole gateway: counted, and masked if the policy says so. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { answering, type FakeProvider, startFakeProvider } from '../fake-provider.ts';
import { startGateway, type TestGateway } from './start.ts';

const policyWith = (personal: string): string => `version: 1
${personal}
rules:
  - { id: all, because: All., then: { cloud: {} } }
unclassified: { because: None., then: { cloud: {} } }
`;
const MINE = 'jane@example.org';
const THEIRS = 'bob.jones@example.net';

let folder: string;
let file: string;
let provider: FakeProvider;
let tiergate: TestGateway;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tiergate-answers-'));
  file = join(folder, 'policy.yaml');
  writeFileSync(file, policyWith(''));
  provider = await startFakeProvider();
  tiergate = await startGateway(provider, { TIERGATE_POLICY: file });
}, 60_000);
afterAll(async () => {
  await tiergate.close();
  await provider.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  // It says what it was told, and knows an address of its own.
  provider.behave(answering((body) => `${JSON.parse(body).messages.at(-1).content} Or ${THEIRS}, today.`));
});

const ask = { model: 'tiergate-auto', messages: [{ role: 'user' as const, content: `I am ${MINE}.` }] };
const whole = async () => (await tiergate.client.chat.completions.create(ask)).choices[0]?.message.content;
const streamed = async () => {
  const chunks = await Array.fromAsync(
    await tiergate.client.chat.completions.create({ ...ask, stream: true }),
  );
  return chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
};
const lastRecord = async () => {
  const lines = (await tiergate.decisions()).trim().split('\n');
  return JSON.parse(lines.at(-1) ?? '') as Record<string, unknown>;
};

test('is counted in record and metric, apart from what the request held, and comes as it is', async () => {
  for (const answer of [whole, streamed]) {
    expect(await answer()).toBe(`I am ${MINE}. Or ${THEIRS}, today.`);
    expect(await lastRecord()).toMatchObject({ redacted: 1, answerPersonal: { EMAIL_ADDRESS: 1 } });
  }
  const metrics = await (await fetch(`${tiergate.url}/metrics`)).text();
  expect(metrics).toMatch(/^tiergate_answer_personal_total\{tiergate_entity_kind="EMAIL_ADDRESS".* 2$/m);
});

test('is masked where the policy says so; what the request held is put back all the same', async () => {
  writeFileSync(file, policyWith('personal: { answers: mask }'));
  await tiergate.gateway.policy.reload();
  for (const answer of [whole, streamed]) {
    const text = await answer();
    expect(text).toMatch(/^I am jane@example\.org\. Or \S*EMAIL_ADDRESS\S*, today\.$/);
    expect(await lastRecord()).toMatchObject({ answerPersonal: { EMAIL_ADDRESS: 1 } });
  }
});

test('an answer that holds nothing is told from one that nobody looked at', async () => {
  provider.behave(answering('Hello.'));
  await whole();
  expect(await lastRecord()).toMatchObject({ answerPersonal: {} });
  provider.behave((_body, res) => void res.writeHead(400).end('{}'));
  await expect(whole()).rejects.toThrow();
  expect(await lastRecord()).toMatchObject({ answerPersonal: null });
});

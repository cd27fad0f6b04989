/** What one request of a conversation held is hidden in the next, through the whole gateway. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { answering, type FakeProvider, startFakeProvider } from '../fake-provider.ts';
import { startGateway, type TestGateway } from './start.ts';

let provider: FakeProvider;
let tiergate: TestGateway;

beforeAll(async () => {
  provider = await startFakeProvider();
  tiergate = await startGateway(provider);
}, 60_000);

afterAll(async () => {
  await tiergate.close();
  await provider.close();
});

beforeEach(() => {
  provider.received.length = 0;
  provider.behave(answering((body) => JSON.parse(body).messages.at(-1).content));
});

/** Sends a message to a provider that answers with what it gets. */
async function ask(content: string, conversation?: string, model = 'tiergate-cloud') {
  const headers = conversation === undefined ? {} : { 'x-tiergate-conversation': conversation };
  const messages = [{ role: 'user', content }];
  const response = await tiergate.post('/v1/chat/completions', { model, messages }, headers);
  const answer = JSON.parse(await response.text()).choices?.[0].message.content as string;
  return {
    answer,
    left: JSON.parse(provider.received.at(-1)?.body ?? '{"messages":[{}]}').messages.at(-1).content as string,
  };
}

test('a value that only an earlier request explained is hidden, under the same placeholder, and comes back', async () => {
  const first = await ask('My passport number is C01X00T47.', 'c1');
  const placeholder = /PASSPORT_\d{3}[A-Z]{3}\d{3}/.exec(first.left)?.[0];
  expect(placeholder).toBeDefined();
  const second = await ask('Is C01X00T47 still right?', 'c1');
  expect(second).toEqual({ left: `Is ${placeholder} still right?`, answer: 'Is C01X00T47 still right?' });
});

test('another conversation, and one without a name, know nothing of it', async () => {
  await ask('My passport number is C01X00T47.', 'c2');
  for (const name of ['c3', undefined]) {
    expect((await ask('Is C01X00T47 still right?', name)).left).not.toContain('PASSPORT');
  }
});

test('what a request held that stayed in the house is hidden as well', async () => {
  await ask('My passport number is C01X00T47.', 'c4', 'tiergate-local');
  expect(provider.received).toEqual([]);
  expect((await ask('Is C01X00T47 still right?', 'c4')).left).toMatch(/^Is PASSPORT_\w{9} still right\?$/);
});

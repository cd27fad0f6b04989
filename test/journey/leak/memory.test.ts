/** What one request of a conversation explains, a later one may only repeat: it is hidden there too, and there alone. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { answering, type FakeProvider, startFakeProvider } from '../../fake-provider.ts';
import { startGateway, type TestGateway } from '../start.ts';
import { type RecordingProvider, startRecordingProvider } from './provider.ts';
import { send } from './send.ts';
import { trialOf } from './trial.ts';

let plain: FakeProvider;
let provider: RecordingProvider;
let tiergate: TestGateway;
let repeating: TestGateway;
beforeAll(async () => {
  plain = await startFakeProvider();
  provider = await startRecordingProvider();
  tiergate = await startGateway(plain, { TIERGATE_LOG_LEVEL: 'error' });
  repeating = await startGateway(provider.provider, { TIERGATE_LOG_LEVEL: 'error' });
}, 60_000);
afterAll(async () => {
  await tiergate?.close();
  await repeating?.close();
  await plain.close();
  await provider.close();
});

async function say(content: string, conversation: string): Promise<{ sent: string; answer: string }> {
  plain.received.length = 0;
  plain.behave(answering((body) => JSON.parse(body).messages[0].content));
  const body = { model: 'tiergate-cloud', messages: [{ role: 'user', content }] };
  const response = await tiergate.post('/v1/chat/completions', body, {
    'x-tiergate-conversation': conversation,
  });
  const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
  return { sent: plain.received.map((each) => each.body).join(), answer: choices[0]?.message.content ?? '' };
}

test('a number that needed a word', async () => {
  const number = '6180339887';
  const explained = `My bank account number is ${number}.`;
  const repeated = `Please look at ${number} once more.`;
  expect((await say(explained, 'one')).sent).not.toContain(number);
  const again = await say(repeated, 'one');
  expect(again.sent).not.toContain(number);
  expect(again.answer).toBe(repeated);
  // In a conversation that has not explained it, it is a number like any other: the test can fail.
  expect((await say(repeated, 'another')).sent).toContain(number);
});

test('many requests of one conversation, one after another and at once', async () => {
  const door = { url: repeating.url, key: repeating.key, conversation: 'shared' };
  for (let seed = 5_000; seed < 5_010; seed += 1) {
    expect((await send(trialOf(seed), door, provider)).complaints).toEqual([]);
  }
  const sent = await Promise.all(
    Array.from({ length: 24 }, (_, at) => send(trialOf(6_000 + at), door, provider)),
  );
  expect(sent.flatMap(({ complaints }) => complaints)).toEqual([]);
});

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createAskModel } from '../../src/answer/model.ts';
import type { Inquiry } from '../../src/shapes.ts';
import { createHttpTransport, type HttpTransport } from '../../src/upstream/transport.ts';
import { readChatRequest } from '../../src/wire/chat-request.ts';
import {
  answering,
  egressTo,
  type FakeProvider,
  json,
  sending,
  silent,
  startFakeProvider,
} from '../fake-provider.ts';

const LIMITS = { firstByteWaitMsMax: 200, idleWaitMsMax: 200, answerBytesMax: 100_000, attemptsMax: 1 };
let server: FakeProvider;
let http: HttpTransport;
beforeEach(async () => {
  server = await startFakeProvider(answering('From the house.'));
  http = createHttpTransport({ connectWaitMsMax: 1_000, egress: egressTo(server.url) });
});
afterEach(async () => {
  await Promise.all([http.close(), server.close()]);
});

const inquiry = (more: object = {}): Inquiry =>
  readChatRequest(
    {
      model: 'tiergate-auto',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Mail ann@shop.example?' },
      ],
      seed: 7,
      ...more,
    },
    { requestId: 'r' },
  );
const ask = (
  asked: Inquiry,
  passages: { title: string; text: string }[] = [],
  signal = new AbortController().signal,
) =>
  createAskModel({ baseUrl: `${server.url}/`, model: 'house-model' }, http.post, LIMITS)(
    asked,
    passages,
    signal,
  );
const sent = () => JSON.parse(server.received[0]?.body ?? '{}');

describe('the model server inside the perimeter', () => {
  test('gets the passages after a developer message as well', async () => {
    const messages = [
      { role: 'developer', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
    ];
    await ask(inquiry({ messages }), [{ title: 'Mail', text: 'Write to us.' }]);
    const roles = sent().messages.map(({ role }: { role: string }) => role);
    expect(roles).toEqual(['developer', 'system', 'user']);
  });

  test('gets the request as it is, and the passages after the system message', async () => {
    const answer = await ask(inquiry(), [{ title: 'Mail', text: 'Write to us.' }]);
    expect(answer).toMatchObject({
      tier: 'local',
      provider: 'local',
      model: 'house-model',
      form: 'whole',
      attempts: 1,
    });
    expect(sent()).toMatchObject({ model: 'house-model', seed: 7 });
    const { messages } = sent();
    expect(messages.map(({ role }: { role: string }) => role)).toEqual(['system', 'system', 'user']);
    expect(messages[1].content).toContain('# Mail\n\nWrite to us.');
    expect(messages[2].content).toBe('Mail ann@shop.example?');
    expect(server.received[0]?.headers.authorization).toBeUndefined();
  });

  test('gets no message of ours where there is no passage', async () => {
    await ask(inquiry());
    expect(sent().messages).toHaveLength(2);
  });

  test('streams', async () => {
    const answer = await ask(inquiry({ stream: true }));
    const chunks = answer.form === 'stream' ? await Array.fromAsync(answer.chunks) : [];
    expect(JSON.stringify(chunks)).toContain('From the house.');
  });

  test('that fails is unavailable, whatever the reason', async () => {
    for (const behaviour of [json(500, {}), json(401, {}), json(200, { no: 'choices' }), silent]) {
      server.behave(behaviour);
      await expect(ask(inquiry())).rejects.toMatchObject({ code: 'answer_unavailable' });
    }
  });

  test('that breaks off in the middle of a stream is unavailable, too', async () => {
    const chunk = { choices: [{ index: 0, delta: { content: 'a' }, finish_reason: null }] };
    server.behave(sending([`data: ${JSON.stringify(chunk)}\n\n`], 'reset'));
    const answer = await ask(inquiry({ stream: true }));
    const read = answer.form === 'stream' ? Array.fromAsync(answer.chunks) : Promise.resolve();
    await expect(read).rejects.toMatchObject({ code: 'answer_unavailable', detail: 'escalate_broken_off' });
  });

  test('is left alone when the application goes away', async () => {
    server.behave(silent);
    const gone = new AbortController();
    const asked = ask(inquiry(), [], gone.signal).catch((error: unknown) => error);
    while (server.received.length === 0) await new Promise(setImmediate);
    gone.abort(new Error('gone'));
    expect(await asked).toMatchObject({ message: 'gone' });
    await server.received[0]?.abandoned;
  });
});

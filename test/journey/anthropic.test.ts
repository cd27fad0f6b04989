/** An application that speaks OpenAI, a cloud that speaks Anthropic. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type FakeProvider, json, sending, startFakeProvider } from '../fake-provider.ts';
import { startGateway, type TestGateway } from './start.ts';

let provider: FakeProvider;
let tiergate: TestGateway;
const EMAIL = 'ann.smith@shop.example';

beforeAll(async () => {
  provider = await startFakeProvider();
  const file = join(mkdtempSync(join(tmpdir(), 'tiergate-')), 'providers.yaml');
  writeFileSync(
    file,
    `providers: [{ name: claude, format: anthropic, base_url: "${provider.url}", api_key_env: KEY, models: [claude-x] }]\n`,
  );
  tiergate = await startGateway(null, { TIERGATE_PROVIDERS: file, KEY: 'sk-ant' });
}, 60_000);
afterAll(async () => {
  await tiergate.close();
  await provider.close();
});

const ask = { model: 'tiergate-cloud', messages: [{ role: 'user' as const, content: `Write to ${EMAIL}` }] };
const placeholder = (body: string) => /EMAIL_ADDRESS_\w+/.exec(body)?.[0] ?? 'none';
const event = (data: object) =>
  `event: ${(data as { type: string }).type}\ndata: ${JSON.stringify(data)}\n\n`;

test('a whole answer is translated both ways, and restored', async () => {
  provider.behave((body, res, received) =>
    json(200, {
      type: 'message',
      id: 'msg_1',
      model: 'claude-x',
      content: [{ type: 'text', text: `Dear ${placeholder(body)}` }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 9, output_tokens: 4 },
    })(body, res, received),
  );
  const answer = await tiergate.client.chat.completions.create(ask);
  expect(answer.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: `Dear ${EMAIL}` } });
  expect(answer.usage).toMatchObject({ prompt_tokens: 9, completion_tokens: 4 });
  const [sent] = provider.received;
  expect(sent?.path).toBe('/v1/messages');
  expect(sent?.headers).toMatchObject({ 'x-api-key': 'sk-ant', 'anthropic-version': '2023-06-01' });
  expect(sent?.body).not.toContain('ann.smith');
});

test('a stream is translated event by event, with usage only for those who asked', async () => {
  provider.behave(async (body, res, received) => {
    const [head, tail] = [placeholder(body).slice(0, 9), placeholder(body).slice(9)];
    const delta = (text: string) =>
      event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } });
    const input = (text: string) =>
      event({
        type: 'content_block_delta',
        index: 1,
        delta: { type: 'input_json_delta', partial_json: text },
      });
    await sending([
      event({
        type: 'message_start',
        message: { id: 'm', model: 'claude-x', usage: { input_tokens: 9, output_tokens: 1 } },
      }),
      event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
      delta(`To ${head}`),
      delta(`${tail}!`),
      event({
        type: 'content_block_start',
        index: 1,
        content_block: { type: 'tool_use', id: 't', name: 'mail' },
      }),
      input(`{"to":"${head}`),
      input(`${tail}"}`),
      event({ type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 6 } }),
      event({ type: 'message_stop' }),
    ])(body, res, received);
  });
  const read = async (more: object) =>
    Array.fromAsync(await tiergate.client.chat.completions.create({ ...ask, ...more, stream: true }));
  const chunks = await read({});
  expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe(`To ${EMAIL}!`);
  const argument = chunks
    .map((chunk) => chunk.choices[0]?.delta.tool_calls?.[0]?.function?.arguments ?? '')
    .join('');
  expect(JSON.parse(argument)).toEqual({ to: EMAIL });
  expect(chunks.some(({ usage }) => usage)).toBe(false);
  const asked = await read({ stream_options: { include_usage: true } });
  expect(asked.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 6 } });
});

test('what Anthropic cannot do is refused, and names the field', async () => {
  const asked = tiergate.client.chat.completions.create({ ...ask, n: 2 });
  await expect(asked).rejects.toMatchObject({ status: 400, code: 'escalate_rejected', param: 'n' });
});

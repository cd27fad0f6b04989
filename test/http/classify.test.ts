/** POST /v1/classify with what it should not get; what it does with the rest is tested as a journey. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startGateway, type TestGateway } from '../journey/start.ts';
import { expectFailure, toReply } from './socket.ts';

let tiergate: TestGateway;
beforeAll(async () => {
  tiergate = await startGateway(null);
}, 60_000);
afterAll(() => tiergate.close());
const classify = async (body: unknown) => toReply(await tiergate.post('/v1/classify', body));

test.each<[string, unknown, string]>([
  ['a text that is a number', { text: 1 }, 'messages'],
  ['a text that is a list', { text: ['a'] }, 'messages'],
  ['nothing', {}, 'messages'],
  ['a text beside messages that are none', { text: 'Hello', messages: 'Hello' }, 'messages'],
  ['a list', [], 'body'],
])('%s is refused, with the field at fault', async (_name, body, param) => {
  const reply = await classify(body);
  expect(JSON.parse(reply.body)).toMatchObject({ error: { code: 'in_body_invalid', param } });
  expect(reply.headers['x-request-id']).toMatch(/^req_/);
});

test('a model that is not there is refused, also here', async () => {
  expectFailure(await classify({ text: 'Hello', model: 'nobody' }), 'in_unknown_model', { param: 'model' });
});

test('an empty text has no labels, and says why; the row for that decides', async () => {
  expect(JSON.parse((await classify({ text: ' ' })).body)).toMatchObject({
    labels: { status: 'unclassified', reason: 'empty' },
    decision: { tier: 'human', because: 'Nobody knows.' },
  });
});

test('a whole chat request is taken too, the labels made although no rule needs them', async () => {
  const messages = [{ role: 'user', content: 'How do I return something I bought?' }];
  const reply = await classify({ model: 'tiergate-cloud', messages });
  expect(JSON.parse(reply.body)).toMatchObject({
    id: reply.headers['x-request-id'],
    labels: { status: 'classified', intent: 'return_item' },
    decision: { tier: 'cloud', rule: 'to-cloud' },
  });
});

test('is timed, and neither logged nor counted as a decision: none was carried out', async () => {
  await classify({ text: 'Hello' });
  expect(await tiergate.decisions()).toBe('');
  const metrics = await (await fetch(`${tiergate.url}/metrics`)).text();
  expect(metrics).toMatch(/http_server_request_duration_count\{.*http_route="\/v1\/classify"/);
  expect(metrics).not.toContain('tiergate_requests_total{');
});

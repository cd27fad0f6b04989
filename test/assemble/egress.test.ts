/** The ways out as a gateway has them, to real servers, with the operator's log and metrics beside. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openEgress } from '../../src/assemble/egress.ts';
import { createLog } from '../../src/record/log.ts';
import { startTelemetry, type Telemetry } from '../../src/record/telemetry.ts';
import { readSettings } from '../../src/settings.ts';
import type { Provider } from '../../src/upstream/providers.ts';
import { REHEARSAL_URL } from '../../src/upstream/rehearsal.ts';
import { type FakeProvider, startFakeProvider } from '../fake-provider.ts';

const MAIL = 'jane.canary@example.com';
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
let cloud: FakeProvider;
let telemetry: Telemetry;
let ways: ReturnType<typeof openEgress>;
let lines: () => Record<string, unknown>[];
/** What every name leads to. */
let address: string;

beforeEach(async () => {
  cloud = await startFakeProvider();
  telemetry = startTelemetry({ otlp: { traces: false, metrics: false } });
  address = '127.0.0.1';
});
afterEach(async () => {
  await ways.close();
  await Promise.all([cloud.close(), telemetry.close()]);
});

const named = (host: string): string => cloud.url.replace('127.0.0.1', host);

function open(baseUrl: string, env: Record<string, string> = {}): void {
  const to = new PassThrough();
  lines = () =>
    String(to.read() ?? '')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const provider: Provider = {
    name: 'cloud',
    format: 'openai',
    baseUrl,
    apiKey: undefined,
    models: ['m'],
    listsModels: true,
    restores: true,
  };
  const around = {
    settings: readSettings(env),
    log: createLog({ level: 'info', to }),
    step: <T>(_what: string, run: (show: () => void) => Promise<T>) => run(() => undefined),
    tell: () => undefined,
    resolve: async () => [{ address, family: 4 }],
  };
  ways = openEgress(around, [provider], telemetry);
}

const outgoing = (url: string, body: string, forbidden: readonly string[] = []) => ({
  url,
  headers: { traceparent: `00-${TRACE_ID}-b7ad6b7169203331-01` },
  body,
  forbidden,
  signal: new AbortController().signal,
});
const code = (name: string) => expect.objectContaining({ code: name });

async function metrics(): Promise<string[]> {
  const server = createServer(telemetry.metricsHandler);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const text = await (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)).text();
  await new Promise((resolve) => void server.close(resolve));
  return text.split('\n').flatMap((line) => {
    const match = /^tiergate_egress_blocked_total\{.*tiergate_why="(\w+)".* (\d+)$/.exec(line);
    return match === null || match[2] === '0' ? [] : [`${match[1]} ${match[2]}`];
  });
}

test('what holds personal data does not leave: counted, and told without the value', async () => {
  open(cloud.url);
  const url = `${cloud.url}/chat/completions`;
  await ways.outside(outgoing(url, '{"a":"nothing of anybody"}'));
  await expect(ways.outside(outgoing(url, `{"a":"${MAIL}"}`))).rejects.toEqual(code('escalate_blocked'));
  const hex = Buffer.from('Jane Canary').toString('hex');
  await expect(ways.outside(outgoing(url, `{"a":"${hex}"}`, ['Jane Canary']))).rejects.toEqual(
    code('escalate_blocked'),
  );
  await expect(ways.get({ ...outgoing(`${cloud.url}/models?of=${MAIL}`, '') })).rejects.toEqual(
    code('escalate_blocked'),
  );
  const rehearsal = outgoing(`${REHEARSAL_URL}/chat/completions`, `{"a":"${MAIL}"}`);
  await expect(ways.rehearsal(rehearsal)).rejects.toEqual(code('escalate_blocked'));
  expect(cloud.received.map(({ body }) => body)).toEqual(['{"a":"nothing of anybody"}']);

  const host = '127.0.0.1';
  const told = lines();
  const blocked = { level: 'error', event: 'egress_blocked', traceId: TRACE_ID };
  expect(told).toMatchObject([
    { ...blocked, why: 'personal_data', place: 'body', host },
    { ...blocked, why: 'replaced_value', place: 'body', host },
    { ...blocked, why: 'personal_data', place: 'address', host },
    { ...blocked, why: 'personal_data', place: 'body', host: 'rehearsal' },
  ]);
  expect(JSON.stringify(told)).not.toMatch(/canary|6361/i);
  expect((await metrics()).toSorted()).toEqual(['personal_data 3', 'replaced_value 1']);
});

test('a provider whose name leads inside is not asked, unless the setting says so', async () => {
  open(named('cloud.example'));
  const url = `${named('cloud.example')}/chat/completions`;
  await expect(ways.outside(outgoing(url, '{}'))).rejects.toEqual(code('escalate_host_refused'));
  expect(cloud.received).toEqual([]);
  expect(lines()).toMatchObject([{ why: 'address_refused', place: 'address', host: 'cloud.example' }]);
  expect(await metrics()).toEqual(['address_refused 1']);
  await ways.close();
  open(named('cloud.example'), { TIERGATE_PRIVATE_HOSTS: 'other.example,cloud.example' });
  expect(await ways.outside(outgoing(url, '{}'))).toMatchObject({ status: 200 });
});

test('the model server inside gets requests as they are, and its name leads nowhere else', async () => {
  const url = named('gpu.internal');
  open('https://cloud.example/v1', { TIERGATE_LOCAL_BASE_URL: url, TIERGATE_LOCAL_MODEL: 'm' });
  await ways.inside(outgoing(`${url}/chat/completions`, `{"a":"${MAIL}"}`));
  expect(cloud.received[0]?.body).toContain(MAIL);
  await expect(ways.outside(outgoing('https://elsewhere.example/', '{}'))).rejects.toEqual(
    code('escalate_host_refused'),
  );
  await ways.close();
  address = '93.184.215.14';
  open('https://cloud.example/v1', { TIERGATE_LOCAL_BASE_URL: url, TIERGATE_LOCAL_MODEL: 'm' });
  await expect(ways.inside(outgoing(`${url}/chat/completions`, `{"a":"${MAIL}"}`))).rejects.toEqual(
    code('escalate_host_refused'),
  );
  expect(cloud.received).toHaveLength(1);
});

test('the receiver of webhooks may be anywhere', async () => {
  const url = `${named('tickets.example')}/hook?token=hunter2secret&mail=${MAIL}`;
  open('https://cloud.example/v1', { TIERGATE_WEBHOOK_URL: url, TIERGATE_WEBHOOK_SECRET: 'whsec_x' });
  const headers = {
    'content-type': 'application/json',
    'webhook-id': 'ho_0123456789abcdefghjkmnpqrs',
    'webhook-timestamp': '1763655000',
    'webhook-signature': `v1,${Buffer.alloc(32, 4711).toString('base64')}`,
  };
  expect(await ways.outside({ ...outgoing(url, '{"type":"handoff.created"}'), headers })).toMatchObject({
    status: 200,
  });
});

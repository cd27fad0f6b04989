import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Blocked } from '../../src/upstream/blocked.ts';
import { createEgress, type Destination, type Resolve } from '../../src/upstream/egress.ts';
import { createHttpTransport, type HttpTransport } from '../../src/upstream/transport.ts';
import { type FakeProvider, startFakeProvider } from '../fake-provider.ts';

let provider: FakeProvider;
let port: string;
let transports: HttpTransport[] = [];
let blocked: Blocked[] = [];
let asked: string[] = [];
beforeEach(async () => {
  provider = await startFakeProvider();
  port = new URL(provider.url).port;
  [transports, blocked, asked] = [[], [], []];
});
afterEach(async () => {
  await Promise.all(transports.map((http) => http.close()));
  await provider.close();
});

/** A name server: gives what it is told for each name, one answer after the other. */
const names =
  (records: Record<string, readonly (readonly string[])[]>): Resolve =>
  async (hostname) => {
    const turn = asked.filter((name) => name === hostname).length;
    asked.push(hostname);
    const answers = records[hostname] ?? [];
    const addresses = answers[Math.min(turn, answers.length - 1)];
    if (addresses === undefined) throw Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND' });
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };

function open(
  destinations: readonly Destination[],
  more: { resolve?: Resolve; privateHosts?: readonly string[] } = {},
) {
  const onBlocked = (one: Blocked) => blocked.push(one);
  const egress = createEgress(destinations, { ...more, onBlocked });
  const http = createHttpTransport({ connectWaitMsMax: 1_000, egress, onBlocked });
  transports.push(http);
  const signal = new AbortController().signal;
  return {
    post: async (url: string) => {
      const { status, body } = await http.post({
        url,
        headers: {},
        body: '{}',
        forbidden: [],
        signal,
      });
      for await (const _piece of body);
      return { status };
    },
    get: (url: string) => http.get({ url, headers: {}, signal }),
  };
}
const refused = expect.objectContaining({ code: 'escalate_host_refused' });
const paths = () => provider.received.map(({ path }) => path);

describe('requests go to the configured addresses', () => {
  test('and nowhere else, whatever the URL is', async () => {
    const other = await startFakeProvider();
    const { post, get } = open([{ baseUrl: provider.url, place: 'outside' }]);
    expect(await post(`${provider.url}/chat/completions`)).toMatchObject({ status: 200 });
    const { host } = new URL(provider.url);
    for (const url of [
      `${other.url}/chat/completions`,
      `http://${host}/v2/chat/completions`,
      `http://${host}/v1/../admin`,
      `http://${host}/v1x`,
      `http://name:password@${host}/v1/models`,
      `https://${host}/v1/models`,
      'http://localhost.evil.example/v1',
    ]) {
      await expect(post(url)).rejects.toEqual(refused);
      await expect(get(url)).rejects.toEqual(refused);
    }
    expect([paths(), other.received]).toEqual([['/v1/chat/completions'], []]);
    expect(blocked).toContainEqual({ why: 'unknown_host', place: 'address' });
    await other.close();
  });

  test('not to where a redirect points', async () => {
    const other = await startFakeProvider();
    for (const location of [`${other.url}/chat/completions`, 'http://169.254.169.254/latest/meta-data/']) {
      for (const status of [301, 302, 303, 307, 308]) {
        provider.behave((_body, res) => void res.writeHead(status, { location }).end());
        const { post, get } = open([{ baseUrl: provider.url, place: 'outside' }]);
        await expect(post(`${provider.url}/chat/completions`)).rejects.toEqual(refused);
        await expect(get(`${provider.url}/models`)).rejects.toEqual(refused);
      }
    }
    expect(other.received).toEqual([]);
    expect(new Set(blocked.map(({ why, host }) => `${why} ${host}`))).toEqual(
      new Set(['redirected 127.0.0.1']),
    );
    await other.close();
  });

  test('an address that the configuration names is that one, private or not', async () => {
    const { post } = open([{ baseUrl: `http://[::ffff:127.0.0.1]:${port}/v1`, place: 'outside' }]);
    expect(await post(`http://[::ffff:127.0.0.1]:${port}/v1/x`)).toMatchObject({ status: 200 });
    expect(asked).toEqual([]);
  });
});

describe('the name of a host outside', () => {
  const url = (host: string) => `http://${host}:${port}/v1`;

  test.each([
    ['this machine', ['127.0.0.1']],
    ['a private network', ['10.1.2.3']],
    ['a metadata service', ['169.254.169.254']],
    ['this machine, as IPv6', ['::1']],
    ['a private network, mapped', ['::ffff:192.168.0.1']],
    ['one good address and one bad one', ['93.184.215.14', '127.0.0.1']],
    ['a hundred addresses', Array.from({ length: 100 }, (_, i) => `93.184.215.${i}`)],
  ])('that leads to %s is refused', async (_where, addresses) => {
    const resolve = names({ 'cloud.example': [addresses] });
    const { post, get } = open([{ baseUrl: url('cloud.example'), place: 'outside' }], { resolve });
    await expect(post(`${url('cloud.example')}/x`)).rejects.toEqual(refused);
    await expect(get(`${url('cloud.example')}/models`)).rejects.toEqual(refused);
    const secure = url('cloud.example').replace('http:', 'https:');
    const tls = open([{ baseUrl: secure, place: 'outside' }], { resolve });
    await expect(tls.post(`${secure}/x`)).rejects.toEqual(refused);
    expect(provider.received).toEqual([]);
    expect(blocked[0]).toEqual({ why: 'address_refused', place: 'address', host: 'cloud.example' });
  });

  test('may lead to a private network where the setting says so, but nowhere else', async () => {
    const privateHosts = ['a.example', 'b.example'];
    const resolve = names({ 'a.example': [['127.0.0.1']], 'b.example': [['169.254.169.254']] });
    const a = open([{ baseUrl: url('a.example'), place: 'outside' }], { resolve, privateHosts });
    expect(await a.post(`${url('a.example')}/x`)).toMatchObject({ status: 200 });
    const b = open([{ baseUrl: url('b.example'), place: 'outside' }], { resolve, privateHosts });
    await expect(b.post(`${url('b.example')}/x`)).rejects.toEqual(refused);
    const egress = createEgress([{ baseUrl: 'https://a.example/v1', place: 'outside' }], {
      privateHosts,
      resolve: names({ 'a.example': [['10.1.2.3', '93.184.215.14']] }),
    });
    const given = await new Promise((resolve) =>
      egress.routes[0]?.lookup('a.example', { all: true }, (error, found) => resolve(error ?? found)),
    );
    expect(given).toEqual([
      { address: '10.1.2.3', family: 4 },
      { address: '93.184.215.14', family: 4 },
    ]);
  });

  test('that nobody knows is out of reach', async () => {
    const { post } = open([{ baseUrl: url('nowhere.example'), place: 'outside' }], { resolve: names({}) });
    await expect(post(`${url('nowhere.example')}/x`)).rejects.toMatchObject({ code: 'escalate_unreachable' });
    expect(blocked).toEqual([]);
  });
});

describe('the name of a host inside', () => {
  const url = (host: string) => `http://${host}:${port}/v1`;

  test('leads to a private address', async () => {
    const resolve = names({ 'gpu.internal': [['127.0.0.1']] });
    const { post } = open([{ baseUrl: url('gpu.internal'), place: 'inside' }], { resolve });
    for (let i = 0; i < 3; i++) await post(`${url('gpu.internal')}/x`);
    expect(paths()).toEqual(['/v1/x', '/v1/x', '/v1/x']);
    expect(new Set(asked)).toEqual(new Set(['gpu.internal']));
  });

  test.each([['93.184.215.14'], ['169.254.169.254'], ['2606:4700:4700::1111']])(
    'that leads to %s is refused: what goes there is not redacted',
    async (address) => {
      const resolve = names({ 'gpu.internal': [[address]] });
      const { post } = open([{ baseUrl: url('gpu.internal'), place: 'inside' }], { resolve });
      await expect(post(`${url('gpu.internal')}/x`)).rejects.toEqual(refused);
      expect(blocked).toMatchObject([{ why: 'address_refused', host: 'gpu.internal' }]);
    },
  );

  test('that changes from one connection to the next is looked at anew (DNS rebinding)', async () => {
    const resolve = names({ 'gpu.internal': [['127.0.0.1'], ['93.184.215.14']] });
    const { post } = open([{ baseUrl: url('gpu.internal'), place: 'inside' }], { resolve });
    provider.behave((_body, res) => void res.writeHead(200, { connection: 'close' }).end('{}'));
    expect(await post(`${url('gpu.internal')}/x`)).toMatchObject({ status: 200 });
    await expect(post(`${url('gpu.internal')}/x`)).rejects.toEqual(refused);
    expect(paths()).toEqual(['/v1/x']);
  });

  test('the connection goes to an address that was checked, and the name is not asked for again', async () => {
    // The second answer would be given to whoever resolved the name a second time for the same connection.
    const resolve = names({ 'gpu.internal': [['127.0.0.1'], ['127.0.0.2']] });
    const reached = Promise.withResolvers<string | undefined>();
    const server: TcpServer = createTcpServer((socket) => {
      reached.resolve(socket.localAddress);
      socket.destroy();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const baseUrl = `http://gpu.internal:${(server.address() as AddressInfo).port}`;
    const { post } = open([{ baseUrl, place: 'inside' }], { resolve });
    await expect(post(`${baseUrl}/x`)).rejects.toMatchObject({ code: 'escalate_unreachable' });
    expect([await reached.promise, asked]).toEqual(['127.0.0.1', ['gpu.internal']]);
    await new Promise((done) => server.close(done));
  });

  test('localhost is this machine, whatever a name server says', async () => {
    const resolve = names({ localhost: [['127.0.0.1']], 'x.localhost': [['93.184.215.14']] });
    for (const place of ['outside', 'inside', 'either'] as const) {
      const { post } = open([{ baseUrl: url('localhost'), place }], { resolve });
      expect(await post(`${url('localhost')}/x`)).toMatchObject({ status: 200 });
      const other = open([{ baseUrl: url('x.localhost'), place }], { resolve });
      await expect(other.post(`${url('x.localhost')}/x`)).rejects.toEqual(refused);
    }
  });
});

test('what shares an origin shares its connections, so a name has to suit both', async () => {
  const baseUrl = `http://both.example:${port}`;
  const places = [
    { baseUrl: `${baseUrl}/cloud`, place: 'outside' },
    { baseUrl: `${baseUrl}/house`, place: 'inside' },
  ] as const;
  const { post } = open(places, { resolve: names({ 'both.example': [['127.0.0.1']] }) });
  await expect(post(`${baseUrl}/house/x`)).rejects.toEqual(refused);
  await expect(post(`${baseUrl}/cloud/x`)).rejects.toEqual(refused);
  expect(provider.received).toEqual([]);
});

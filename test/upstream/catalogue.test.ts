import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Catalogue, createCatalogue } from '../../src/upstream/catalogue.ts';
import type { Provider } from '../../src/upstream/providers.ts';
import { createHttpTransport, type HttpTransport } from '../../src/upstream/transport.ts';
import { egressTo } from '../fake-provider.ts';

let server: Server;
let http: HttpTransport;
let catalogue: Catalogue;
let answer: { status: number; body: string };
let asked: { url: string | undefined; authorization: string | undefined }[];

const list = (...ids: unknown[]) => ({
  status: 200,
  body: JSON.stringify({ data: ids.map((id) => ({ id })) }),
});

beforeEach(async () => {
  asked = [];
  answer = list('small', 'new-model', 'vendor/one:2');
  server = createServer((req, res) => {
    asked.push({ url: req.url, authorization: req.headers.authorization });
    if (answer.status !== 0) res.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  http = createHttpTransport({ connectWaitMsMax: 1_000, egress: egressTo(baseUrl()) });
});
afterEach(async () => {
  catalogue.close();
  await http.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const baseUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;

function open(more: Partial<Provider> = {}): Catalogue {
  catalogue = createCatalogue(
    [
      {
        name: 'cloud',
        format: 'openai',
        baseUrl: baseUrl(),
        apiKey: 'k',
        models: ['big', 'small'],
        listsModels: true,
        restores: true,
        ...more,
      },
    ],
    http.get,
    300,
  );
  return catalogue;
}
const models = () => catalogue.providers()[0].models;

describe('a provider known by its key', () => {
  test('serves what is configured at once, and what it lists once it was asked; the default stays', async () => {
    open();
    expect(models()).toEqual(['big', 'small']);
    await catalogue.refresh();
    expect(models()).toEqual(['big', 'small', 'new-model', 'vendor/one:2']);
    expect(asked).toEqual([{ url: '/v1/models', authorization: 'Bearer k' }]);
  });

  test.each([
    ['an error', { status: 500, body: '' }],
    ['no JSON', { status: 200, body: '<html>' }],
    ['another shape', { status: 200, body: '{"data":7}' }],
    ['names that are none', list('', ' ', 5, null, 'a b', '\r\nx: y', 'x'.repeat(500))],
    ['too much', { status: 200, body: `{"data":["${'x'.repeat(1_100_000)}"]}` }],
    ['silence', { status: 0, body: '' }],
  ])('that answers with %s keeps the models it had', async (_what, bad) => {
    open();
    answer = bad;
    await catalogue.refresh();
    expect(models()).toEqual(['big', 'small']);
  });
});

test('a refused list gives its connection back', async () => {
  let connections = 0;
  server.on('connection', () => {
    connections++;
  });
  open();
  answer = { status: 500, body: 'x'.repeat(200_000) };
  for (let i = 0; i < 8; i++) await catalogue.refresh();
  expect(asked).toHaveLength(8);
  // One may still be on its way back when the next question is asked; unread, each would keep its own.
  expect(connections).toBeLessThanOrEqual(2);
});

test('a provider whose models the operator wrote down is not asked for more', async () => {
  open({ listsModels: false });
  await catalogue.refresh();
  expect(asked).toEqual([]);
  expect(models()).toEqual(['big', 'small']);
});

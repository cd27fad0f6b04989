/** The server itself, in front of a handler that only says hello. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Listening, listen } from '../../src/http/server.ts';
import { expectFailure, open, talk } from './socket.ts';

type Handler = (req: IncomingMessage, res: ServerResponse) => void;
const IDLE_MS = 200;
const hello: Handler = (_req, res) => void res.end('hello');
let handler: Handler = hello;
let server: Listening;
let url: string;

const start = (): Promise<Listening> =>
  listen((req, res) => handler(req, res), {
    host: '127.0.0.1',
    port: 0,
    uploadWaitMsMax: 300,
    idleWaitMsMax: IDLE_MS,
  });
beforeAll(async () => {
  server = await start();
  url = `http://127.0.0.1:${server.port}`;
});
afterAll(() => server.drain(0));
beforeEach(() => {
  handler = hello;
});

const GET = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';

describe('what is not a request', () => {
  test.each([
    ['garbage', ['hello there\r\n\r\n']],
    ['TLS', [Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01])]],
    ['HTTP/2', ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n']],
    ['an unknown method', ['FROB / HTTP/1.1\r\nhost: x\r\n\r\n']],
    [
      'two content lengths',
      ['POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
    ],
    [
      'a length and chunks',
      ['POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    ],
    ['a length that is none', ['POST / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n']],
    ['a chunk that is none', ['POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n']],
    ['a header over two lines', ['GET / HTTP/1.1\r\nhost: x\r\na: b\r\n c\r\n\r\n']],
    ['a NUL in a header', ['GET / HTTP/1.1\r\nhost: x\r\na: \0\r\n\r\n']],
    ['bare line feeds', ['GET / HTTP/1.1\nhost: x\n\n']],
  ])('is refused and hung up on: %s', async (_name, pieces) => {
    handler = (req, res) => void req.resume().once('end', () => hello(req, res));
    const { replies, closed } = await talk(url, pieces);
    expect(replies).toHaveLength(1);
    expectFailure(replies[0], 'in_request_malformed', { id: false });
    expect(closed).toBe(true);
  });

  test.each([
    ['one huge header', `a: ${'x'.repeat(17_000)}\r\n`],
    ['many headers', Array.from({ length: 101 }, (_, i) => `x-${i}: a\r\n`).join('')],
    ['a huge path', null],
  ])('%s is too much', async (_name, header) => {
    const head = header === null ? `GET /${'x'.repeat(17_000)} HTTP/1.1\r\n` : `GET / HTTP/1.1\r\n${header}`;
    const { replies, closed } = await talk(url, [`${head}host: x\r\n\r\n`]);
    expectFailure(replies[0], 'in_header_too_large', { id: false });
    expect(closed).toBe(true);
  });

  test.each([
    ['says nothing', ''],
    ['stops in the middle of a head', 'GET / HTTP/1.1\r\nhost:'],
  ])('whoever %s is told so and hung up on', async (_name, said) => {
    const { replies, closed } = await talk(url, [said]);
    expectFailure(replies[0], 'in_upload_slow', { id: false });
    expect(closed).toBe(true);
  });

  test('an error never gets into an answer that has begun', async () => {
    handler = (_req, res) => void res.write('the beginning');
    const socket = open(url);
    let text = '';
    socket.on('data', (piece) => {
      if (text === '') socket.write('garbage\r\n\r\n');
      text += String(piece);
    });
    socket.write(GET);
    await new Promise((resolve) => socket.once('end', resolve).once('error', resolve));
    socket.destroy();
    expect(text).toContain('the beginning');
    expect(text).not.toContain('in_request_malformed');
  });

  test('the next application is answered as if nothing had been', async () => {
    expect(await (await fetch(url)).text()).toBe('hello');
  });
});

describe('a connection', () => {
  test('takes requests one behind the other, and answers in their order', async () => {
    let n = 0;
    handler = (_req, res) => {
      const mine = n++;
      setTimeout(() => res.end(`${mine}`), mine === 0 ? 30 : 0);
    };
    const { replies } = await talk(url, [GET + GET, GET], { replies: 3 });
    expect(replies.map(({ body }) => body)).toEqual(['0', '1', '2']);
  });

  test('tells whoever asks first to go on only if somebody reads the body', async () => {
    const head = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\nexpect: 100-continue\r\n\r\n';
    handler = (_req, res) => void res.writeHead(401).end('no');
    const refused = await talk(url, [head]);
    expect(refused.text).toMatch(/^HTTP\/1\.1 401 /);
    expect(refused.closed).toBe(true);
  });

  test('an expectation that nobody has heard of is none', async () => {
    const { replies } = await talk(url, ['GET / HTTP/1.1\r\nhost: x\r\nexpect: cake\r\n\r\n'], {
      replies: 1,
    });
    expect(replies[0]).toMatchObject({ status: 200, body: 'hello' });
  });

  test('may be silent as long as nothing is unread: the model thinks', async () => {
    handler = (_req, res) => {
      res.flushHeaders();
      setTimeout(() => res.end('hello'), 4 * IDLE_MS);
    };
    expect(await (await fetch(url)).text()).toBe('hello');
  });

  test('whose application does not read is hung up on: a stream, and a whole answer', async () => {
    const big = Buffer.alloc(64_000_000);
    for (const write of [(res: ServerResponse) => res.write(big), (res: ServerResponse) => res.end(big)]) {
      const closed = Promise.withResolvers<ServerResponse>();
      handler = (_req, res) => {
        res.once('close', () => closed.resolve(res));
        write(res);
      };
      const socket = open(url);
      socket.write(GET);
      // Waits for good, and fails, if nobody hangs up: the answer is larger than what the system takes off our hands.
      expect((await closed.promise).destroyed).toBe(true);
      socket.destroy();
    }
  });
});

describe('draining', () => {
  test('finishes what is under way, lets nobody in, and does not wait for idle connections', async () => {
    const own = await start();
    const at = `http://127.0.0.1:${own.port}`;
    const answer = Promise.withResolvers<ServerResponse>();
    handler = (_req, res) => answer.resolve(res);
    const idle = open(at);
    const closed = new Promise((resolve) => idle.once('end', resolve));
    await new Promise((resolve) => idle.once('connect', resolve));
    idle.resume();
    // Its connection would be kept alive for a minute.
    const asked = fetch(at).then((response) => response.text());
    const res = await answer.promise;
    const drained = own.drain(60_000);
    await expect(fetch(at)).rejects.toThrow();
    res.end('finished');
    expect(await asked).toBe('finished');
    await Promise.all([closed, drained]);
    idle.destroy();
  });

  test('waits no longer than it is told to', async () => {
    const own = await start();
    handler = (_req, res) => void res.flushHeaders();
    const response = await fetch(`http://127.0.0.1:${own.port}`);
    await own.drain(20);
    await expect(response.text()).rejects.toThrow();
  });
});

test('an address that is taken is an error', async () => {
  const taken = { host: '127.0.0.1', port: server.port, uploadWaitMsMax: 300, idleWaitMsMax: IDLE_MS };
  await expect(listen(hello, taken)).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

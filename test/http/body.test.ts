/** Reading bodies, on a real server: what is accepted, what is refused, and that nothing is waited for without end. */
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import express, { type ErrorRequestHandler } from 'express';
import { asTiergateError, type ErrorCode } from '../../src/errors.ts';
import { createReadJson } from '../../src/http/body.ts';
import { sendFailure } from '../../src/http/failure.ts';
import { type Listening, listen } from '../../src/http/server.ts';
import { expectFailure, open, post, talk, until } from './socket.ts';

const BYTES_MAX = 1024;
const WAIT_MS_MAX = 300;
let server: Listening;
let url: string;
/** How each reading ended: a code, or null. */
let ends: (ErrorCode | null)[] = [];

beforeAll(async () => {
  const readJson = createReadJson({ bytesMax: BYTES_MAX, depthMax: 8, waitMsMax: WAIT_MS_MAX });
  const app = express();
  app.post('/', async (req, res) => {
    try {
      const body = await readJson(req, res);
      ends.push(null);
      res.json({ body });
    } catch (thrown) {
      ends.push(asTiergateError(thrown, 'respond_failed').code);
      throw thrown;
    }
  });
  const onError: ErrorRequestHandler = (thrown, _req, res, _next) =>
    sendFailure(res, asTiergateError(thrown, 'respond_failed'));
  app.use(onError);
  server = await listen(app, { host: '127.0.0.1', port: 0, uploadWaitMsMax: 5_000, idleWaitMsMax: 5_000 });
  url = `http://127.0.0.1:${server.port}`;
});
afterAll(() => server.drain(0));

const send = async (body: string | Uint8Array, headers: readonly string[] = []) =>
  (await talk(url, [post('/', body, headers)], { replies: 1 })).replies[0];
const padded = (bytes: number): string => JSON.stringify({ a: 'x'.repeat(bytes - 8) });
const chunked = (...pieces: (string | Uint8Array)[]): Buffer =>
  Buffer.concat(
    pieces.flatMap((piece) => [
      Buffer.from(`${Buffer.byteLength(piece).toString(16)}\r\n`),
      Buffer.from(piece),
      Buffer.from('\r\n'),
    ]),
  );
const CHUNKED = 'transfer-encoding: chunked';

describe('a body', () => {
  const text = '{"a":"ä😀"}';
  test.each<[string, string | Uint8Array, string[]]>([
    ['plain', text, []],
    ['of another declared type', text, ['content-type: text/plain']],
    ['of a type that is none', text, ['content-type: ;;;=']],
    [
      'of a declared character set that JSON has not',
      text,
      ['content-type: application/json; charset=latin1'],
    ],
    ['with a byte order mark', `\uFEFF${text}`, []],
    ['in chunks', Buffer.concat([chunked('{"a":"ä', '😀"}'), Buffer.from('0\r\n\r\n')]), [CHUNKED]],
    ['said to be identity', text, ['content-encoding: identity']],
    ['gzip', gzipSync(text), ['content-encoding: gzip']],
    ['GZIP', gzipSync(text), ['content-encoding: GZIP']],
    ['deflate', deflateSync(text), ['content-encoding: deflate']],
    ['br', brotliCompressSync(text), ['content-encoding: br']],
    ['announced by Expect', text, ['expect: 100-continue']],
  ])('is read: %s', async (_name, body, headers) => {
    const { replies } = await talk(url, [post('/', body, headers)], {
      replies: headers[0]?.startsWith('expect') ? 2 : 1,
    });
    expect(replies.at(-1)?.status).toBe(200);
    expect(JSON.parse(replies.at(-1)?.body ?? '')).toEqual({ body: { a: 'ä😀' } });
  });

  test.each<[string, number, number | ErrorCode]>([
    ['at the limit', BYTES_MAX, 200],
    ['one byte over', BYTES_MAX + 1, 'in_body_too_large'],
  ])('%s, plain, in chunks and compressed', async (_name, bytes, expected) => {
    const body = padded(bytes);
    expect(body).toHaveLength(bytes);
    const end = Buffer.from('0\r\n\r\n');
    for (const reply of [
      await send(body),
      await send(Buffer.concat([chunked(body.slice(0, 500), body.slice(500)), end]), [CHUNKED]),
      await send(gzipSync(body), ['content-encoding: gzip']),
      await send(brotliCompressSync(body), ['content-encoding: br']),
    ]) {
      if (typeof expected === 'number') expect(reply?.status).toBe(expected);
      else expectFailure(reply, expected, { id: false });
    }
  });

  test.each<[string, string | Uint8Array, string[], ErrorCode]>([
    ['none', '', [], 'in_body_not_json'],
    ['nothing but white space', ' \n', [], 'in_body_not_json'],
    ['two documents', '{}{}', [], 'in_body_not_json'],
    ['two byte order marks', '\uFEFF\uFEFF{}', [], 'in_body_not_json'],
    ['UTF-16', Buffer.from('\uFEFF{}', 'utf16le'), [], 'in_body_not_utf8'],
    ['broken UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22]), [], 'in_body_not_utf8'],
    ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), [], 'in_body_not_utf8'],
    ['too deep', `${'['.repeat(9)}${']'.repeat(9)}`, [], 'in_body_too_deep'],
    ['too deep, compressed', gzipSync('['.repeat(1000)), ['content-encoding: gzip'], 'in_body_too_deep'],
    ['a bomb', gzipSync(Buffer.alloc(50_000_000)), ['content-encoding: gzip'], 'in_body_too_large'],
    [
      'a brotli bomb',
      brotliCompressSync(Buffer.alloc(50_000_000)),
      ['content-encoding: br'],
      'in_body_too_large',
    ],
    [
      'zstd, whose window has no bound',
      zstdCompressSync('{}'),
      ['content-encoding: zstd'],
      'in_body_encoding',
    ],
    ['an unknown encoding', '{}', ['content-encoding: rot13'], 'in_body_encoding'],
    ['two encodings', gzipSync('{}'), ['content-encoding: gzip, gzip'], 'in_body_encoding'],
    [
      'an encoding that is a property of objects',
      '{}',
      ['content-encoding: constructor'],
      'in_body_encoding',
    ],
  ])('is refused: %s', async (_name, body, headers, code) => {
    expectFailure(await send(body, headers), code, { id: false });
  });

  test.each<[string, string, Uint8Array]>([
    ['nothing at all', 'gzip', Buffer.alloc(0)],
    ['gzip that is none', 'gzip', Buffer.from('{"a":1}')],
    ['gzip cut off', 'gzip', gzipSync('{"a":1}').subarray(0, -9)],
    ['gzip with a flipped bit', 'gzip', gzipSync('{"a":1}').fill(0xff, 12, 14)],
    ['deflate that is none', 'deflate', Buffer.from('{"a":1}')],
    ['br cut off', 'br', brotliCompressSync(padded(900)).subarray(0, -2)],
  ])('is refused: %s', async (_name, encoding, body) => {
    const message = 'The request body is not what its content encoding says.';
    expectFailure(await send(body, [`content-encoding: ${encoding}`]), 'in_body_encoding', {
      message,
      id: false,
    });
  });
});

describe('a body that is too large', () => {
  test('is refused by its head, before a byte of it has come', async () => {
    const { replies, text } = await talk(
      url,
      [post('/', '', ['content-length: 50000000', 'expect: 100-continue'])],
      { replies: 1 },
    );
    expect(text).not.toContain('100 Continue');
    expectFailure(replies[0], 'in_body_too_large', { id: false });
  });

  test('is refused as soon as there is too much of it, however much would follow', async () => {
    const { replies } = await talk(url, [post('/', chunked('x'.repeat(BYTES_MAX + 1)), [CHUNKED])], {
      replies: 1,
    });
    expectFailure(replies[0], 'in_body_too_large', { id: false });
  });

  test('is read away, all 50 MB of it, and the connection is good for the next', async () => {
    const piece = chunked('x'.repeat(1_000_000));
    const { replies } = await talk(
      url,
      [post('/', '', [CHUNKED]), ...Array<Buffer>(50).fill(piece), '0\r\n\r\n', post('/', '{}')],
      { replies: 2 },
    );
    expectFailure(replies[0], 'in_body_too_large', { id: false });
    expect(replies[1]?.body).toBe('{"body":{}}');
  });
});

describe('an upload', () => {
  test.each([
    ['plain', []],
    ['compressed', ['content-encoding: gzip']],
  ])('that breaks off is given up: %s', async (_name, headers) => {
    ends = [];
    const socket = open(url);
    const whole = post('/', headers.length === 0 ? padded(200) : gzipSync(padded(200)), headers);
    socket.write(whole.subarray(0, -8));
    socket.once('connect', () => setTimeout(() => socket.destroy(), 20));
    await until(() => ends.length > 0);
    expect(ends).toEqual(['in_upload_aborted']);
  });

  test.each([
    ['plain', []],
    ['compressed', ['content-encoding: gzip']],
    ['in chunks, before the first', [CHUNKED]],
  ])('that gets stuck is given up, and its connection with it: %s', async (_name, headers) => {
    const { replies, closed } = await talk(url, [
      post('/', headers[0] === CHUNKED ? '' : '\x1f\x8b', [
        ...headers,
        ...(headers[0] === CHUNKED ? [] : ['content-length: 100']),
      ]),
    ]);
    expectFailure(replies[0], 'in_upload_slow', { id: false });
    expect(closed).toBe(true);
  });

  test('that promises more than comes is told so', async () => {
    const { replies, closed } = await talk(url, [post('/', '{}', ['content-length: 3'])], {
      halfClose: true,
    });
    expectFailure(replies[0], 'in_upload_aborted', { id: false });
    expect(closed).toBe(true);
  });
});

/** HTTP by hand, for what no client library would send; and the shape that every refusal has. */
import { connect, type Socket } from 'node:net';
import { expect } from '@jest/globals';
import { ERRORS, type ErrorCode } from '../../src/errors.ts';

export interface Reply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Said {
  /** Everything that came back. */
  readonly text: string;
  readonly replies: readonly Reply[];
  /** False if the server still held the connection when there was nothing left to wait for. */
  readonly closed: boolean;
}

export const open = (url: string): Socket =>
  connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true }).on('error', () => {
    // A connection that is cut is seen by what did not come back.
  });

/**
 * Sends these pieces, each on its own, and listens: until `replies` have come, or the server closes, or for so long.
 * `halfClose` says that nothing more will be sent.
 */
export function talk(
  url: string,
  pieces: readonly (string | Uint8Array)[],
  how: { readonly halfClose?: boolean; readonly replies?: number; readonly waitMsMax?: number } = {},
): Promise<Said> {
  return new Promise((resolve) => {
    const socket = open(url);
    let text = '';
    const end = (closed: boolean): void => {
      clearTimeout(clock);
      socket.destroy();
      resolve({ text, replies: readReplies(text), closed });
    };
    const clock = setTimeout(() => end(false), how.waitMsMax ?? 10_000);
    socket.setEncoding('latin1');
    socket.on('data', (piece: string) => {
      text += piece;
      if (how.replies !== undefined && readReplies(text).length >= how.replies) end(false);
    });
    socket.once('end', () => end(true));
    socket.once('close', () => end(true));
    for (const piece of pieces) socket.write(piece);
    if (how.halfClose === true) socket.end();
  });
}

/** All replies whose head and (by content-length) body are complete. */
export function readReplies(text: string): Reply[] {
  const replies: Reply[] = [];
  let rest = text;
  for (;;) {
    const head = /^HTTP\/1\.1 (\d{3})[^\r]*\r\n((?:[^\r]+\r\n)*)\r\n/.exec(rest);
    if (head === null) return replies;
    const lines = (head[2] ?? '').split('\r\n').map((line) => line.split(/:\s*(.*)/, 2));
    const headers = Object.fromEntries(lines.map(([name = '', value = '']) => [name.toLowerCase(), value]));
    const length = Number(headers['content-length'] ?? 0);
    const body = rest.slice(head[0].length, head[0].length + length);
    if (body.length < length) return replies;
    replies.push({ status: Number(head[1]), headers, body: Buffer.from(body, 'latin1').toString('utf8') });
    rest = rest.slice(head[0].length + length);
  }
}

/** A POST as it goes over the wire. `headers` come after the usual ones. */
export function post(path: string, body: string | Uint8Array, headers: readonly string[] = []): Buffer {
  const bytes = Buffer.from(body);
  const isFramed = headers.some((line) => /^(content-length|transfer-encoding):/i.test(line));
  const lines = [`POST ${path} HTTP/1.1`, 'host: tiergate', ...headers];
  if (!isFramed) lines.push(`content-length: ${bytes.length}`);
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), bytes]);
}

export async function toReply(response: Response): Promise<Reply> {
  const headers = Object.fromEntries(response.headers);
  return { status: response.status, headers, body: await response.text() };
}

/** An error of the table in OpenAI's shape, in the table's own words, telling an SDK whether to try again. */
export function expectFailure(
  reply: Reply | undefined,
  code: ErrorCode,
  more: { readonly param?: string | null; readonly message?: string; readonly id?: boolean } = {},
): void {
  const row = ERRORS[code];
  expect(reply?.body).toMatch(/^\{/);
  expect(JSON.parse(reply?.body ?? '')).toEqual({
    error: {
      message: `${more.message ?? row.message} ${row.next}`,
      type: row.type,
      code,
      param: more.param ?? null,
    },
  });
  expect(reply?.status).toBe(row.status);
  expect(reply?.headers['content-type']).toMatch(/^application\/json/);
  expect(reply?.headers['x-should-retry']).toBe(String(row.retryable));
  if (more.id !== false) expect(reply?.headers['x-request-id']).toMatch(/^req_[0-9a-f]{24}$/);
}

/** Waits until it is so; Jest's own clock ends what never is. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
}

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../src/shapes.ts';
import { guarded } from '../../src/upstream/guard.ts';
import type { Outgoing, Transport } from '../../src/upstream/transport.ts';

function setUp(containsPersonal: (body: Json) => boolean = () => false) {
  const sent: string[] = [];
  const transport: Transport = async ({ body }) => {
    sent.push(body);
    return { status: 200, headers: {}, body: (async function* () {})() };
  };
  const post = guarded(transport, containsPersonal);
  const send = (body: string, forbidden: string[] = []) => {
    const outgoing: Outgoing = {
      url: 'http://x',
      headers: {},
      body,
      forbidden,
      signal: new AbortController().signal,
    };
    return post(outgoing);
  };
  return { send, sent };
}
const blocked = expect.objectContaining({ code: 'escalate_blocked' });

describe('the egress guard', () => {
  test('lets through what holds nothing', async () => {
    const { send, sent } = setUp();
    await send('{"a":"[EMAIL_ADDRESS_7Q2M9XBK]"}', ['ann@shop.example']);
    expect(sent).toHaveLength(1);
  });

  test('stops any replaced value anywhere in the body, escaped or not', async () => {
    const value = fc.string({ minLength: 4 });
    await fc.assert(
      fc.asyncProperty(value, fc.string(), fc.string(), async (secret, before, after) => {
        const { send, sent } = setUp();
        const body = JSON.stringify({ [before]: [`${before}${secret}${after}`] });
        await expect(send(body, [secret])).rejects.toEqual(blocked);
        expect(sent).toEqual([]);
      }),
    );
  });

  test('stops what a fresh search finds', async () => {
    const { send, sent } = setUp((body) => JSON.stringify(body).includes('canary'));
    await expect(send('{"a":"canary"}')).rejects.toEqual(blocked);
    expect(sent).toEqual([]);
  });

  test('stops what it cannot read, and what cannot be searched', async () => {
    await expect(setUp().send('{"a":')).rejects.toEqual(blocked);
    const failing = setUp(() => {
      throw new Error('search broken');
    });
    await expect(failing.send('{}')).rejects.toThrow();
    expect(failing.sent).toEqual([]);
  });
});

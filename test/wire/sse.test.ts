import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DONE, EVENT_CHARS_MAX, readEvents, writeEvent } from '../../src/wire/sse.ts';

async function* pieces(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const to of [...at, bytes.length]) {
    yield bytes.subarray(from, to);
    from = to;
  }
}

const dataOf = async (source: AsyncIterable<Uint8Array>): Promise<string[]> =>
  (await Array.fromAsync(readEvents(source))).map(({ data }) => data);

describe('readEvents', () => {
  test('reads what writeEvent wrote, however the bytes are cut', async () => {
    const object = fc.dictionary(fc.string(), fc.string({ unit: 'binary' }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(object, { maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        async (chunks, cuts) => {
          const bytes = Buffer.from(`${chunks.map(writeEvent).join('')}${DONE}`);
          expect(await dataOf(pieces(bytes, cuts))).toEqual([
            ...chunks.map((chunk) => JSON.stringify(chunk)),
            '[DONE]',
          ]);
        },
      ),
    );
  });

  test('reads CRLF, comments, named events and a last event without its blank line', async () => {
    const bytes = Buffer.from(': ping\r\n\r\nevent: delta\r\ndata: {"a":\r\ndata: 1}\r\n\r\ndata: last');
    expect(await dataOf(pieces(bytes, [3, 17]))).toEqual(['{"a":\n1}', 'last']);
  });

  test('refuses an event without end', async () => {
    const endless = Array.from({ length: 10 }, () => Buffer.alloc(EVENT_CHARS_MAX / 8, 'x'));
    await expect(
      dataOf(
        (async function* () {
          yield Buffer.from('data: ');
          yield* endless;
        })(),
      ),
    ).rejects.toThrow();
  });
});

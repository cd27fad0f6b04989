import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readLines } from '../../src/wire/lines.ts';

async function read(pieces: readonly string[], bytesMax = 8): Promise<(string | null)[]> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (const piece of pieces) yield Buffer.from(piece);
  }
  const lines: (string | null)[] = [];
  for await (const line of readLines(chunks(), bytesMax)) lines.push(line === null ? null : line.toString());
  return lines;
}

test('lines come whole, however the stream is cut', async () => {
  expect(await read(['a\nb', 'c', 'd\n', '\ne'])).toEqual(['a', 'bcd', '', 'e']);
  expect(await read([])).toEqual([]);
  expect(await read(['a\n'])).toEqual(['a']);
});

test('a line that is too long is null, and those behind it are read', async () => {
  expect(await read(['12345678\n123456789\nab', 'c\n1234', '5678', '9'])).toEqual([
    '12345678',
    null,
    'abc',
    null,
  ]);
});

test('cutting the stream elsewhere changes nothing', async () => {
  const pieces = fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '\n'), maxLength: 12 }));
  await fc.assert(
    fc.asyncProperty(pieces, async (cut) => {
      expect(await read(cut)).toEqual(await read([cut.join('')]));
    }),
  );
});

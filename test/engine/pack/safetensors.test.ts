import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readMetadata, readSafetensors } from '../../../src/engine/pack/safetensors.ts';
import { writeSafetensors } from '../../../src/engine/pack/write-safetensors.ts';

/** A file with any header, its length as it is or as it is said to be. */
function file(header: unknown, data: Uint8Array, said?: bigint): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(said ?? BigInt(json.length));
  return Buffer.concat([length, json, data]);
}
const entry = (start: number, end: number, shape: unknown = [end - start], dtype = 'U8') => ({
  dtype,
  shape,
  data_offsets: [start, end],
});
const ELEMENT_BYTES = { F32: 4, I8: 1, U8: 1 } as const;

/** A sound file: tensors in an order of their own. */
const sound = fc
  .uniqueArray(
    fc.record({
      name: fc
        .string({ minLength: 1, maxLength: 12 })
        .filter((name) => name !== '__metadata__' && name !== '__proto__'),
      dtype: fc.constantFrom('F32' as const, 'I8' as const, 'U8' as const),
      shape: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
    }),
    { selector: ({ name }) => name, maxLength: 6 },
  )
  .map((tensors) => {
    let end = 0;
    const entries = tensors.map(({ name, dtype, shape }) => {
      const start = end;
      end += shape.reduce((product, size) => product * size, ELEMENT_BYTES[dtype]);
      return [name, entry(start, end, shape, dtype)] as const;
    });
    const data = Uint8Array.from({ length: end }, (_, at) => (at * 31) % 256);
    return { tensors, entries, data, bytes: file(Object.fromEntries(entries.toReversed()), data) };
  });

describe('a sound file', () => {
  test('is read as it was written, wherever it lies in memory', () => {
    fc.assert(
      fc.property(sound, fc.nat(9), ({ tensors, entries, data, bytes }, shift) => {
        const moved = Buffer.concat([Buffer.alloc(shift), bytes]).subarray(shift);
        const read = readSafetensors(moved);
        expect(read.map(({ name, dtype, shape }) => ({ name, dtype, shape }))).toEqual(tensors);
        for (const [
          at,
          [
            ,
            {
              data_offsets: [start, end],
            },
          ],
        ] of entries.entries()) {
          expect(Array.from(read[at]?.data ?? [])).toEqual(Array.from(data.subarray(start, end)));
        }
      }),
    );
  });

  test('may have spaces behind its header, and metadata', () => {
    const header = `${JSON.stringify({ __metadata__: { made: 'by hand' }, a: entry(0, 2) })}     `;
    expect(readSafetensors(file(header, Uint8Array.of(7, 8)))[0]?.data).toEqual(Buffer.of(7, 8));
  });

  test('may have no tensor', () => {
    expect(readSafetensors(file({}, new Uint8Array(0)))).toEqual([]);
  });
});

describe('refuses', () => {
  const two = Uint8Array.of(1, 2);
  const four = new Uint8Array(4);
  test.each([
    ['nothing', new Uint8Array(0), 'too short'],
    ['half a length', new Uint8Array(7), 'too short'],
    ['a header longer than the file', file({}, two, 5n), 'its header is longer'],
    ['a header of 2^64 - 1 bytes', file({}, two, 2n ** 64n - 1n), 'its header is longer'],
    ['a header of megabytes', file(' '.repeat(2_000_000), two), 'its header is longer'],
    ['a header that is no JSON', file('{', two), 'no JSON'],
    ['a header that is no UTF-8', file('{"\xff', two, 3n), 'no JSON'],
    ['a header that is a list', file([], two), 'no JSON object'],
    ['a header that is null', file('null', two), 'no JSON object'],
    ['an entry that is a text', file({ a: 'data_offsets' }, two), 'is none of'],
    ['another type', file({ a: entry(0, 2, [1], 'F16') }, two), 'is none of F32, I8, U8'],
    ['a type from elsewhere', file({ a: entry(0, 2, [2], 'toString') }, two), 'is none of'],
    ['no shape', file({ a: { dtype: 'U8', data_offsets: [0, 2] } }, two), '`shape`'],
    ['a shape of no dimensions', file({ a: entry(0, 1, []) }, two), '`shape`'],
    ['a shape of four', file({ a: entry(0, 2, [1, 1, 1, 2]) }, two), '`shape`'],
    ['half an element', file({ a: entry(0, 2, [0.5, 4]) }, two), '`shape`'],
    ['less than nothing', file({ a: entry(0, 2, [-1, -2]) }, two), '`shape`'],
    ['no element', file({ a: entry(0, 0, [0]) }, new Uint8Array(0)), 'not as long'],
    ['an immense shape', file({ a: entry(0, 2, [2 ** 50, 2 ** 50, 2]) }, two), 'not as long'],
    ['one offset', file({ a: { dtype: 'U8', shape: [2], data_offsets: [2] } }, two), '`data_offsets`'],
    [
      'offsets that are texts',
      file({ a: { dtype: 'U8', shape: [2], data_offsets: ['0', '2'] } }, two),
      'data_offsets',
    ],
    ['an end before its start', file({ a: entry(2, 0, [2]) }, two), 'not as long'],
    ['a tensor shorter than it says', file({ a: entry(0, 2, [1], 'F32') }, two), 'not as long'],
    ['a tensor beyond the file', file({ a: entry(0, 3) }, two), 'do not end where the file ends'],
    ['bytes that are nobody’s', file({ a: entry(0, 1) }, two), 'do not end where the file ends'],
    ['bytes before the first', file({ a: entry(1, 2) }, two), 'does not begin where'],
    ['a hole', file({ a: entry(0, 1), b: entry(3, 4) }, four), 'tensor b does not begin where'],
    ['bytes of two tensors', file({ a: entry(0, 3), b: entry(2, 4) }, four), 'tensor b does not begin where'],
    ['the same bytes twice', file({ a: entry(0, 4), b: entry(0, 4) }, four), 'does not begin where'],
    [
      'a name twice',
      file(`{"a":${JSON.stringify(entry(0, 2))},"a":${JSON.stringify(entry(0, 2))}}`, two),
      'names a tensor twice',
    ],
    [
      'more tensors than there may be',
      file(
        Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [at, entry(at, at + 1)])),
        new Uint8Array(5000),
      ),
      'more than 4096 tensors',
    ],
  ])('%s', (_, bytes, words) => {
    expect(() => readSafetensors(bytes)).toThrow(words);
    expect(() => readSafetensors(bytes)).toThrow(RangeError);
  });

  test('a file that was cut anywhere', () => {
    fc.assert(
      fc.property(sound, fc.nat(), ({ bytes }, at) => {
        const cut = bytes.subarray(0, at % bytes.length);
        expect(() => readSafetensors(cut)).toThrow(RangeError);
      }),
    );
  });

  test('any other bytes, and never lets go of one outside the file', () => {
    const spoiled = fc.tuple(
      sound,
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
    );
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      spoiled.map(([{ bytes }, changes]) => {
        const copy = Uint8Array.from(bytes);
        for (const [at, value] of changes) copy[at % copy.length] = value;
        return copy;
      }),
      fc
        .tuple(fc.json(), fc.uint8Array({ maxLength: 16 }))
        .map(([json, data]) => Uint8Array.from(file(json, data))),
    );
    fc.assert(
      fc.property(anything, (bytes) => {
        try {
          const read = readSafetensors(bytes);
          const all = read.reduce((sum, { data }) => sum + data.length, 0);
          expect(all).toBeLessThanOrEqual(bytes.length);
          for (const { data } of read) expect(data.buffer).toBe(bytes.buffer);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('what a file says of itself', () => {
  test('comes back as it was written, beside the tensors', () => {
    const tensors = [{ name: 'a', dtype: 'F32' as const, shape: [2], bytes: new Uint8Array(8).fill(1) }];
    const about = { format: 'x', names: '["data_offsets","é"]' };
    const { bytes } = writeSafetensors(tensors, about);
    expect(readMetadata(bytes)).toEqual(about);
    expect(readSafetensors(bytes).map(({ name, data }) => [name, data.length])).toEqual([['a', 8]]);
    expect(readMetadata(writeSafetensors(tensors).bytes)).toEqual({});
  });
  test.each([3, ['a'], { a: 1 }])('%j is refused', (metadata) => {
    expect(() => readMetadata(file({ __metadata__: metadata }, Buffer.alloc(0)))).toThrow('no texts');
  });
});

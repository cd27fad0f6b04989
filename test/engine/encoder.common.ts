/** What every Encoder must do, whatever engine is behind it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Encoder } from '../../src/engine/encoder.ts';
import { WINDOWS_MAX } from '../../src/engine/windows.ts';

const QUEUE_MAX = 4;

export function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}

/**
 * @param create makes an encoder with a queue of `queueMax`, for texts of 512 tokens at once
 * @param lanes texts that it works on at once
 */
export function describeEncoder(
  name: string,
  create: (options: { queueMax: number }) => Promise<Encoder>,
  lanes = 1,
): void {
  describe(name, () => {
    let encoder: Encoder;
    beforeAll(async () => {
      encoder = await create({ queueMax: QUEUE_MAX });
    });
    afterAll(() => encoder.close());

    test('names its weights by 12 hex digits', () => {
      expect(encoder.revision).toMatch(/^[0-9a-f]{12}$/);
    });

    test('any text at all becomes a unit vector', async () => {
      const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.lorem());
      await fc.assert(
        fc.asyncProperty(text, async (any) => {
          const { vector, windows, truncated } = await encoder.embed(any);
          expect(vector).toHaveLength(encoder.dimensions);
          expect(cosine(vector, vector)).toBeCloseTo(1, 4);
          expect([windows, truncated]).toEqual([1, false]);
        }),
        { numRuns: 20 },
      );
    });

    test.each([
      ['empty', ''],
      ['control characters', '\u0000\u0001\u001b[31m\u007f'],
      ['half a surrogate pair', 'order \ud83d please \udc00'],
      ['special tokens', '[CLS] [SEP] [PAD] [MASK] [UNK]'],
    ])('takes %s', async (_, text) => {
      const { vector } = await encoder.embed(text);
      expect(cosine(vector, vector)).toBeCloseTo(1, 4);
    });

    test('counts tokens without the special ones', async () => {
      expect((await encoder.embed('')).tokens).toBe(0);
      expect((await encoder.embed('hello world')).tokens).toBe(2);
    });

    test('the same text gives the same vector, whatever came before it and whichever way it came', async () => {
      const texts = [
        'Where is my parcel?',
        'a',
        'Cancel my order, please. '.repeat(20),
        'Where is my parcel?',
      ];
      const together = await encoder.embedAll(texts);
      for (const [at, text] of texts.entries()) {
        expect(Array.from((await encoder.embed(text)).vector)).toEqual(
          Array.from(together[at]?.vector ?? []),
        );
      }
    });

    test('likeness of meaning is likeness of vectors', async () => {
      const [asked, near, far] = await encoder.embedAll([
        'I forgot my password',
        'How can I reset my login?',
        'Which vegetables grow in the shade?',
      ]);
      if (!asked || !near || !far) throw new Error('Three texts give three vectors.');
      expect(cosine(asked.vector, near.vector)).toBeGreaterThan(cosine(asked.vector, far.vector) + 0.05);
    });

    test('a text of 510 tokens is read at once, one of 511 in two windows', async () => {
      const { windows, tokens, truncated } = await encoder.embed('parcel '.repeat(510));
      expect([windows, tokens, truncated]).toEqual([1, 510, false]);
      const longer = await encoder.embed('parcel '.repeat(511));
      expect([longer.windows, longer.tokens, longer.truncated]).toEqual([2, 511, false]);
    });

    test('of a very long text beginning and end count, and the gap is said', async () => {
      const filler = 'the weather was mild and the river calm '.repeat(100_000);
      const plain = await encoder.embed(filler);
      const ended = await encoder.embed(`${filler}${'my parcel has not arrived '.repeat(80)}`);
      const { vector: parcel } = await encoder.embed('my parcel has not arrived');
      expect([plain.windows, plain.truncated]).toEqual([WINDOWS_MAX, true]);
      expect(cosine(ended.vector, parcel)).toBeGreaterThan(cosine(plain.vector, parcel));
    });

    test('a gigantic word and gigantic whitespace are no trouble', async () => {
      for (const text of ['a'.repeat(4_000_000), ' '.repeat(4_000_000)]) {
        const { tokens, truncated } = await encoder.embed(text);
        expect(tokens).toBeLessThanOrEqual(2);
        expect(truncated).toBe(true);
      }
    });

    test('the event loop turns while a text is embedded', async () => {
      let turns = 0;
      let done = false;
      const turn = (): void => {
        turns += 1;
        if (!done) setImmediate(turn);
      };
      turn();
      await encoder.embed('parcel '.repeat(510));
      done = true;
      expect(turns).toBeGreaterThan(20);
    });

    test('an aborted text is rejected with its reason; the queue is bounded', async () => {
      const abort = new AbortController();
      const outcomes = Array.from({ length: 20 }, () =>
        encoder.embed('parcel '.repeat(500), abort.signal).catch((error: Error) => error.name),
      );
      abort.abort();
      const names = await Promise.all(outcomes);
      expect(new Set(names)).toEqual(new Set(['AbortError', 'EncoderBusy']));
      expect(names.filter((outcome) => outcome === 'AbortError').length).toBeLessThanOrEqual(
        QUEUE_MAX + lanes,
      );
    });

    test('progress is told after each text', async () => {
      const progress: number[] = [];
      expect(await encoder.embedAll(['a', 'b', 'c'], (done) => progress.push(done))).toHaveLength(3);
      expect(progress).toEqual([1, 2, 3]);
      expect(await encoder.embedAll([])).toEqual([]);
    });

    test('closed in the middle of a text, it rejects that text and every later one', async () => {
      const short = await create({ queueMax: 2 });
      const under = short.embed('parcel '.repeat(2000)).catch((error: Error) => error.message);
      await new Promise((resolve) => setImmediate(resolve));
      await short.close();
      expect(await under).toContain('closed');
      await expect(short.embed('a')).rejects.toThrow('closed');
      await short.close();
    });
  });
}

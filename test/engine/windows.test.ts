import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  clipText,
  cutWindows,
  HEAD_CHARS_MAX,
  OVERLAP_TOKENS,
  TAIL_CHARS_MAX,
  WINDOWS_MAX,
} from '../../src/engine/windows.ts';

const SIZE = 510;

describe('windows', () => {
  test.each([
    [0, [[0, 0]], false],
    [1, [[0, 1]], false],
    [510, [[0, 510]], false],
    [
      511,
      [
        [0, 510],
        [1, 511],
      ],
      false,
    ],
    [
      988,
      [
        [0, 510],
        [478, 988],
      ],
      false,
    ],
    [
      989,
      [
        [0, 510],
        [479, 989],
      ],
      true,
    ],
    [
      9999,
      [
        [0, 510],
        [9489, 9999],
      ],
      true,
    ],
  ])('%i tokens', (tokens, windows, truncated) => {
    const cut = cutWindows(tokens, SIZE);
    expect(cut.windows.map(({ start, end }) => [start, end])).toEqual(windows);
    expect(cut.truncated).toBe(truncated);
  });

  test('every token is in a window unless truncated; windows fit, and share what they must', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.integer({ min: 1, max: 600 }), (tokens, size) => {
        const { windows, truncated } = cutWindows(tokens, size);
        expect(windows.length).toBeLessThanOrEqual(WINDOWS_MAX);
        const read = new Set<number>();
        for (const { start, end } of windows) {
          expect(end - start).toBe(Math.min(size, tokens));
          for (let at = start; at < end; at += 1) read.add(at);
        }
        expect(windows[0]?.start).toBe(0);
        expect(windows.at(-1)?.end).toBe(tokens);
        if (!truncated) {
          expect(read.size).toBe(tokens);
          const shared = windows.slice(1).map(({ start }, at) => (windows[at]?.end ?? 0) - start);
          for (const tokensShared of shared) {
            expect(tokensShared).toBeGreaterThanOrEqual(Math.min(OVERLAP_TOKENS, size - 1));
          }
        }
      }),
    );
  });

  test('a text within the bound is read whole; a longer one at both ends', () => {
    const whole = 'a'.repeat(HEAD_CHARS_MAX + TAIL_CHARS_MAX);
    expect(clipText(whole)).toEqual({ head: whole, tail: '', clipped: false });
    const { head, tail, clipped } = clipText(`${whole}b`);
    expect([head.length, tail.length, clipped]).toEqual([HEAD_CHARS_MAX, TAIL_CHARS_MAX, true]);
    expect(tail.endsWith('ab')).toBe(true);
  });
});

import { describe, expect, test } from '@jest/globals';
import { best, faster, limitMs, type Peak } from './limit.ts';

const GTE_SMALL = { layers: 12, hidden: 384, intermediate: 1536 };
const peak = (unit: string, operand: Peak['operand'], billions: number): Peak => ({
  unit,
  instructionSet: 'any',
  operand,
  operationsPerS: billions * 1e9,
});
const PEAKS = [peak('dot', 'int8', 1152), peak('fma', 'float32', 290)];

describe('the compute limit', () => {
  test('is the operations of a text by the peak rates', () => {
    // 64 tokens: 12 · 2 · 64 · 1,769,472 int8 operations and 12 · 4 · 64² · 384 float32 ones.
    expect(limitMs(PEAKS, GTE_SMALL, 64, 'float32')).toBeCloseTo(2.7179 / 1.152 + 0.075497 / 0.29, 3);
  });

  test('grows with the square of the length in its attention only', () => {
    const at = (tokens: number): number => limitMs(PEAKS, GTE_SMALL, tokens, 'float32') ?? Number.NaN;
    const attentionMs = (12 * 4 * 128 ** 2 * 384) / 290e6;
    expect(at(256) - 2 * at(128)).toBeCloseTo(2 * attentionMs, 6);
  });

  test('is unknown where the processor has no such instruction', () => {
    expect(limitMs(PEAKS, GTE_SMALL, 64, 'bfloat16')).toBeUndefined();
  });

  test('stands on the fastest instruction, and on the first of equals', () => {
    const peaks = [peak('slow', 'int8', 500), peak('zmm', 'int8', 999), peak('ymm', 'int8', 1000)];
    expect(best(peaks, 'int8')?.unit).toBe('zmm');
  });

  test('takes the faster of two measurements of each instruction', () => {
    const again = [peak('fma', 'float32', 280), peak('dot', 'int8', 1160)];
    expect(faster(PEAKS, again).map(({ operationsPerS }) => operationsPerS / 1e9)).toEqual([1160, 290]);
  });
});

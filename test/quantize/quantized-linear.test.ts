import { describe, expect, test } from '@jest/globals';
import { roundActivations } from '../../src/quantize/native-arithmetic.ts';
import {
  blockBytes,
  dequantize,
  packLevels,
  type QuantizedLinear,
  type Scheme,
} from '../../src/quantize/quantized-linear.ts';

function linear(scheme: Scheme, first: readonly number[]): QuantizedLinear {
  const levels = new Int8Array(64);
  levels.set(first);
  const [unit, steps] = [Float32Array.of(0.5, 0.25), Uint8Array.of(2, 1)];
  return { scheme, rows: 2, columns: 32, levels, steps, unit, smooth: null, bias: null };
}

describe('packed levels, byte for byte as docs/model-pack.md draws them', () => {
  test('int4: two in a byte, the first in the low nibble, eight added', () => {
    const bytes = packLevels(linear('int4', [-8, 7, 1]));
    expect([...bytes.subarray(0, 3)]).toEqual([0xf0, 0x89, 0x88]);
    expect(bytes).toHaveLength(2 * blockBytes('int4'));
  });
  test('int8: one in a byte, 128 added', () => {
    const bytes = packLevels(linear('int8', [-127, 0, 127]));
    expect([...bytes.subarray(0, 3)]).toEqual([1, 128, 255]);
    expect(bytes).toHaveLength(2 * blockBytes('int8'));
  });
  test('ternary: four in a byte, the first in the lowest bits, two added', () => {
    const bytes = packLevels(linear('ternary', [-1, 0, 1, -1, 1]));
    expect([...bytes.subarray(0, 2)]).toEqual([0b01111001, 0b10101011]);
    expect(bytes).toHaveLength(2 * blockBytes('ternary'));
  });
});

test('a weight is level times step times unit, each row and block with its own', () => {
  const weights = dequantize({ ...linear('int4', [3]), levels: new Int8Array(64).fill(-3) });
  expect(weights[0]).toBe(-3);
  expect(weights[32]).toBe(-0.75);
});

test('activations are rounded to 127 parts of the largest of their token, after scaling', () => {
  const x = { rows: 2, columns: 2, data: Float32Array.of(127, 0.4, 0, 0) };
  expect([...roundActivations(x, null).data]).toEqual([127, 0, 0, 0]);
  expect([...roundActivations(x, Float32Array.of(0.5, 100)).data]).toEqual(
    [63.5, 40].map(Math.fround).concat(0, 0),
  );
});

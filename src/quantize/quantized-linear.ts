/** A matrix as a pack stores it: whole numbers, a whole step for every block of 32, a float unit for every row. */
import { BLOCK } from './encoder-model.ts';

// A name of the module's own: in a test runner's sandbox, globals are slow to look up.
const { floor } = Math;

/**
 * How finely a matrix is stored. A weight is `level · step · unit`; `level · step` fits an int8, so that the native
 * engine multiplies pure int8 whatever the kind, and one float scale is left for each row.
 */
export const SCHEMES = {
  int4: { bits: 4, levelMin: -8, levelMax: 7, stepMax: 16 },
  int8: { bits: 8, levelMin: -127, levelMax: 127, stepMax: 1 },
  ternary: { bits: 2, levelMin: -1, levelMax: 1, stepMax: 127 },
} as const;
export type Scheme = keyof typeof SCHEMES;

export interface QuantizedLinear {
  readonly scheme: Scheme;
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns] */
  readonly levels: Int8Array;
  /** [rows, columns / 32] */
  readonly steps: Uint8Array;
  /** [rows] */
  readonly unit: Float32Array;
  /** What the input is multiplied by first, [columns]; absent: by nothing. */
  readonly smooth: Float32Array | null;
  readonly bias: Float32Array | null;
}

/** One float for every block, [rows, columns / 32]: unit · step, rounded once. */
export function scalesOf({ rows, columns, steps, unit }: QuantizedLinear): Float32Array {
  const blocks = columns / BLOCK;
  const scales = new Float32Array(rows * blocks);
  for (let at = 0; at < scales.length; at += 1) {
    scales[at] = (unit[floor(at / blocks)] as number) * (steps[at] as number);
  }
  return scales;
}

/** The weights that the stored numbers stand for, [rows, columns], `smooth` not taken out. */
export function dequantize(linear: QuantizedLinear): Float32Array {
  const scales = scalesOf(linear);
  return Float32Array.from(linear.levels, (level, at) => level * (scales[floor(at / BLOCK)] as number));
}

/**
 * The levels as bytes, as MatMulNBits reads them: the first in the lowest bits, each moved up so that none is negative.
 */
export function packLevels({ scheme, levels }: QuantizedLinear): Uint8Array {
  const { bits } = SCHEMES[scheme];
  const perByte = 8 / bits;
  const zero = 1 << (bits - 1);
  const bytes = new Uint8Array(levels.length / perByte);
  for (let at = 0; at < levels.length; at += 1) {
    const byte = floor(at / perByte);
    bytes[byte] = (bytes[byte] as number) | (((levels[at] as number) + zero) << (bits * (at % perByte)));
  }
  return bytes;
}

/** Bytes of a packed block of 32. */
export function blockBytes(scheme: Scheme): number {
  return (BLOCK * SCHEMES[scheme].bits) / 8;
}

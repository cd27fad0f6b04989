/** The weights of a source file under the names that Hugging Face gives them. */
import type { FloatTensor } from './encoder-model.ts';

export interface NamedWeights {
  /** For messages: what kind of file it is. */
  readonly kind: string;
  readonly names: ReadonlySet<string>;
  /** @throws Error when there is no such tensor, or not as floating-point numbers */
  read(name: string): FloatTensor;
}

const FLOAT_BYTES = { F32: 4, F16: 2, BF16: 2 } as const;
export type FloatKind = keyof typeof FLOAT_BYTES;

export function isFloatKind(kind: string): kind is FloatKind {
  return Object.hasOwn(FLOAT_BYTES, kind);
}

/** Numbers stored as little-endian `kind`, as float32. @throws Error when `bytes` is not `count` of them */
export function decodeFloats(kind: FloatKind, bytes: Uint8Array, count: number, name: string): Float32Array {
  if (bytes.length !== count * FLOAT_BYTES[kind]) {
    throw new Error(`The tensor ${name} holds ${bytes.length} bytes, not ${count} numbers of ${kind}.`);
  }
  // Copied: the bytes of a file need not stand at a multiple of four.
  const { buffer } = Uint8Array.from(bytes);
  if (kind === 'F32') return new Float32Array(buffer);
  const halves = new Uint16Array(buffer);
  if (kind === 'F16') return Float32Array.from(halves, halfToFloat);
  return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer);
}

/** IEEE 754 binary16. */
function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The matrix with rows and columns exchanged. */
export function transpose({ shape, data }: FloatTensor): FloatTensor {
  const [rows = 0, columns = 0] = shape;
  const turned = new Float32Array(data.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      turned[column * rows + row] = data[row * columns + column] as number;
    }
  }
  return { shape: [columns, rows], data: turned };
}

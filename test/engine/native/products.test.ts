/** Products of float matrices, as JavaScript reaches them; `native/test` holds each kernel to the reference. */
import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { NativeAddon, TimesTransposed } from '../../../src/engine/native/addon.ts';
import { nativeAddon } from './native.common.ts';

let addon: NativeAddon;
let kernel: string;
let timesTransposed: TimesTransposed;
beforeAll(async () => {
  addon = await nativeAddon();
  kernel = addon.kernels().find(({ supported }) => supported)?.name ?? '';
  timesTransposed = addon.timesTransposedOn({ kernel });
});

const size = fc.integer({ min: 1, max: 40 });

test('are the sums of products, whatever the sizes', () => {
  fc.assert(
    fc.property(size, size, size, fc.boolean(), (rows, columns, width, adds) => {
      // Small whole numbers: exact in floats, whatever the order of the sums.
      const a = Float32Array.from({ length: rows * width }, (_, i) => (i % 7) - 3);
      const b = Float32Array.from({ length: columns * width }, (_, i) => (i % 5) - 2);
      const out = new Float32Array(rows * columns + 1).fill(9);
      timesTransposed(a, rows, b, columns, width, out, adds);
      const meant = Float32Array.from({ length: rows * columns }, (_, at) => {
        const [row, column] = [Math.floor(at / columns), at % columns];
        let total = adds ? 9 : 0;
        for (let k = 0; k < width; k += 1) total += (a[row * width + k] ?? 0) * (b[column * width + k] ?? 0);
        return total;
      });
      expect(out.subarray(0, -1)).toEqual(meant);
      expect(out.at(-1)).toBe(9);
    }),
    { numRuns: 60 },
  );
});

test.each<[string, readonly unknown[], ErrorConstructor]>([
  ['no arguments', [], TypeError],
  ['a list for a matrix', [[1], 1, [1], 1, 1, new Float32Array(1), false], TypeError],
  ['doubles', [new Float64Array(1), 1, new Float32Array(1), 1, 1, new Float32Array(1), false], TypeError],
  ['no rows', [new Float32Array(1), 0, new Float32Array(1), 1, 1, new Float32Array(1), false], TypeError],
  [
    'half a column',
    [new Float32Array(1), 1, new Float32Array(1), 0.5, 1, new Float32Array(1), false],
    TypeError,
  ],
  [
    'no width',
    [new Float32Array(1), 1, new Float32Array(1), 1, Number.NaN, new Float32Array(1), false],
    TypeError,
  ],
  [
    'a number for adds',
    [new Float32Array(1), 1, new Float32Array(1), 1, 1, new Float32Array(1), 1],
    TypeError,
  ],
  ['a short a', [new Float32Array(5), 2, new Float32Array(9), 3, 3, new Float32Array(6), false], RangeError],
  ['a short b', [new Float32Array(6), 2, new Float32Array(8), 3, 3, new Float32Array(6), false], RangeError],
  [
    'a short out',
    [new Float32Array(6), 2, new Float32Array(9), 3, 3, new Float32Array(5), false],
    RangeError,
  ],
  [
    'sizes beyond 2^32',
    [new Float32Array(1), 2 ** 30, new Float32Array(1), 2 ** 30, 4, new Float32Array(1), false],
    RangeError,
  ],
])('refuse %s', (_what, args, error) => {
  const call = (): void => (timesTransposed as (...all: readonly unknown[]) => void)(...args);
  // By name: the addon throws errors of another realm than that of the tests.
  expect(call).toThrow(expect.objectContaining({ name: error.name }));
});

test.each([undefined, {}, { kernel: 3 }, { kernel: 'abacus' }])('refuses %p for a kernel', (options) => {
  expect(() => addon.timesTransposedOn(options as never)).toThrow(/kernel|object/);
});
test('are the same on the slowest kernel', () => {
  const [a, b] = [Float32Array.of(1, 2, 3, 4), Float32Array.of(5, 6)];
  const outs = [timesTransposed, addon.timesTransposedOn({ kernel: 'reference' })].map((times) => {
    const out = new Float32Array(2);
    times(a, 2, b, 1, 2, out, false);
    return [...out];
  });
  expect(outs).toEqual([
    [17, 39],
    [17, 39],
  ]);
});

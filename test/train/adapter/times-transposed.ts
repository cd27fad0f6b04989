import type { TimesTransposed } from '../../../src/engine/native/addon.ts';

/** What the native engine's product means, in plain loops. */
export const timesTransposed: TimesTransposed = (a, rows, b, columns, width, out, adds) => {
  for (let i = 0; i < rows; i += 1) {
    for (let k = 0; k < columns; k += 1) {
      let sum = adds ? (out[i * columns + k] as number) : 0;
      for (let d = 0; d < width; d += 1) sum += (a[i * width + d] as number) * (b[k * width + d] as number);
      out[i * columns + k] = sum;
    }
  }
};

/** The word table: int8 with one scale for each word, which costs nothing that can be measured and saves three quarters. */
import type { FloatTensor } from './encoder-model.ts';

// A name of the module's own: in a test runner's sandbox, globals are slow to look up.
const { abs, floor, fround, max, min, round } = Math;

const LEVELS = 127;

export interface WordTable {
  readonly levels: Int8Array;
  /** One for each row. */
  readonly scale: Float32Array;
}

export function quantizeTable({ shape, data }: FloatTensor): WordTable {
  const [rows = 0, columns = 0] = shape;
  const scale = new Float32Array(rows);
  const levels = new Int8Array(data.length);
  for (let row = 0; row < rows; row += 1) {
    const from = row * columns;
    let largest = 0;
    for (let at = from; at < from + columns; at += 1) largest = max(largest, abs(data[at] as number));
    const own = fround(largest / LEVELS) || 1;
    scale[row] = own;
    for (let at = from; at < from + columns; at += 1) {
      levels[at] = max(-LEVELS, min(LEVELS, round((data[at] as number) / own)));
    }
  }
  return { levels, scale };
}

/** The numbers that the stored ones stand for. */
export function roundTable({ levels, scale }: WordTable): Float32Array {
  const columns = levels.length / scale.length;
  return Float32Array.from(levels, (level, at) => level * (scale[floor(at / columns)] as number));
}

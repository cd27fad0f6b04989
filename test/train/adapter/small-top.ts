import type { LayerStates } from '../../../src/engine/native/layer-states.ts';
import type { LayerWeights } from '../../../src/engine/pack/layer-weights.ts';
import { seededRandom } from '../../../src/statistics/random.ts';
import type { FrozenTop } from '../../../src/train/adapter/fit-adapter.ts';

/** Numbers drawn evenly from -spread to spread. */
export function drawer(seed: number): (size: number, spread?: number) => Float32Array {
  const random = seededRandom(seed);
  return (size, spread = 0.4) => Float32Array.from({ length: size }, () => (2 * random() - 1) * spread);
}

/** A layer of random weights. */
export function randomLayer(hidden: number, draw: ReturnType<typeof drawer>): LayerWeights {
  const linear = (outputs: number, inputs: number) => ({
    weight: draw(outputs * inputs),
    bias: draw(outputs),
  });
  const norm = () => ({ weight: draw(hidden).map((each) => 1 + each), bias: draw(hidden) });
  return {
    qkv: linear(3 * hidden, hidden),
    out: linear(hidden, hidden),
    up: linear(2 * hidden, hidden),
    down: linear(hidden, 2 * hidden),
    attentionNorm: norm(),
    ffnNorm: norm(),
  };
}

const HIDDEN = 32;
const ROWS_OF_TEXT = 3;

/** Two layers, and messages of three classes that one of their dimensions tells, among many that tell nothing. */
export function smallTask(messages: number): {
  readonly top: FrozenTop;
  readonly states: LayerStates;
  readonly labels: readonly number[];
} {
  const draw = drawer(11);
  const labels = Array.from({ length: messages }, (_, i) => i % 3);
  const values = draw(messages * ROWS_OF_TEXT * HIDDEN, 1);
  for (const [i, label] of labels.entries()) {
    for (let row = i * ROWS_OF_TEXT; row < (i + 1) * ROWS_OF_TEXT; row += 1) values[row * HIDDEN] = label - 1;
  }
  return {
    top: {
      firstLayer: 4,
      layers: [randomLayer(HIDDEN, draw), randomLayer(HIDDEN, draw)],
      shape: { heads: 2, hidden: HIDDEN, normEpsilon: 1e-12 },
    },
    states: { values, lengths: new Int32Array(messages).fill(ROWS_OF_TEXT) },
    labels,
  };
}

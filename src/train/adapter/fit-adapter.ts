/**
 * Learns an adapter of an encoder's last layers for one set of intents. What the layers below make of each message is
 * given, as it stays the same.
 */
import type { AdapterTensor } from '../../engine/encoder.ts';
import type { TimesTransposed } from '../../engine/native/addon.ts';
import type { LayerStates } from '../../engine/native/layer-states.ts';
import type { LayerWeights } from '../../engine/pack/layer-weights.ts';
import { seededRandom, shuffled } from '../../statistics/random.ts';
import { type Parameter, stepTogether } from './adam.ts';
import { AdaptedLayer, type LayerShape, MATRICES } from './adapted-layer.ts';
import { ClassScores, pooled } from './class-scores.ts';

/** All chosen on HWU64 with ten examples an intent (train against validation). */
const RANK = 8;
const DROPOUT = 0.1;
const RATE = 1e-3;
const WARM_UP_SHARE = 0.1;
const BATCH = 64;
const GRADIENT_NORM_MAX = 1;
/** How often each message is learned from; of many messages, so often that the steps are not more than these. */
const EPOCHS = 12;
const STEPS_MAX = 400;

/** The lower end of what is adapted, and what stands there. */
export interface FrozenTop {
  /** The number of the lowest layer that is adapted, from 0. */
  readonly firstLayer: number;
  /** The weights of this layer and all above it. */
  readonly layers: readonly LayerWeights[];
  readonly shape: LayerShape;
}

export interface FitOptions {
  readonly top: FrozenTop;
  /** The messages as the lowest adapted layer reads them. */
  readonly states: LayerStates;
  /** The class of each message. */
  readonly labels: readonly number[];
  readonly classes: number;
  /** The messages to learn from, by number; of each class at least one. */
  readonly learned: readonly number[];
  readonly seed: number;
  readonly times: TimesTransposed;
  readonly onStep?: (done: number, total: number) => void;
}

/** How many steps the learning from so many messages takes. */
export function stepsOf(messages: number): number {
  return Math.min(STEPS_MAX, Math.ceil((EPOCHS * messages) / BATCH));
}

/** Learns A and B of every matrix from `firstLayer` on. */
export function fitAdapter(options: FitOptions): AdapterTensor[] {
  const { top, states, labels, learned, times, onStep } = options;
  const random = seededRandom(options.seed);
  const settings = { rank: RANK, dropout: DROPOUT };
  const layers = top.layers.map((weights) => new AdaptedLayer(weights, top.shape, settings, random, times));
  const scores = new ClassScores(meansOf(layers, options), options.classes);
  const parameters: Parameter[] = [...layers.flatMap((layer) => layer.parameters), scores.directions];
  const starts = startsOf(states.lengths);
  const steps = stepsOf(learned.length);
  let order: number[] = [];
  for (let step = 0; step < steps; step += 1) {
    if (order.length < Math.min(BATCH, learned.length)) order = shuffled(learned, random);
    const batch = gather(states, starts, order.splice(0, BATCH), top.shape.hidden);
    const last = forward(layers, batch, true);
    const batchLabels = Int32Array.from(batch.texts, (text) => labels[text] as number);
    let { gradient } = scores.learn(last, batch.lengths, batchLabels);
    for (const layer of layers.toReversed()) gradient = layer.backward(gradient);
    stepTogether(parameters, RATE * rateShare(step, steps), GRADIENT_NORM_MAX);
    onStep?.(step + 1, steps);
  }
  return layers.flatMap((layer, i) => matricesOf(layer, top.firstLayer + i));
}

function forward(layers: readonly AdaptedLayer[], batch: LayerStates, isLearning: boolean): Float32Array {
  let { values } = batch;
  for (const layer of layers) values = layer.forward(values, batch.lengths, isLearning);
  return values;
}

/** Rises for the first steps, then falls to nothing as a cosine does. */
function rateShare(step: number, steps: number): number {
  return (Math.min(1, (step + 1) / (WARM_UP_SHARE * steps)) * (1 + Math.cos((Math.PI * step) / steps))) / 2;
}

function matricesOf({ matrices }: AdaptedLayer, layer: number): AdapterTensor[] {
  return MATRICES.flatMap((matrix): AdapterTensor[] => {
    const { inner, outer, rank, inputs, outputs } = matrices[matrix];
    const name = `layers.${layer}.${matrix}`;
    return [
      { name: `${name}.lora_a`, shape: [rank, inputs], values: inner.values },
      { name: `${name}.lora_b`, shape: [outputs, rank], values: outer.values },
    ];
  });
}

/** [classes][width]: where the messages of each class point before anything is learned. */
function meansOf(layers: readonly AdaptedLayer[], options: FitOptions): Float32Array {
  const { states, labels, learned, classes, top } = options;
  const width = top.shape.hidden;
  const means = new Float32Array(classes * width);
  const starts = startsOf(states.lengths);
  for (let from = 0; from < learned.length; from += BATCH) {
    const batch = gather(states, starts, learned.slice(from, from + BATCH), width);
    const last = forward(layers, batch, false);
    let first = 0;
    for (const [at, text] of batch.texts.entries()) {
      const length = batch.lengths[at] as number;
      const { vector } = pooled(last, first, length, width);
      const to = (labels[text] as number) * width;
      for (let d = 0; d < width; d += 1) means[to + d] = (means[to + d] as number) + (vector[d] as number);
      first += length;
    }
  }
  return means;
}

function startsOf(lengths: Int32Array): Int32Array {
  let end = 0;
  return lengths.map((length) => {
    end += length;
    return end - length;
  });
}

function gather(
  { values, lengths }: LayerStates,
  starts: Int32Array,
  texts: readonly number[],
  width: number,
) {
  const chosen = Int32Array.from(texts, (text) => lengths[text] as number);
  const rows = new Float32Array(chosen.reduce((sum, length) => sum + length, 0) * width);
  let end = 0;
  for (const text of texts) {
    const from = (starts[text] as number) * width;
    const part = values.subarray(from, from + (lengths[text] as number) * width);
    rows.set(part, end);
    end += part.length;
  }
  return { values: rows, lengths: chosen, texts };
}

/**
 * A tiny encoder with random weights of every kind that a pack may hold: what a native binary is tried with, and what
 * tests are made of. It means nothing.
 */
import type { EncoderConfig } from '../pack/manifest.ts';
import type { PackTensor } from '../pack/safetensors.ts';

export const TRIAL_CONFIG: EncoderConfig = {
  layers: 2,
  hidden: 64,
  heads: 2,
  intermediate: 128,
  vocabulary: 256,
  positions_max: 128,
  norm: 'post',
  activation: 'gelu',
  positions: 'learned',
  norm_epsilon: 1e-12,
  rope_theta_global: 0,
  rope_theta_local: 0,
  local_window: 0,
  global_every: 0,
};

const BLOCK = 32;
/** How a matrix is stored: values a byte, the number that is stored for 0, the values and sub-scales there are. */
const KINDS = {
  int8: { values: 1, zero: 128, min: -127, max: 127, subMax: 1 },
  int4: { values: 2, zero: 8, min: -8, max: 7, subMax: 16 },
  ternary: { values: 4, zero: 2, min: -1, max: 1, subMax: 127 },
} as const;
type Kind = keyof typeof KINDS;
/** Which matrix is stored how: each kind in each place, over the layers. */
const KINDS_BY_TURN: readonly Kind[] = ['int4', 'int8', 'ternary', 'int4', 'int4'];

/** Numbers from 0 to 1, the same for a seed (Park and Miller 1988, "minimal standard"). */
export function createRandom(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** All tensors of the model; the same for a seed. */
export function trialTensors(config: EncoderConfig = TRIAL_CONFIG, seed = 1): PackTensor[] {
  const random = createRandom(seed);
  const { hidden, intermediate, vocabulary, positions_max: positions } = config;
  const floats = (name: string, shape: readonly number[], make: () => number): PackTensor => {
    const values = Float32Array.from({ length: product(shape) }, make);
    return { name, dtype: 'F32', shape, data: new Uint8Array(values.buffer) };
  };
  const around = (middle: number, reach: number) => () => middle + reach * (2 * random() - 1);
  const norm = (name: string): PackTensor[] => [
    floats(`${name}.weight`, [hidden], around(1, 0.2)),
    floats(`${name}.bias`, [hidden], around(0, 0.1)),
  ];
  let turn = 0;
  const linear = (name: string, outputs: number, inputs: number): PackTensor[] => [
    ...matrix(name, outputs, inputs, KINDS_BY_TURN[turn++ % KINDS_BY_TURN.length] ?? 'int4', random),
    floats(`${name}.bias`, [outputs], around(0, 0.1)),
    floats(`${name}.smooth`, [inputs], around(1, 0.3)),
  ];
  const up = config.activation === 'geglu' ? 2 * intermediate : intermediate;
  const layers = Array.from({ length: config.layers }, (_, layer) => [
    ...linear(`layers.${layer}.qkv`, 3 * hidden, hidden),
    ...linear(`layers.${layer}.out`, hidden, hidden),
    ...linear(`layers.${layer}.up`, up, hidden),
    ...linear(`layers.${layer}.down`, hidden, intermediate),
    ...norm(`layers.${layer}.attention_norm`),
    ...norm(`layers.${layer}.ffn_norm`),
  ]);
  const words = Int8Array.from({ length: vocabulary * hidden }, () => Math.round(around(0, 127)()));
  return [
    {
      name: 'embeddings.word.weight',
      dtype: 'I8',
      shape: [vocabulary, hidden],
      data: new Uint8Array(words.buffer),
    },
    floats('embeddings.word.scale', [vocabulary], around(0.01, 0.002)),
    ...(config.positions === 'learned'
      ? [floats('embeddings.position', [positions, hidden], around(0, 0.3))]
      : []),
    ...norm('embeddings.norm'),
    ...layers.flat(),
    ...(config.norm === 'pre' ? norm('final_norm') : []),
  ];
}

/** `weight`, `scale` and `unit` of a matrix: value = q * scale, scale = unit * sub-scale. */
function matrix(
  name: string,
  outputs: number,
  inputs: number,
  kind: Kind,
  random: () => number,
): PackTensor[] {
  const { values, zero, min, max, subMax } = KINDS[kind];
  const blocks = inputs / BLOCK;
  const perByte = 8 / values;
  const weight = new Uint8Array(outputs * blocks * (BLOCK / values));
  for (let at = 0; at < weight.length; at += 1) {
    for (let part = 0; part < values; part += 1) {
      const q = min + Math.floor(random() * (max - min + 1));
      weight[at] = (weight[at] ?? 0) | ((q + zero) << (part * perByte));
    }
  }
  // So that a row of a matrix is about as long as a unit vector, whatever it is stored in.
  const reach = max * subMax * Math.sqrt(inputs / 4);
  const unit = Float32Array.from({ length: outputs }, () => (0.5 + random()) / reach);
  const scale = Float32Array.from(
    { length: outputs * blocks },
    (_, at) => (unit[Math.floor(at / blocks)] ?? 0) * (1 + Math.floor(random() * subMax)),
  );
  return [
    { name: `${name}.weight`, dtype: 'U8', shape: [outputs, blocks, BLOCK / values], data: weight },
    { name: `${name}.scale`, dtype: 'F32', shape: [outputs, blocks], data: new Uint8Array(scale.buffer) },
    { name: `${name}.unit`, dtype: 'F32', shape: [outputs], data: new Uint8Array(unit.buffer) },
  ];
}

function product(shape: readonly number[]): number {
  return shape.reduce((all, size) => all * size, 1);
}

/** An encoder as the quantizer sees it, whatever file it came from: one set of names, float32, matrices as [out, in]. */

import type { EncoderConfig } from '../engine/pack/manifest.ts';

export type { EncoderConfig };

/** Inputs of a matrix share a scale in blocks of this many. */
export const BLOCK = 32;

export interface FloatTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface EncoderModel {
  readonly config: EncoderConfig;
  /** By the names of `docs/model-pack.md`; `embeddings.word.weight` and the layers' `.weight` are still float32. */
  readonly tensors: ReadonlyMap<string, FloatTensor>;
}

/** The four matrices of a layer, in the order in which a text passes through them. */
export const LINEARS = ['qkv', 'out', 'up', 'down'] as const;
export type LinearKind = (typeof LINEARS)[number];

export function linearName(layer: number, kind: LinearKind): string {
  return `layers.${layer}.${kind}`;
}

/** Rows (outputs) and columns (inputs) of a layer's matrix. */
export function linearShape(config: EncoderConfig, kind: LinearKind): [rows: number, columns: number] {
  const { hidden, intermediate } = config;
  const shapes: Record<LinearKind, [number, number]> = {
    qkv: [3 * hidden, hidden],
    out: [hidden, hidden],
    up: [config.activation === 'geglu' ? 2 * intermediate : intermediate, hidden],
    down: [hidden, intermediate],
  };
  return shapes[kind];
}

/** @throws Error when the model has no such tensor */
export function tensorOf(model: EncoderModel, name: string): FloatTensor {
  const tensor = model.tensors.get(name);
  if (tensor === undefined) throw new Error(`The model has no tensor ${name}.`);
  return tensor;
}

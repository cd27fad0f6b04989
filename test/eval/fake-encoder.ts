/** An encoder for tests: a text's vector is the sum of its words' vectors, which look random and never change. */

import { seeded } from '../../eval/reading/random.ts';
import type { Embedding, Encoder } from '../../src/engine/encoder.ts';

export const DIMENSIONS = 24;

export interface FakeEncoder extends Encoder {
  /** How many texts it was asked to embed. */
  readonly asked: () => number;
}

export function fakeEncoder(revision = 'fake'): FakeEncoder {
  let asked = 0;
  const words = new Map<string, Float32Array>();
  const vectorOf = (word: string): Float32Array => {
    const known = words.get(word);
    if (known !== undefined) return known;
    const random = seeded(word);
    const vector = Float32Array.from({ length: DIMENSIONS }, () => random() - 0.5);
    words.set(word, vector);
    return vector;
  };
  const embedding = (text: string): Embedding => {
    asked += 1;
    const vector = new Float32Array(DIMENSIONS);
    for (const word of text.toLowerCase().split(/\s+/)) {
      vectorOf(word).forEach((value, d) => {
        vector[d]! += value;
      });
    }
    const length = Math.hypot(...vector) || 1;
    return { vector: vector.map((value) => value / length), tokens: 1, windows: 1, truncated: false };
  };
  return {
    dimensions: DIMENSIONS,
    revision,
    engine: 'fake engine',
    asked: () => asked,
    embed: async (text) => embedding(text),
    async embedAll(texts, onProgress) {
      return texts.map((text, at) => {
        onProgress?.(at + 1);
        return embedding(text);
      });
    },
    async close() {},
  };
}

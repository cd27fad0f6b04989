/** How alike the vectors of two encoders are: what quantizing a model changed, and what tuning did. */
import { CHECK_TEXTS } from '../../src/quantize/check-texts.ts';
import { compareVectors } from '../../src/quantize/embed.ts';
import { dot } from '../../src/statistics/vectors.ts';
import type { Contestant } from '../encoders/contestants.ts';
import { meanOf } from '../measures/spread.ts';

/** Of pairs of different texts, the share whose cosine is below the one that is told. */
const HIGH = 0.95;

/** Cosines over the texts of `src/quantize/check-texts.ts`, which no model or quantizer was fitted to. */
export interface LikenessFigures {
  readonly encoder: string;
  readonly texts: number;
  /** Between this encoder's vector of a text and another's of the same; for encoders of as many dimensions. */
  readonly to: readonly { readonly encoder: string; readonly mean: number; readonly least: number }[];
  /** Between different texts: the mean, and the cosine that 95 % of the pairs are below. */
  readonly others: { readonly mean: number; readonly high: number };
}

export async function measureLikeness(contestants: readonly Contestant[]): Promise<LikenessFigures[]> {
  const all: { name: string; vectors: Float32Array[] }[] = [];
  for (const { name, encoder } of contestants) {
    const embeddings = await encoder.embedAll(CHECK_TEXTS);
    all.push({ name, vectors: embeddings.map(({ vector }) => vector) });
  }
  return all.map(({ name, vectors }) => ({
    encoder: name,
    texts: vectors.length,
    to: all
      .filter((other) => other.name !== name && other.vectors[0]?.length === vectors[0]?.length)
      .map((other) => {
        const { mean, min } = compareVectors(other.vectors, vectors);
        return { encoder: other.name, mean, least: min };
      }),
    others: amongOthers(vectors),
  }));
}

function amongOthers(vectors: readonly Float32Array[]): LikenessFigures['others'] {
  const cosines = vectors.flatMap((one, at) => vectors.slice(at + 1).map((other) => dot(one, other)));
  const sorted = cosines.toSorted((a, b) => a - b);
  return { mean: meanOf(cosines), high: sorted[Math.floor(HIGH * sorted.length)] ?? Number.NaN };
}

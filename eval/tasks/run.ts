/** What a task is given: the encoder, the data sets, how much of them to use, and somebody to tell how far it is. */
import { progressBar } from '../../src/quantize/progress.ts';
import type { Contestant } from '../encoders/contestants.ts';
import { atMost, type Shots } from '../reading/draws.ts';
import type { VectorOf } from './learned-intents.ts';

export interface Sizes {
  /** How many examples of each intent heads learn from; null: all. */
  readonly shots: readonly Shots[];
  /** Random draws of a few examples of each intent. */
  readonly draws: number;
  /** Most examples of all that a head learns from in `full`. */
  readonly trainMax: number;
  /** Most messages of a set that are tested on. */
  readonly testMax: number;
  /** Rounds of a bootstrap. */
  readonly bootstrapRounds: number;
}

/** For figures to be told. */
export const FULL: Sizes = {
  shots: [null, 10, 5],
  draws: 3,
  trainMax: 20_000,
  testMax: 20_000,
  bootstrapRounds: 1_000,
};
/** For a look within minutes. */
export const QUICK: Sizes = {
  shots: [null, 10],
  draws: 1,
  trainMax: 1_500,
  testMax: 400,
  bootstrapRounds: 200,
};

export interface Run {
  readonly contestant: Contestant;
  readonly sizes: Sizes;
  /** @returns to be called with the number done */
  readonly progress: (what: string, total: number) => (done: number) => void;
}

/** Progress on stderr, with the encoder's name. */
export const shownProgress =
  (name: string): Run['progress'] =>
  (what, total) =>
    progressBar(`${name}: ${what}`, Math.max(1, total));

/** Embeds the texts, so that heads can be learned from them and asked about them. */
export async function embedTexts(
  { contestant, progress }: Run,
  what: string,
  texts: readonly string[],
): Promise<VectorOf> {
  const wanted = [...new Set(texts)];
  const show = progress(`embedding ${what}`, wanted.length);
  const embeddings = await contestant.encoder.embedAll(wanted, show);
  const vectors = new Map(wanted.map((text, at) => [text, embeddings[at]?.vector]));
  return (text) => {
    const vector = vectors.get(text);
    if (vector === undefined) throw new Error('A text was asked about that was not embedded.');
    return vector;
  };
}

/** The part of a set's test messages that is used. */
export const tested = <T>({ sizes }: Run, messages: readonly T[], seed: string): T[] =>
  atMost(messages, sizes.testMax, seed);

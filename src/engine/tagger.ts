/**
 * What names words in a text: a few layers of its own on the encoder's word table, and a head that labels each token. The
 * native engine runs it, or onnxruntime where there is none.
 */
import type { TaggerPack } from './pack/tagger-pack.ts';

export interface Tagger {
  readonly engine: string;
  /** Names what makes the logits: the first 12 hex digits of a SHA-256. */
  readonly revision: string;
  /** `O`, then `B-` and `I-` of each kind. */
  readonly labels: readonly string[];
  /** Distinct features that a word can have. */
  readonly features: number;
  /** Words that speak for a kind, by the name of the list, in lower case. */
  readonly lists: TaggerPack['lists'];
  /** Ids that stand before and after every window. */
  readonly before: number;
  readonly after: number;
  /** Most tokens of a window, the two around it counted. */
  readonly tokensMax: number;
  /** Ids of a word's pieces. */
  readonly pieces: (word: string) => readonly number[];
  /** A token's id and its feature as one number: what `tag` reads. */
  readonly token: (id: number, feature: number) => number;
  /**
   * @returns the logits of all tokens of all windows, one behind the other, `labels.length` each
   * @throws the signal's reason; Error when inference fails
   */
  readonly tag: (windows: readonly (readonly number[])[], signal?: AbortSignal) => Promise<Float32Array>;
  readonly close: () => Promise<void>;
}

/** Runs windows; what is around it is the same for every engine. */
export interface TaggerRuns {
  readonly engine: string;
  readonly tag: Tagger['tag'];
  readonly close: Tagger['close'];
}

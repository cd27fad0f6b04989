/** What a labels file holds once it is read, and what is asked of it. */

export interface Example {
  readonly text: string;
  /** Index into the set's `names`. */
  readonly label: number;
}

/** One vocabulary and its examples. */
export interface LabelSet {
  readonly names: readonly string[];
  readonly examples: readonly Example[];
  /** Messages that belong to no label. */
  readonly outOfScope: readonly string[];
}

export interface Vocabulary {
  /** The only names there may be, all needed; labels get these numbers. None: the file makes the vocabulary. */
  readonly names?: readonly string[];
  readonly labelsMin: number;
}

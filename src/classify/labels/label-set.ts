/** What a labels file holds once it is read, and what is asked of it. */
import { createHash } from 'node:crypto';

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

/** What a file is to hold. */
export interface Vocabulary {
  /** The only names there may be, all needed; labels get these numbers. None: the file makes the vocabulary. */
  readonly names?: readonly string[];
  readonly labelsMin: number;
  /** Fewer tell little about how a label's messages vary. */
  readonly examplesPerLabelMin: number;
  /** The file is a list of messages that belong to no label, whatever else it says of them. */
  readonly isAllOutOfScope?: boolean;
}

/** Names a set's examples: what a packed head was learned from as well. */
export function digestOfLabels({ names, examples }: LabelSet): string {
  const told = examples.map(({ text, label }) => [text, names[label]]);
  return createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 16);
}

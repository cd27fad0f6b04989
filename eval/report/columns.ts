/** Tables with a column for each encoder: their heads, and the mark of what is no test. */
import type { EncoderRow, Results } from './results.ts';

/** A set that an encoder, or one of the shipped heads, has learned from. */
const SEEN = '†';
export const SEEN_NOTE = `${SEEN}: an encoder or head here learned from this set, so it is no test of that one.`;

export const names = ({ encoders }: Results): string[] => encoders.map(({ name }) => name);

/** The name of a set, marked where it is no test of the heads. */
export function setName({ sets }: Results, name: string): string {
  const isSeen = sets.some((set) => set.name === name && set.learnedBy.length > 0);
  return isSeen ? `${name} ${SEEN}` : name;
}

/** An encoder's figure on a set, marked where the set is no test of it. */
export function marked(figure: string, encoder: EncoderRow, set: string): string {
  return encoder.trainedOn.includes(set) ? `${figure} ${SEEN}` : figure;
}

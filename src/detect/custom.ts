/** The organisation's own values, which its policy names: one more family, so that they are found in every view. */
import type { PersonalRules } from '../shapes.ts';
import { MASK } from './mask.ts';
import type { Match, StructuredFamily } from './subject.ts';

/** The detector's name in findings. */
const CUSTOM = 'custom';

/** The family of one policy's rules, and what they leave of what the others find. */
export interface CustomFamily extends StructuredFamily {
  /** Whether a finding in a text counts by the rules. The organisation's own values always do. */
  counts(match: Match & { readonly detector: string }, text: string): boolean;
}

/** What the policy's patterns and deny list find. A pattern may match across a mask; such a match is none. */
export function customFamily(rules: PersonalRules): CustomFamily {
  return {
    name: CUSTOM,
    kinds: [],
    find: (subject) =>
      rules.find(subject).filter(({ start, end }) => !subject.text.slice(start, end).includes(MASK)),
    counts: (match, text) => match.detector === CUSTOM || rules.counts(match, text),
  };
}

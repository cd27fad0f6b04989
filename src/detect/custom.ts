/** The organisation's own values, which its policy names: one more family, so that they are found in every view. */
import type { PersonalRules } from '../shapes.ts';
import { MASK, type StructuredFamily } from './subject.ts';

/** The detector's name in findings. */
export const CUSTOM = 'custom';

/** What the policy's patterns and deny list find. A pattern may match across a mask; such a match is none. */
export function customFamily(rules: PersonalRules): StructuredFamily {
  return {
    name: CUSTOM,
    kinds: [],
    find: (subject) =>
      rules.find(subject).filter(({ start, end }) => !subject.text.slice(start, end).includes(MASK)),
  };
}

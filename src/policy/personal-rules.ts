/** What counts as personal data where a policy says nothing of it. */
import type { PersonalRules } from '../shapes.ts';

/** Every kind, however unsure; everything that is found gets a placeholder. */
export const EVERYTHING: PersonalRules = Object.freeze({
  counts: () => true,
  action: () => 'placeholder' as const,
  decisive: () => false,
  find: () => [],
  answers: 'report' as const,
});

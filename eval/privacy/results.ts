/** Everything that a run found out. */
import type { SetScore } from './score.ts';
import type { Speed } from './speed.ts';

export interface ScoredSet {
  readonly name: string;
  readonly about: string;
  readonly aim: 'hide' | 'leave';
  readonly isNames: boolean;
  readonly rows: number;
  /** The first is tiergate on all rows; libraries may have seen a sample. */
  readonly scores: readonly SetScore[];
}

export interface PrivacyResults {
  readonly model: string | null;
  readonly sets: readonly ScoredSet[];
  readonly speeds: readonly Speed[];
}

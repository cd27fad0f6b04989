/** What a report says of trained intents; `report.json` is this, as it stands. */
import type { CoveragePoint, ReliabilityBin } from '../statistics/selective.ts';
import type { AdapterTrial } from './adapter/trial.ts';

/** With fewer out-of-scope messages, what is strange is told by the intents' own examples, and "hello" may be one. */
export const OUTSIDE_ADVISED = 30;

/** A share with the interval that holds it in 95 of 100 samples (Wilson 1927). */
export interface Share {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly of: number;
}

/** An example: its line and, only if it was asked to quote, its text. */
export interface Quoted {
  readonly line: number | null;
  readonly text?: string;
}

export interface IntentRow {
  readonly name: string;
  readonly examples: number;
  /** Share of its messages that were recognised; null: none could be judged. */
  readonly recall: number | null;
  /** Share of the messages taken for it that were; null: there were none. */
  readonly precision: number | null;
  /** Where most of its missed messages went; null: nowhere twice. */
  readonly mistakenFor: string | null;
}

export interface Confusion {
  readonly intent: string;
  readonly judged: string;
  readonly count: number;
  readonly messages: readonly Quoted[];
}

export interface Advice {
  readonly intent: string;
  readonly examples: number;
  /** About how many to add. */
  readonly add: number;
  readonly recall: number | null;
  readonly mistakenFor: string | null;
  /** Its messages that were not recognised: more like these. */
  readonly like: readonly Quoted[];
}

export interface Strangers {
  /** Chance that a known message seems more in scope than a strange one. */
  readonly auroc: number;
  /** Share of them told apart when 95 of 100 known messages are let through. */
  readonly found: number;
  readonly of: number;
}

export interface TrainReport {
  readonly encoder: string;
  readonly examples: number;
  readonly intentCount: number;
  readonly outOfScope: number;
  readonly accuracy: Share;
  /** What an adapter would change; null: none was learned. All else here is of what was kept. */
  readonly adapter: AdapterTrial | null;
  readonly strangersShare: number;
  readonly calibrationError: number;
  readonly reliability: readonly ReliabilityBin[];
  /** What can be answered if so many answers may be wrong; confidence null: nothing. */
  readonly answerable: readonly { error: number; coverage: number; confidence: number | null }[];
  readonly coverage: readonly CoveragePoint[];
  readonly strangers: { readonly near: Strangers | null; readonly far: Strangers | null };
  readonly addNext: readonly Advice[];
  readonly confusions: readonly Confusion[];
  readonly intents: readonly IntentRow[];
  readonly conflicts: Listed<{ first: Quoted & Named; second: Quoted & Named; likeness: number }>;
  readonly misfits: Listed<{ message: Quoted & Named; judged: string; confidence: number }>;
  readonly nearDuplicates: Listed<{ intent: string; first: Quoted; second: Quoted; likeness: number }>;
  readonly repeats: Listed<{ line: number; intent: string; firstLine: number; firstIntent: string }>;
}

/** With the intent that it stands under. */
export interface Named {
  readonly intent: string;
}
/** The first of them, and how many there are. */
export interface Listed<T> {
  readonly count: number;
  readonly listed: readonly T[];
}

/** All that a run of the evaluation found out; `report.json` is this. */
import type { AdapterFigures } from '../tasks/adapters.ts';
import type { DifficultyFigures } from '../tasks/difficulty.ts';
import type { FairnessFigures } from '../tasks/fairness.ts';
import type { InjectionFigures } from '../tasks/injection.ts';
import type { IntentFigures } from '../tasks/intent-figures.ts';
import type { LikenessFigures } from '../tasks/likeness.ts';
import type { Sizes } from '../tasks/run.ts';
import type { SliceFigures } from '../tasks/slices.ts';

export const TASKS = ['intents', 'slices', 'adapters', 'injection', 'difficulty', 'fairness'] as const;
export type Task = (typeof TASKS)[number];

export interface EncoderRow {
  readonly name: string;
  readonly kind: string;
  readonly revision: string;
  readonly engine: string;
  readonly bytes: number;
  readonly trainedOn: readonly string[];
}

export interface SetRow {
  readonly task: string;
  readonly name: string;
  /** What a model finds there to learn intents from; null for other tasks. */
  readonly messages: number | null;
  readonly title: string;
  readonly source: string;
  readonly licence: string;
  /** Artefacts that learned from it. */
  readonly learnedBy: readonly string[];
}

type Of<Figures> = Figures & { readonly encoder: string };

export interface Results {
  readonly isQuick: boolean;
  readonly sizes: Sizes;
  readonly tasks: readonly Task[];
  readonly encoders: readonly EncoderRow[];
  readonly likeness: readonly LikenessFigures[];
  readonly sets: readonly SetRow[];
  readonly intents: readonly Of<IntentFigures>[];
  readonly slices: readonly Of<SliceFigures>[];
  readonly adapters: readonly Of<AdapterFigures>[];
  readonly injection: readonly Of<InjectionFigures>[];
  readonly difficulty: readonly Of<DifficultyFigures>[];
  readonly fairness: readonly Of<FairnessFigures>[];
  /** What could not be measured, and why. */
  readonly notes: readonly string[];
}

/** What is told of injection by slice: on unseen sets, or, where there are none, on all. */
export function preferred({ injection }: Results): Results['injection'] {
  const unseen = injection.filter(({ over }) => over === 'unseen');
  return unseen.length > 0 ? unseen : injection;
}

/** A head learned from examples, exactly as the server learns it, asked by text. */
import { judgeIntent, learnIntent } from '../../src/classify/intent/intent.ts';
import type { Message } from '../reading/intent-sets.ts';

/** The vector of a text that was embedded before. */
export type VectorOf = (text: string) => Float32Array;

export interface Judgement {
  readonly intent: string;
  readonly confidence: number;
  readonly inScope: number;
}

/** Fewer cannot be learned. */
export const INTENTS_MIN = 3;

/** @param strangers messages that belong to no intent; may be empty */
export function learnIntents(
  examples: readonly Message[],
  strangers: readonly Message[],
  vectorOf: VectorOf,
): (text: string) => Judgement {
  const intents = examples.map(({ intents: [intent = ''] }) => intent);
  const numbers = new Map([...new Set(intents)].map((intent, at) => [intent, at]));
  const names = [...numbers.keys()];
  const head = learnIntent(
    examples.map(({ text }) => vectorOf(text)),
    intents.map((intent) => numbers.get(intent) ?? 0),
    names.length,
    strangers.map(({ text }) => vectorOf(text)),
  );
  return (text) => {
    const { label, confidence, inScope } = judgeIntent(head, vectorOf(text));
    return { intent: names[label] ?? '', confidence, inScope };
  };
}

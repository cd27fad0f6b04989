/** Which messages a head learns from: all, or a few of each intent. */

import { shuffled } from '../../src/statistics/random.ts';
import type { IntentSet, Message } from './intent-sets.ts';
import { type Random, seeded } from './random.ts';

/** How many of each intent; null: all there are. */
export type Shots = number | null;

/** A head learns from two of each intent at least. */
const EXAMPLES_MIN = 2;

/**
 * The examples of one draw. The first draw of a few is the set's own where it publishes one, so that figures compare
 * with published ones; the others are random, the same in every run.
 * @param draw 0, 1, 2 …
 */
export function drawExamples(set: IntentSet, shots: Shots, draw: number): Message[] {
  if (shots === null) return withoutSingles(set.train);
  const published = draw === 0 ? set.published.get(shots) : undefined;
  return withoutSingles(published ?? ofEach(set.train, shots, seeded(`${set.name} ${shots} ${draw}`)));
}

/** At most `count` of each intent. */
export function ofEach(messages: readonly Message[], count: number, random: Random): Message[] {
  const groups = Map.groupBy(messages, ({ intents }) => intents[0]);
  return [...groups.values()].flatMap((same) => shuffled(same, random).slice(0, count));
}

/** A random part of at most `count` messages, in their order; all where there are no more. */
export function atMost<T>(messages: readonly T[], count: number, seed: string): T[] {
  if (messages.length <= count) return [...messages];
  const kept = shuffled(
    messages.map((_, at) => at),
    seeded(seed),
  ).slice(0, count);
  return kept.sort((a, b) => a - b).map((at) => messages[at] as T);
}

function withoutSingles(messages: readonly Message[]): Message[] {
  return [...Map.groupBy(messages, ({ intents }) => intents[0]).values()]
    .filter(({ length }) => length >= EXAMPLES_MIN)
    .flat();
}

/** A random quarter of the intents, which nobody has written down yet: their messages are near-domain strangers. */
export function heldBack(intents: readonly string[], seed: string): Set<string> {
  const mixed = shuffled([...intents].sort(), seeded(seed));
  return new Set(mixed.slice(0, Math.ceil(mixed.length / 4)));
}

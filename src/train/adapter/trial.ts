/** Whether an adapter is worth keeping: it must beat the head alone on examples that neither has learned from. */
import type { HeldOutIntents } from '../../classify/intent/intent.ts';
import { binomialAtMost } from '../../statistics/binomial.ts';

/** An adapter is kept when so much of a gain, or more, would be rarer than this if it were none. */
const DOUBT = 0.05;

/** How an adapter did on examples that neither it nor the head had learned from. */
export interface AdapterTrial {
  /** Examples that both judged. */
  readonly of: number;
  /** Share that the head alone got right, and with the adapter. */
  readonly plain: number;
  readonly adapted: number;
  /** Examples that only one of the two got right. */
  readonly gained: number;
  readonly lost: number;
  /** Chance of so much of a gain if there were none (sign test; McNemar 1947). */
  readonly chance: number;
  /** Whether the adapter is kept. */
  readonly isKept: boolean;
}

/** Compares what was held out, example by example. */
export function compareHeldOut(
  labels: readonly number[],
  plain: HeldOutIntents,
  adapted: HeldOutIntents,
): AdapterTrial {
  const pairs = labels.flatMap((label, i) => {
    const [before, after] = [plain.examples[i], adapted.examples[i]];
    return before == null || after == null ? [] : [[before.label === label, after.label === label] as const];
  });
  const share = (side: 0 | 1): number =>
    pairs.filter((pair) => pair[side]).length / Math.max(1, pairs.length);
  const gained = pairs.filter(([before, after]) => !before && after).length;
  const lost = pairs.filter(([before, after]) => before && !after).length;
  const chance = binomialAtMost(lost, gained + lost, 0.5);
  const isKept = gained > lost && chance <= DOUBT;
  return { of: pairs.length, plain: share(0), adapted: share(1), gained, lost, chance, isKept };
}

/** What came of it, for people. */
export function adapterSentence({ of, plain, adapted, gained, lost, isKept }: AdapterTrial): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const against = `right for ${percent(adapted)} of ${of} unseen messages, ${percent(plain)} without it (${gained} won, ${lost} lost)`;
  return isKept
    ? `The adapter is kept: ${against}.`
    : `The adapter does not beat the head alone, and is not kept: ${against}.`;
}

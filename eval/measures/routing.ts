/**
 * How well a score tells which prompts need the larger model (RouteLLM: Ong et al. 2024, arXiv:2406.18665, section 3).
 *
 * With `r(·)` the mean quality of answers, a router that sends a share c of the prompts to the strong model recovers
 *
 *     PGR(c) = (r(router at c) − r(weak)) ÷ (r(strong) − r(weak))
 *
 * of the performance gap, and APGR is the area under PGR(c) for c from 0 to 1. RouteLLM approximates it by ten points;
 * here every budget counts, with straight lines between (the trapezoid rule), so that a random router has exactly 0.5.
 */

export interface Routed {
  /** Higher: rather the strong model. */
  readonly score: number;
  /** Quality of the two models' answers, 0 to 1. */
  readonly weak: number;
  readonly strong: number;
}

/**
 * Equal scores are sent in random order: each gains their mean. NaN where both models are equally good.
 * @param counts how often each prompt counts (a bootstrap sample); none: once
 */
export function apgr(rows: readonly Routed[], counts?: readonly number[]): number {
  return rankedApgr(ranked(rows), counts);
}

/** Prompts in the order in which a router gives them to the strong model; `tie` is the same for equal scores. */
export interface Ranked {
  readonly row: number;
  readonly tie: number;
  readonly gain: number;
}

/** Sorts once, for many bootstrap samples. */
export function ranked(rows: readonly Routed[]): Ranked[] {
  const order = rows.map((each, row) => ({ ...each, row })).sort((a, b) => b.score - a.score);
  let tie = 0;
  return order.map(({ row, score, weak, strong }, at) => {
    if (at > 0 && order[at - 1]?.score !== score) tie += 1;
    return { row, tie, gain: strong - weak };
  });
}

/** `apgr` of prompts that are sorted already. */
export function rankedApgr(order: readonly Ranked[], counts?: readonly number[]): number {
  let gap = 0;
  let area = 0;
  let total = 0;
  for (let from = 0, to = 0; from < order.length; from = to) {
    let width = 0;
    let gain = 0;
    while (to < order.length && order[to]?.tie === order[from]?.tie) {
      const each = order[to] as Ranked;
      const count = counts?.[each.row] ?? 1;
      width += count;
      gain += count * each.gain;
      to += 1;
    }
    // Within a tie the gap closes along a straight line.
    area += width * (gap + gain / 2);
    gap += gain;
    total += width;
  }
  return gap === 0 ? Number.NaN : area / (total * gap);
}

/** The share of the gap that is recovered at `budget` (0 to 1) of the prompts sent to the strong model. */
export function recoveredAt(budget: number, order: readonly Ranked[]): number {
  const total = order.reduce((sum, { gain }) => sum + gain, 0);
  const ties = [...Map.groupBy(order, ({ tie }) => tie).values()];
  let left = budget * order.length;
  let recovered = 0;
  for (const same of ties) {
    const taken = Math.min(1, left / same.length);
    recovered += taken * same.reduce((sum, { gain }) => sum + gain, 0);
    left -= taken * same.length;
    if (left <= 0) break;
  }
  return recovered / total;
}

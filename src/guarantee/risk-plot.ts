/**
 * Draws the error, and its upper bound, against the share that is answered, with the confidence that each share begins
 * at below it: confidences crowd together near 1, shares do not.
 */
import { type Guide, linePlot } from '../wire/line-plot.ts';

export interface RiskPoint {
  readonly threshold: number;
  /** Share of all requests that are at or above the threshold. */
  readonly share: number;
  readonly error: number;
  readonly errorAtMost: number;
}

export interface RiskPlot {
  /** From the highest threshold down. */
  readonly points: readonly RiskPoint[];
  readonly errorMax: number;
  /** The one that was chosen. */
  readonly threshold: number | null;
}

/** How far above the promise the plot goes: so many times. */
const HEADROOM = 3;
const BOUND = '#8fb0d9';
const UP_TO_BOUND = '#dbe6f4';
const SEEN = '#3465a4';

export function plotRisk({ points, errorMax, threshold }: RiskPlot): string {
  const top = Math.min(1, errorMax * HEADROOM);
  const seen = points.map(({ share, error }) => [share, error] as const);
  const bound = points.map(({ share, errorAtMost }) => [share, errorAtMost] as const);
  const chosen = points.find((point) => point.threshold === threshold);
  const promise: Guide = {
    points: [
      [0, errorMax],
      [1, errorMax],
    ],
    label: 'max_error',
  };
  return linePlot({
    title: 'error against the share that is answered',
    widthPx: 900,
    heightPx: 380,
    x: {
      name: 'share that is answered, and the confidence from which it is',
      from: 0,
      to: 1,
      tell: (share) => `${Math.round(100 * share)} %\n${thresholdAt(share, points)}`,
    },
    y: {
      name: 'misunderstood; shaded: up to the exact upper bound',
      from: 0,
      to: top,
      ticks: [0, 1, 2, 3].map((part) => (top * part) / HEADROOM),
      tell: (error) => `${Number((100 * error).toPrecision(3))} %`,
    },
    areas: [{ points: [...bound, ...seen.toReversed()], colour: UP_TO_BOUND }],
    guides: [promise, ...(chosen === undefined ? [] : [guideAt(chosen, top)])],
    lines: [
      { name: 'exact upper bound', points: bound, colour: BOUND },
      { name: 'share misunderstood', points: seen, colour: SEEN },
    ],
  });
}

function thresholdAt(share: number, points: readonly RiskPoint[]): string {
  const at = points.find((point) => point.share >= share);
  return share === 0 || at === undefined ? '' : `from ${at.threshold.toFixed(3)}`;
}

const guideAt = ({ share, threshold }: RiskPoint, top: number): Guide => ({
  points: [
    [share, 0],
    [share, top],
  ],
  label: `answered from ${threshold.toFixed(4)} on: ${(100 * share).toFixed(1)} %`,
});

/** The report's drawings, as SVG within its page; colours are the page's. */
import type { CoveragePoint, ReliabilityBin } from '../statistics/selective.ts';
import { type Axis, linePlot } from '../wire/line-plot.ts';

const SIDE_PX = 320;
const WIDE_PX = 560;
const MAIN = 'var(--main)';
/** Wrong answers shown at the top of the plot, in the least; the curve may need more. */
const ERROR_TOP_MIN = 0.05;

const percent = (share: number): string => `${Math.round(100 * share)} %`;
const shareAxis = (name: string): Axis => ({
  name,
  from: 0,
  to: 1,
  ticks: [0, 0.25, 0.5, 0.75, 1],
  tell: percent,
});

/** Confidence against the share that was right: on the diagonal, confidence keeps its word. */
export function reliabilityPlot(bins: readonly ReliabilityBin[]): string {
  const most = Math.max(...bins.map(({ share }) => share), Number.MIN_VALUE);
  const points = bins.map(({ confidence, right }) => [confidence, right] as const);
  return linePlot({
    title: 'Confidence against the share of messages that were right',
    widthPx: SIDE_PX,
    heightPx: SIDE_PX,
    x: shareAxis('confidence'),
    y: shareAxis('share that was right'),
    guides: [
      {
        points: [
          [0, 0],
          [1, 1],
        ],
      },
    ],
    lines: [{ name: 'this head', points, colour: MAIN }],
    dots: bins.map(({ confidence, right, share }) => ({
      at: [confidence, right],
      radiusPx: 3 + 4 * Math.sqrt(share / most),
      colour: MAIN,
      title: `Of messages with a confidence of about ${percent(confidence)}, ${percent(right)} were right.`,
    })),
  });
}

/** The share that is answered against the share of wrong answers among them. */
export function coveragePlot(
  curve: readonly CoveragePoint[],
  marks: readonly { readonly error: number; readonly coverage: number }[],
): string {
  const top = Math.max(ERROR_TOP_MIN, ...curve.map(({ error }) => error)) * 1.05;
  const step = top > 0.4 ? 0.2 : top > 0.2 ? 0.1 : top > 0.1 ? 0.05 : 0.02;
  const ticks = Array.from({ length: Math.floor(top / step) + 1 }, (_, i) => i * step);
  const points = curve.map(({ coverage, error }) => [coverage, error] as const);
  return linePlot({
    title: 'Share of the traffic that is answered against the share of wrong answers',
    widthPx: WIDE_PX,
    heightPx: SIDE_PX,
    x: shareAxis('share of the traffic that is answered'),
    y: { name: 'wrong among the answers', from: 0, to: top, ticks, tell: percent },
    guides: marks.map(({ error }) => ({
      points: [
        [0, error],
        [1, error],
      ],
    })),
    lines: [{ name: 'this head', points, colour: MAIN }],
    dots: marks.map(({ error, coverage }) => ({
      at: [coverage, error],
      radiusPx: 5,
      colour: MAIN,
      title: `With up to ${percent(error)} wrong, ${percent(coverage)} can be answered.`,
    })),
  });
}

/** A share as a bar within a table's cell. */
export function bar(share: number, kind: 'good' | 'bad'): string {
  const width = (100 * Math.min(1, Math.max(0, share))).toFixed(1);
  return `<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="rest" width="100" height="10"/><rect class="${kind}" width="${width}" height="10"/></svg>`;
}

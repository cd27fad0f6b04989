/** The report's drawings, as SVG within its page: no script, no font, nothing fetched. Colours are the page's. */
import type { CoveragePoint, ReliabilityBin } from '../statistics/selective.ts';

const SIDE = 320;
const MARGIN = { left: 62, right: 24, top: 12, bottom: 44 } as const;
const WIDE = 560;
const TICKS = [0, 0.25, 0.5, 0.75, 1];
/** Wrong answers shown at the top of the plot, in the least; the curve may need more. */
const ERROR_TOP_MIN = 0.05;

/** Confidence against the share that was right: on the diagonal, confidence keeps its word. */
export function reliabilityPlot(bins: readonly ReliabilityBin[]): string {
  const frame = frameOf(SIDE, SIDE, 1, 1);
  const most = Math.max(...bins.map(({ share }) => share), 0);
  const dots = bins.map(({ confidence, right, share }) => {
    const radius = 3 + 4 * Math.sqrt(most === 0 ? 0 : share / most);
    const said = `Of messages with a confidence of about ${percent(confidence)}, ${percent(right)} were right.`;
    return `<circle class="dot" cx="${frame.x(confidence)}" cy="${frame.y(right)}" r="${radius.toFixed(1)}"><title>${said}</title></circle>`;
  });
  const line = pathThrough(bins.map(({ confidence, right }) => [frame.x(confidence), frame.y(right)]));
  const diagonal = `<line class="ideal" x1="${frame.x(0)}" y1="${frame.y(0)}" x2="${frame.x(1)}" y2="${frame.y(1)}"/>`;
  const axes = axesOf(frame, 'confidence', 'share that was right', TICKS, TICKS);
  const body = `${axes}${diagonal}<path class="curve" d="${line}"/>${dots.join('')}`;
  return svg(frame, 'Confidence against the share of messages that were right', body);
}

/** The share that is answered against the share of wrong answers among them. */
export function coveragePlot(
  curve: readonly CoveragePoint[],
  marks: readonly { readonly error: number; readonly coverage: number }[],
): string {
  const top = Math.max(ERROR_TOP_MIN, ...curve.map(({ error }) => error)) * 1.05;
  const frame = frameOf(WIDE, SIDE, 1, top);
  const points = curve.map(({ coverage, error }) => [frame.x(coverage), frame.y(error)] as const);
  const dots = marks.map(({ error, coverage }) => {
    const said = `With up to ${percent(error)} wrong, ${percent(coverage)} can be answered.`;
    return `<circle class="dot" cx="${frame.x(coverage)}" cy="${frame.y(error)}" r="5"><title>${said}</title></circle>`;
  });
  const levels = marks.map(
    ({ error }) =>
      `<line class="ideal" x1="${frame.x(0)}" y1="${frame.y(error)}" x2="${frame.x(1)}" y2="${frame.y(error)}"/>`,
  );
  const step = top > 0.4 ? 0.2 : top > 0.2 ? 0.1 : top > 0.1 ? 0.05 : 0.02;
  const ticks = Array.from({ length: Math.floor(top / step) + 1 }, (_, i) => i * step);
  const axes = axesOf(
    frame,
    'share of the traffic that is answered',
    'wrong among the answers',
    TICKS,
    ticks,
  );
  return svg(
    frame,
    'Share of the traffic that is answered against the share of wrong answers',
    `${axes}${levels.join('')}<path class="curve" d="${pathThrough(points)}"/>${dots.join('')}`,
  );
}

/** A share as a bar within a table's cell. */
export function bar(share: number, kind: 'good' | 'bad'): string {
  const width = (100 * Math.min(1, Math.max(0, share))).toFixed(1);
  return `<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="rest" width="100" height="10"/><rect class="${kind}" width="${width}" height="10"/></svg>`;
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

function frameOf(width: number, height: number, right: number, top: number): Frame {
  const { left, right: beside, top: above, bottom } = MARGIN;
  const rounded = (value: number): number => Number(value.toFixed(1));
  return {
    width,
    height,
    x: (value) => rounded(left + (value / right) * (width - left - beside)),
    y: (value) => rounded(height - bottom - (value / top) * (height - above - bottom)),
  };
}

function axesOf(
  frame: Frame,
  across: string,
  up: string,
  ticksAcross: readonly number[],
  ticksUp: readonly number[],
): string {
  const { x, y, width, height } = frame;
  const [left, low] = [MARGIN.left, height - MARGIN.bottom];
  const marks = [
    ...ticksAcross.map(
      (tick) => `<text x="${x(tick)}" y="${low + 16}" text-anchor="middle">${percent(tick)}</text>`,
    ),
    ...ticksUp.map(
      (tick) =>
        `<line class="grid" x1="${left}" y1="${y(tick)}" x2="${width - MARGIN.right}" y2="${y(tick)}"/><text x="${left - 6}" y="${y(tick) + 4}" text-anchor="end">${percent(tick)}</text>`,
    ),
  ];
  const middle = (left + width - MARGIN.right) / 2;
  return `${marks.join('')}<text class="axis" x="${middle}" y="${height - 8}" text-anchor="middle">${across}</text><text class="axis" transform="translate(14 ${low / 2}) rotate(-90)" text-anchor="middle">${up}</text>`;
}

function pathThrough(points: readonly (readonly number[])[]): string {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join('');
}

function svg({ width, height }: Frame, about: string, body: string): string {
  return `<svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-label="${about}">${body}</svg>`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

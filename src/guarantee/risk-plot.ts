/**
 * Draws the error, and its upper bound, against the share that is answered, with the confidence that each share begins
 * at below it: confidences crowd together near 1, shares do not.
 */

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

const PLOT = { width: 900, height: 380, left: 64, right: 24, top: 16, bottom: 84 } as const;
const RIGHT = PLOT.width - PLOT.right;
const BOTTOM = PLOT.height - PLOT.bottom;
/** How far above the promise the plot goes. */
const HEADROOM = 3;
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];

const x = (share: number): string => (PLOT.left + share * (RIGHT - PLOT.left)).toFixed(1);

export function plotRisk({ points, errorMax, threshold }: RiskPlot): string {
  const top = Math.min(1, errorMax * HEADROOM);
  const y = (error: number): string => (BOTTOM - Math.min(1, error / top) * (BOTTOM - PLOT.top)).toFixed(1);
  const line = (value: (point: RiskPoint) => number): string =>
    points.map((point) => `${x(point.share)},${y(value(point))}`).join(' ');
  const between = [...points].reverse().map(({ share, error }) => `${x(share)},${y(error)}`);
  const chosen = points.find((point) => point.threshold === threshold);
  return `<svg viewBox="0 0 ${PLOT.width} ${PLOT.height}" font-size="13" role="img" aria-label="error against the share that is answered">
${TICKS.map((share) => shareTick(share, points)).join('\n')}
${[0, 1, 2, 3].map((part) => errorTick((top * part) / HEADROOM, y)).join('\n')}
<polygon points="${line(({ errorAtMost }) => errorAtMost)} ${between.join(' ')}" fill="#dbe6f4"/>
<polyline points="${line(({ errorAtMost }) => errorAtMost)}" fill="none" stroke="#8fb0d9" stroke-width="1.5"/>
<polyline points="${line(({ error }) => error)}" fill="none" stroke="#3465a4" stroke-width="2.5"/>
<line x1="${PLOT.left}" x2="${RIGHT}" y1="${y(errorMax)}" y2="${y(errorMax)}" stroke="#a33" stroke-dasharray="6 4"/>
<text x="${RIGHT}" y="${Number(y(errorMax)) - 6}" text-anchor="end" fill="#a33">max_error</text>
${chosen === undefined ? '' : chosenLine(chosen)}
<g transform="translate(${PLOT.left}, ${PLOT.height - 8})"><rect y="-8" width="22" height="3" fill="#3465a4"/><text x="28">share misunderstood</text>
<rect x="190" y="-12" width="22" height="12" fill="#dbe6f4" stroke="#8fb0d9"/><text x="218">up to its exact upper bound</text></g>
</svg>`;
}

function shareTick(share: number, points: readonly RiskPoint[]): string {
  const at = points.find((point) => point.share >= share);
  const from = share === 0 || at === undefined ? '' : `from ${at.threshold.toFixed(3)}`;
  const anchor = share === 1 ? 'end' : 'middle';
  return `<line x1="${x(share)}" x2="${x(share)}" y1="${PLOT.top}" y2="${BOTTOM}" stroke="#eee"/>
<text x="${x(share)}" y="${BOTTOM + 18}" text-anchor="${anchor}">${share === 0 ? 'answered: 0' : Math.round(100 * share)} %</text>
<text x="${x(share)}" y="${BOTTOM + 36}" text-anchor="${anchor}" fill="#777">${from}</text>`;
}

function errorTick(error: number, y: (error: number) => string): string {
  return `<line x1="${PLOT.left}" x2="${RIGHT}" y1="${y(error)}" y2="${y(error)}" stroke="#eee"/>
<text x="${PLOT.left - 8}" y="${Number(y(error)) + 4}" text-anchor="end">${Number((100 * error).toPrecision(3))} %</text>`;
}

function chosenLine({ share, threshold }: RiskPoint): string {
  const anchor = share > 0.5 ? 'end' : 'start';
  const at = Number(x(share)) + (share > 0.5 ? -8 : 8);
  return `<line x1="${x(share)}" x2="${x(share)}" y1="${PLOT.top}" y2="${BOTTOM}" stroke="#2c6e31" stroke-width="2"/>
<text x="${at}" y="${PLOT.top + 14}" text-anchor="${anchor}" fill="#2c6e31">answered from ${threshold.toFixed(4)} on: ${(100 * share).toFixed(1)} %</text>`;
}

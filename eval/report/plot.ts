/** Plots as inline SVG: curves, and bars with intervals. Text takes the page's own colour, so both of its themes work. */
import { escapeHtml } from '../../src/wire/html.ts';

/** Okabe and Ito's palette (2008), which colour-blind readers can tell apart. */
export const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'] as const;
const FONT_PX = 12;

export interface Axis {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly tell: (value: number) => string;
}

export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** An index into the colours; a line of the same thing in another plot has the same one. */
  readonly colour: number;
  readonly isDashed?: boolean;
  readonly hasDots?: boolean;
}

export interface LinePlot {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
  /** A thin grey line to compare with. */
  readonly guide: readonly (readonly [x: number, y: number])[];
}

const CURVES = { width: 400, height: 300, left: 52, right: 14, top: 30, bottom: 44 } as const;
const TICKS = 5;

export function linePlot({ title, x, y, lines, guide }: LinePlot): string {
  const { width, height, left, right, top, bottom } = CURVES;
  const atX = (value: number): string =>
    (left + ((value - x.from) / (x.to - x.from)) * (width - left - right)).toFixed(1);
  const atY = (value: number): string =>
    (height - bottom - ((value - y.from) / (y.to - y.from)) * (height - top - bottom)).toFixed(1);
  const ticks = (axis: Axis): number[] =>
    Array.from({ length: TICKS + 1 }, (_, at) => axis.from + (at / TICKS) * (axis.to - axis.from));
  const path = (points: Line['points']): string =>
    points
      // What leaves the plot upwards runs along its edge.
      .map(([px, py]) => `${atX(px)},${atY(Math.min(Math.max(py, y.from), y.to))}`)
      .join(' ');
  const grid = [
    ...ticks(x).map(
      (value) =>
        `<line class="grid" x1="${atX(value)}" x2="${atX(value)}" y1="${top}" y2="${height - bottom}"/><text x="${atX(value)}" y="${height - bottom + 16}" text-anchor="middle">${x.tell(value)}</text>`,
    ),
    ...ticks(y).map(
      (value) =>
        `<line class="grid" x1="${left}" x2="${width - right}" y1="${atY(value)}" y2="${atY(value)}"/><text x="${left - 6}" y="${(Number(atY(value)) + 4).toFixed(1)}" text-anchor="end">${y.tell(value)}</text>`,
    ),
  ];
  const drawn = lines.map(({ name, points, colour, isDashed = false, hasDots = false }) => {
    const stroke = COLOURS[colour % COLOURS.length];
    const dots = hasDots
      ? points.map(([px, py]) => `<circle cx="${atX(px)}" cy="${atY(py)}" r="3" fill="${stroke}"/>`).join('')
      : '';
    return `<polyline points="${path(points)}" fill="none" stroke="${stroke}" stroke-width="2"${isDashed ? ' stroke-dasharray="5 4"' : ''}><title>${escapeHtml(name)}</title></polyline>${dots}`;
  });
  return svg(width, height, title, [
    `<text x="${left}" y="18" font-weight="600">${escapeHtml(title)}</text>`,
    ...grid,
    `<polyline class="guide" points="${path(guide)}" fill="none"/>`,
    ...drawn,
    `<text x="${(left + width - right) / 2}" y="${height - 8}" text-anchor="middle">${escapeHtml(x.name)}</text>`,
    `<text transform="translate(12 ${(top + height - bottom) / 2}) rotate(-90)" text-anchor="middle">${escapeHtml(y.name)}</text>`,
  ]);
}

/** A row of bars, one for each series. */
export interface BarRow {
  readonly name: string;
  /** NaN: none. */
  readonly bars: readonly { readonly value: number; readonly low?: number; readonly high?: number }[];
}

export interface BarPlot {
  readonly title: string;
  readonly from: number;
  readonly to: number;
  readonly tell: (value: number) => string;
  readonly rows: readonly BarRow[];
  /** A value to compare with. */
  readonly guide?: number;
}

const BARS = { width: 620, left: 210, right: 60, top: 30, bar: 12, gap: 8, bottom: 26 } as const;
const NAME_CHARS_MAX = 28;

/**
 * Bars from left to right, or dots where the axis does not begin at 0 (a bar's length would lie), with intervals where
 * there are any. The series have the colours' order.
 */
export function barPlot({ title, from, to, tell, rows, guide }: BarPlot): string {
  const { width, left, right, top, bar, gap, bottom } = BARS;
  const at = (value: number): number =>
    left + ((Math.min(Math.max(value, from), to) - from) / (to - from)) * (width - left - right);
  const marks: string[] = [];
  let y: number = top;
  for (const { name, bars } of rows) {
    const middle = y + (bars.length * bar) / 2;
    const shown = name.length > NAME_CHARS_MAX ? `${name.slice(0, NAME_CHARS_MAX - 1)}…` : name;
    marks.push(`<text x="${left - 8}" y="${middle + 4}" text-anchor="end">${escapeHtml(shown)}</text>`);
    for (const [series, each] of bars.entries()) {
      if (Number.isFinite(each.value))
        marks.push(oneBar(name, each, COLOURS[series % COLOURS.length] ?? '', y));
      y += bar;
    }
    y += gap;
  }

  function oneBar(
    name: string,
    { value, low, high }: BarRow['bars'][number],
    colour: string,
    y: number,
  ): string {
    const hint = `<title>${escapeHtml(name)}: ${tell(value)}</title>`;
    const end = Math.max(at(value), high === undefined || !Number.isFinite(high) ? 0 : at(high));
    const mark =
      from > 0
        ? `<circle cx="${at(value).toFixed(1)}" cy="${y + bar / 2}" r="4" fill="${colour}">${hint}</circle>`
        : `<rect x="${left}" y="${y + 1}" width="${Math.max(0.5, at(value) - left).toFixed(1)}" height="${bar - 2}" rx="1.5" fill="${colour}">${hint}</rect>`;
    const interval =
      low === undefined || high === undefined || !Number.isFinite(low + high)
        ? ''
        : `<line class="interval" x1="${at(low).toFixed(1)}" x2="${at(high).toFixed(1)}" y1="${y + bar / 2}" y2="${y + bar / 2}"/>`;
    return `${interval}${mark}<text x="${(end + 7).toFixed(1)}" y="${y + bar - 2}" font-size="11">${tell(value)}</text>`;
  }

  const ticks = Array.from({ length: TICKS + 1 }, (_, tick) => from + (tick / TICKS) * (to - from)).map(
    (value) =>
      `<line class="grid" x1="${at(value).toFixed(1)}" x2="${at(value).toFixed(1)}" y1="${top - 4}" y2="${y}"/><text x="${at(value).toFixed(1)}" y="${y + 14}" text-anchor="middle" font-size="11">${tell(value)}</text>`,
  );
  const line =
    guide === undefined
      ? ''
      : `<line class="guide" x1="${at(guide).toFixed(1)}" x2="${at(guide).toFixed(1)}" y1="${top - 4}" y2="${y}"/>`;
  const heading = `<text x="${left}" y="16" font-weight="600">${escapeHtml(title)}</text>`;
  return svg(width, y + bottom, title, [heading, ...ticks, line, ...marks]);
}

/** Which colour is which. */
export function legend(names: readonly string[], dashed?: string): string {
  const keys = names.map(
    (name, at) =>
      `<span class="key"><i style="background:${COLOURS[at % COLOURS.length]}"></i>${escapeHtml(name)}</span>`,
  );
  const note = dashed === undefined ? '' : `<span class="key">${escapeHtml(dashed)}</span>`;
  return `<p class="legend">${keys.join('')}${note}</p>`;
}

function svg(width: number, height: number, title: string, marks: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-size="${FONT_PX}" role="img" aria-label="${escapeHtml(title)}">
${marks.filter((mark) => mark !== '').join('\n')}
</svg>`;
}

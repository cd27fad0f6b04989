/** Bars with intervals as SVG, and which colour is whose. Text takes the page's own colour, so both of its themes work. */
import { escapeHtml } from '../../src/wire/html.ts';
import { COLOURS, evenTicks, svg } from '../../src/wire/line-plot.ts';

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
      if (Number.isFinite(each.value)) marks.push(oneBar(name, each, colourOf(series), y));
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

  const ticks = evenTicks(from, to).map(
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

/** The colour of the series, from the first. */
export const colourOf = (series: number): string => COLOURS[series % COLOURS.length] ?? COLOURS[0];

/** Which colour is which. */
export function legend(names: readonly string[], dashed?: string): string {
  const keys = names.map(
    (name, at) => `<span class="key"><i style="background:${colourOf(at)}"></i>${escapeHtml(name)}</span>`,
  );
  const note = dashed === undefined ? '' : `<span class="key">${escapeHtml(dashed)}</span>`;
  return `<p class="legend">${keys.join('')}${note}</p>`;
}

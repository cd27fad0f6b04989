/**
 * Curves as SVG within a page: no script, no font, nothing fetched. The page's style says how `.plot`, its text, `.axis`
 * (the names of the axes), `.grid` and `.guide` look.
 */
import { escapeHtml } from './html.ts';

/** Okabe and Ito's palette (2008), which colour-blind readers can tell apart. */
export const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'] as const;

export type Point = readonly [x: number, y: number];

export interface Axis {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Numbers beside the axis; by default six from end to end. */
  readonly ticks?: readonly number[];
  /** How a number is written; of more lines than one, the later ones stand below. */
  readonly tell: (value: number) => string;
}

export interface Line {
  readonly name: string;
  readonly points: readonly Point[];
  /** As CSS has it. */
  readonly colour: string;
  readonly isDashed?: boolean;
}

/** A point of its own, which says something when it is pointed at. */
export interface Dot {
  readonly at: Point;
  readonly radiusPx: number;
  readonly colour: string;
  readonly title?: string;
}

/** Something to compare with; its label stands at its last point. */
export interface Guide {
  readonly points: readonly Point[];
  readonly label?: string;
}

export interface LinePlot {
  readonly title: string;
  /** Whether the title is drawn, too. */
  readonly isTitled?: boolean;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly x: Axis;
  readonly y: Axis;
  /** Areas, by their corners, below all else. */
  readonly areas?: readonly Pick<Line, 'points' | 'colour'>[];
  readonly guides: readonly Guide[];
  readonly lines: readonly Line[];
  readonly dots?: readonly Dot[];
}

const MARGIN = { left: 58, right: 24, top: 14, titled: 30, bottom: 44, line: 16 } as const;
const TICKS = 5;
const LABEL_GAP = 6;

/** What leaves the plot runs along its edge. */
export function linePlot(plot: LinePlot): string {
  const { title, isTitled = false, widthPx, heightPx, x, y, areas = [], guides, lines, dots = [] } = plot;
  const tickLines = Math.max(...ticksOf(x).map((tick) => x.tell(tick).split('\n').length));
  const [left, right] = [MARGIN.left, widthPx - MARGIN.right];
  const top = isTitled ? MARGIN.titled : MARGIN.top;
  const bottom = heightPx - MARGIN.bottom - (tickLines - 1) * MARGIN.line;
  const atX = (value: number): number => between(left, right, partOf(x, value));
  const atY = (value: number): number => between(bottom, top, partOf(y, value));
  const path = (points: readonly Point[]): string =>
    points.map(([px, py]) => `${atX(px)},${atY(py)}`).join(' ');
  const [middleX, middleY] = [(left + right) / 2, (top + bottom) / 2];
  return svg(widthPx, heightPx, title, [
    isTitled ? `<text x="${left}" y="18" font-weight="600">${escapeHtml(title)}</text>` : '',
    ...areas.map(({ points, colour }) => `<polygon points="${path(points)}" fill="${colour}"/>`),
    ...ticksOf(x).map((tick) => {
      const rows = x.tell(tick).split('\n');
      const texts = rows.map((row, at) => text(atX(tick), bottom + (at + 1) * MARGIN.line, 'middle', row));
      return `${gridLine(atX(tick), top, atX(tick), bottom)}${texts.join('')}`;
    }),
    ...ticksOf(y).map(
      (tick) =>
        `${gridLine(left, atY(tick), right, atY(tick))}${text(left - LABEL_GAP, atY(tick) + 4, 'end', y.tell(tick))}`,
    ),
    ...guides.map(({ points }) => `<polyline class="guide" points="${path(points)}" fill="none"/>`),
    ...lines.map(
      ({ name, points, colour, isDashed = false }) =>
        `<polyline points="${path(points)}" fill="none" stroke="${colour}" stroke-width="2"${isDashed ? ' stroke-dasharray="5 4"' : ''}><title>${escapeHtml(name)}</title></polyline>`,
    ),
    ...dots.map(
      ({ at: [px, py], radiusPx, colour, title: said = '' }) =>
        `<circle cx="${atX(px)}" cy="${atY(py)}" r="${radiusPx.toFixed(1)}" fill="${colour}"><title>${escapeHtml(said)}</title></circle>`,
    ),
    ...guides.map(({ points, label }) => {
      const last = points.at(-1);
      if (last === undefined || label === undefined) return '';
      const isLate = atX(last[0]) > middleX;
      const beside = atX(last[0]) + (isLate ? -LABEL_GAP : LABEL_GAP);
      const over = atY(last[1]) > top + MARGIN.line ? -LABEL_GAP : MARGIN.line;
      return text(beside, atY(last[1]) + over, isLate ? 'end' : 'start', label);
    }),
    `<text class="axis" x="${middleX}" y="${heightPx - 8}" text-anchor="middle">${escapeHtml(x.name)}</text>`,
    `<text class="axis" transform="translate(13 ${middleY}) rotate(-90)" text-anchor="middle">${escapeHtml(y.name)}</text>`,
  ]);
}

/** What every plot is drawn in. @param marks elements; empty ones are left out */
export function svg(widthPx: number, heightPx: number, title: string, marks: readonly string[]): string {
  return `<svg class="plot" viewBox="0 0 ${widthPx} ${heightPx}" width="${widthPx}" height="${heightPx}" font-size="12" role="img" aria-label="${escapeHtml(title)}">
${marks.filter((mark) => mark !== '').join('\n')}
</svg>`;
}

/** `TICKS` steps from end to end. */
export function evenTicks(from: number, to: number): number[] {
  return Array.from({ length: TICKS + 1 }, (_, at) => from + (at / TICKS) * (to - from));
}

const ticksOf = ({ from, to, ticks = evenTicks(from, to) }: Axis): readonly number[] => ticks;

/** 0 to 1. */
const partOf = ({ from, to }: Axis, value: number): number =>
  (Math.min(Math.max(value, from), to) - from) / (to - from);

const between = (from: number, to: number, part: number): number =>
  Number((from + part * (to - from)).toFixed(1));

const gridLine = (x1: number, y1: number, x2: number, y2: number): string =>
  `<line class="grid" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;

const text = (x: number, y: number, anchor: string, said: string): string =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}">${escapeHtml(said)}</text>`;

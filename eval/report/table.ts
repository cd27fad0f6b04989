/** Tables of figures, for HTML and for Markdown alike, and how figures are written. */
import type { Estimate, Interval } from '../measures/spread.ts';

export interface Table {
  readonly title: string;
  /** What a reader must know to read it right. */
  readonly note: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const NONE = '–';

/** 0.9157 → `91.6` */
export const percent = (share: number, digits = 1): string =>
  Number.isFinite(share) ? (share * 100).toFixed(digits) : NONE;

/** 0.9866 → `.987` */
export const decimal = (value: number, digits = 3): string =>
  Number.isFinite(value) ? value.toFixed(digits).replace(/^(-?)0\./, '$1.') : NONE;

/** `91.6 ± 0.5`: a share in percent with its standard error. */
export function percentWithError(estimate: Estimate | null | undefined): string {
  if (estimate === null || estimate === undefined || !Number.isFinite(estimate.mean)) return NONE;
  const { mean, standardError } = estimate;
  return Number.isFinite(standardError) ? `${percent(mean)} ± ${percent(standardError)}` : percent(mean);
}

/** `91.6 (90.1 to 93.0)` */
export const percentWithin = (share: number, { low, high }: Interval): string =>
  Number.isFinite(share) ? `${percent(share)} (${percent(low)} to ${percent(high)})` : NONE;

/** `.612 (.598 to .626)` */
export const decimalWithin = (value: number, { low, high }: Interval): string =>
  Number.isFinite(value) ? `${decimal(value)} (${decimal(low)} to ${decimal(high)})` : NONE;

/** As Markdown. */
export function markdown({ title, note, head, rows }: Table): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = head.map((_, at) => (at === 0 ? '---' : '---:'));
  return [`**${title}**. ${note}`, '', line(head), line(rule), ...rows.map(line)].join('\n');
}

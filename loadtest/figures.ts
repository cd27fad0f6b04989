/**
 * Figures for people: percentiles, tables, a progress line.
 */

/** The value below which this share of the sorted values lies (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** A Markdown table with its columns aligned; all but the first column to the right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  const [first = [], ...rest] = cells;
  return [line(first), rule, ...rest.map(line)].join('\n');
}

/** A bar of so many of so many, on stderr, where a person may be looking. */
export function progress(label: string, total: number): (done: number) => void {
  let shown = -1;
  return (done) => {
    const share = Math.floor((done / total) * 30);
    if (share === shown && done < total) return;
    shown = share;
    const bar = `${'█'.repeat(share)}${'░'.repeat(30 - share)}`;
    if (process.stderr.isTTY)
      process.stderr.write(`\r${label} ${bar} ${done}/${total}${done === total ? '\n' : ''}`);
    else if (done === total) process.stderr.write(`${label}: ${total} done\n`);
  };
}

/** What was lost by quantizing, for people (HTML) and programs (JSON). */
import { escapeHtml } from '../wire/html.ts';
import type { LabelledResult } from './labelled.ts';
import type { Scheme } from './quantized-linear.ts';

/** A way to store the model, measured. */
export interface SchemeRow {
  /** Such as `int4, 15 % in int8`. */
  readonly name: string;
  /** Size of weights and graph. */
  readonly bytes: number;
  /** Likeness of vectors to the original's over the check texts. */
  readonly cosineMean: number;
  readonly cosineMin: number;
  readonly labelled: LabelledResult | null;
}

/** One matrix of the pack that was made. */
export interface LinearRow {
  readonly name: string;
  readonly scheme: Scheme;
  /** Error of its output on the calibration texts, as a share of the output's length. */
  readonly error: number;
  /** What it costs alone: one less the cosine to the original; null where that was not measured. */
  readonly loss: number | null;
  /** Whether its input is scaled first. */
  readonly isSmoothed: boolean;
}

export interface Report {
  readonly model: string;
  /** The row of `schemes` that was written. */
  readonly made: string;
  readonly calibrationTokens: number;
  readonly checkTexts: number;
  readonly original: { readonly bytes: number; readonly labelled: LabelledResult | null };
  readonly schemes: readonly SchemeRow[];
  readonly linears: readonly LinearRow[];
}

export function reportJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

export function reportHtml(report: Report): string {
  const { model, made, calibrationTokens, checkTexts, schemes, linears } = report;
  const title = `${escapeHtml(model)}: what quantizing it cost`;
  const linearRows = linears.map(({ name, scheme, error, loss, isSmoothed }) => [
    name,
    scheme,
    percent(error),
    loss === null ? '–' : loss.toFixed(6),
    isSmoothed ? 'yes' : 'no',
  ]);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${title}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
table { border-collapse: collapse; } th, td { padding: .2rem .8rem; text-align: right; border-bottom: 1px solid #ddd; }
th:first-child, td:first-child { text-align: left; } .made { font-weight: bold; } svg { max-width: 100%; height: auto; }
</style>
<h1>${title}</h1>
<p>Fitted to ${calibrationTokens} tokens of calibration texts; compared on ${checkTexts} other texts, by onnxruntime on the
files themselves. The row in bold is the pack beside this file.</p>
${schemeTable(report.original, schemes, made)}
<h2>By matrix</h2>
<p>Error: length of the output's error over that of the output. Loss: one less the mean cosine to the original when this
matrix alone is quantized.</p>
${plot(linears)}
${table(['matrix', 'stored as', 'error', 'loss', 'input scaled'], linearRows)}
</html>
`;
}

function schemeTable(original: Report['original'], schemes: readonly SchemeRow[], made: string): string {
  const first = ['original', megabytes(original.bytes), '1', '1', ...labelledCells(original.labelled)];
  const rows = schemes.map((row) => [
    row.name,
    megabytes(row.bytes),
    row.cosineMean.toFixed(5),
    row.cosineMin.toFixed(5),
    ...labelledCells(row.labelled),
  ]);
  const heads = ['scheme', 'MB', 'cosine, mean', 'least', 'right label', 'out-of-scope AUROC'];
  return table(heads, [first, ...rows], made);
}

function labelledCells(result: LabelledResult | null): string[] {
  if (result === null) return ['–', '–'];
  return [percent(result.accuracy), result.auroc === null ? '–' : result.auroc.toFixed(4)];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[], bold = ''): string {
  const line = (cells: readonly string[], tag: string): string =>
    `<tr${cells[0] === bold ? ' class="made"' : ''}>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>\n${[line(heads, 'th'), ...rows.map((row) => line(row, 'td'))].join('\n')}\n</table>`;
}

const PLOT = { width: 900, height: 260, left: 60, bottom: 40 } as const;
const COLOURS: Readonly<Record<Scheme, string>> = { int4: '#3465a4', int8: '#73a946', ternary: '#c4662b' };

/** A bar for each matrix: its loss where that is known, else its error. */
function plot(linears: readonly LinearRow[]): string {
  const isLoss = linears.every(({ loss }) => loss !== null);
  const values = linears.map(({ loss, error }) => (isLoss ? (loss ?? 0) : error));
  const top = Math.max(...values) || 1;
  const { width, height, left, bottom } = PLOT;
  const step = (width - left) / linears.length;
  const bars = linears.map(({ name, scheme }, at) => {
    const size = ((values[at] ?? 0) / top) * (height - bottom);
    const place = `x="${(left + at * step).toFixed(1)}" y="${(height - bottom - size).toFixed(1)}"`;
    const label = `${escapeHtml(name)}: ${(values[at] ?? 0).toPrecision(3)}`;
    return `<rect ${place} width="${(step * 0.8).toFixed(1)}" height="${size.toFixed(1)}" fill="${COLOURS[scheme]}"><title>${label}</title></rect>`;
  });
  const keys = Object.entries(COLOURS).map(
    ([scheme, colour], at) =>
      `<rect x="${left + at * 100}" y="${height - 16}" width="12" height="12" fill="${colour}"/><text x="${left + at * 100 + 18}" y="${height - 6}" font-size="13">${scheme}</text>`,
  );
  const what = isLoss ? 'loss' : 'error';
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${what} of each matrix, first layer to last">
<text x="0" y="14" font-size="13">${top.toPrecision(2)}</text><text x="0" y="${height - bottom}" font-size="13">0</text>
${[...bars, ...keys].join('\n')}
</svg>`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

/** What every report for people has: one HTML file with everything in it, no script, no address. */
import { escapeHtml } from '../../src/wire/html.ts';
import type { Table } from './table.ts';

export interface Page {
  readonly title: string;
  readonly heading: string;
  /** Lines below the heading, as HTML. */
  readonly about: readonly string[];
  readonly warning?: string;
  /** To the sections, as HTML. */
  readonly links: readonly string[];
  /** As HTML. */
  readonly body: string;
}

export const pageHtml = ({ title, heading, about, warning, links, body }: Page): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
<header><h1>${heading}</h1>
${about.map((line) => `<p>${line}</p>`).join('\n')}
${warning === undefined ? '' : `<p class="warning">${warning}</p>`}
<nav>${links.join('')}</nav></header>
${body}
</html>
`;

/** What is longer is a sentence, and begins at the left. */
const FIGURE_CHARS_MAX = 40;

export function tableHtml({ title, note, head, rows }: Table): string {
  const one = (cell: string, tag: string): string =>
    `<${tag}${cell.length > FIGURE_CHARS_MAX ? ' class="words"' : ''}>${escapeHtml(cell)}</${tag}>`;
  const line = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => one(cell, tag)).join('')}</tr>`;
  return `<figure><figcaption><b>${escapeHtml(title)}.</b> ${escapeHtml(note)}</figcaption>
<div class="wide"><table><thead>${line(head, 'th')}</thead><tbody>
${rows.map((row) => line(row, 'td')).join('\n')}
</tbody></table></div></figure>`;
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #d9dee5; --page: #fff; --band: #f5f7fa; --link: #0b62a8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e3e8ee; --soft: #9aa6b5; --line: #36404d; --page: #14191f; --band: #1b2129; --link: #6db3ee; } }
* { box-sizing: border-box; }
body { font: 15px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--page); max-width: 76rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.9rem; margin: 0 0 .3rem; } h2 { font-size: 1.35rem; margin: 2.8rem 0 .3rem; } h3 { font-size: 1.05rem; }
header p { margin: .2rem 0; color: var(--soft); } section > p { color: var(--soft); margin: .2rem 0 1rem; max-width: 50rem; }
nav { display: flex; flex-wrap: wrap; gap: .4rem 1.2rem; margin-top: 1rem; padding: .6rem 0; border-block: 1px solid var(--line); }
a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
.warning { color: #b3541e !important; font-weight: 600; }
figure { margin: 1.2rem 0; } figcaption { margin-bottom: .5rem; color: var(--soft); max-width: 60rem; } figcaption b { color: var(--ink); }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; }
th, td { padding: .28rem .75rem; text-align: right; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; background: var(--band); } th:first-child, td:first-child { text-align: left; }
#fairness td, #data td, #data th, td.words { text-align: left; } td.words { min-width: 22rem; } tbody tr:hover { background: var(--band); }
.plots { display: flex; flex-wrap: wrap; gap: 1rem 1.5rem; align-items: flex-start; } svg { max-width: 100%; height: auto; } svg text { fill: var(--ink); }
.grid { stroke: var(--line); stroke-width: 1; } .guide { stroke: var(--soft); stroke-width: 1.2; stroke-dasharray: 3 3; } .interval { stroke: var(--ink); stroke-width: 1.4; opacity: .65; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; margin: .2rem 0 .6rem; font-size: .88rem; } .key i { display: inline-block; width: .9em; height: .9em; border-radius: 2px; margin-right: .4em; vertical-align: -.08em; }
@media print { nav { display: none; } section { break-inside: avoid; } }
`;

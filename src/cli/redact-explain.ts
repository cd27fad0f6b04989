/** What was found in a text, told to whoever reads it: the place, a caret line, and what found it. */
import { drawExcerpt, formatProblem } from '../policy/problem.ts';
import type { Shown } from '../redact/redaction.ts';

export class Explanations {
  readonly #counts = new Map<string, number>();

  /**
   * A paragraph for each finding.
   * @param text as it came
   * @param file where it came from
   * @param firstLine the line of the file that it begins with, from 1
   */
  of(text: string, findings: readonly Shown[], file: string, firstLine: number): string {
    let line = firstLine;
    let lineStart = 0;
    const paragraphs = findings.map((finding) => {
      const { start, end, kind, detector, score, view, replacement } = finding;
      this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
      for (let next = text.indexOf('\n', lineStart); next !== -1 && next < start; ) {
        line++;
        lineStart = next + 1;
        next = text.indexOf('\n', lineStart);
      }
      const lineEnd = text.indexOf('\n', start);
      const shown = text.slice(lineStart, lineEnd === -1 ? text.length : lineEnd).replace(/\r$/, '');
      const column = start - lineStart + 1;
      const length = Math.min(end, lineStart + shown.length) - start;
      return formatProblem({
        file,
        line,
        column,
        message: replacement === '' ? `${kind} is taken out` : `${kind} becomes ${replacement}`,
        excerpt: drawExcerpt(shown, line, column, length),
        suggestion: `found by ${detector} in the ${view} text, score ${score.toFixed(2)}`,
      });
    });
    return paragraphs.map((paragraph) => `${paragraph}\n\n`).join('');
  }

  /** How many of each kind there were in all texts together. */
  summary(): string {
    const kinds = [...this.#counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
    if (kinds.length === 0) return 'Nothing was found.\n';
    const sum = kinds.reduce((all, [, count]) => all + count, 0);
    return `${sum} found: ${kinds.map(([kind, count]) => `${count} ${kind}`).join(', ')}.\n`;
  }
}

/** What is wrong with a policy, said to the person who wrote it: the place, their own words, what to do. */

export interface Problem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units, as editors count. */
  readonly column: number;
  readonly message: string;
  /** The line at fault and, under it, carets below the words at fault. Empty if there is no such line. */
  readonly excerpt: string;
  readonly suggestion: string | null;
}

/** Why a policy is refused: it cannot be read or is not valid, or a case of its tests came out otherwise. */
export type Refusal = 'invalid' | 'test_failed';

/** A policy is refused. The message is the whole report, with a paragraph for each problem. */
export class PolicyError extends Error {
  readonly refusal: Refusal;
  readonly problems: readonly Problem[];
  constructor(refusal: Refusal, problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n\n'));
    this.name = 'PolicyError';
    this.refusal = refusal;
    this.problems = problems;
  }
}

/** A problem of a file as a whole, such as one that cannot be read. */
export function fileProblem(file: string, message: string): Problem {
  return { file, line: 1, column: 1, message, excerpt: '', suggestion: null };
}

export function formatProblem({ file, line, column, message, excerpt, suggestion }: Problem): string {
  const parts = [`${file}:${line}:${column}: ${message}`];
  if (excerpt !== '') parts.push(excerpt);
  if (suggestion !== null) parts.push(`  ${suggestion}`);
  return parts.join('\n');
}

const EXCERPT_CHARS_MAX = 110;

/** Draws `text` (one line of a file) with carets under the `length` characters from `column` on. */
export function drawExcerpt(text: string, line: number, column: number, length: number): string {
  const at = column - 1;
  // A long line is shown from a little before the fault.
  const from = at > EXCERPT_CHARS_MAX - 30 ? at - 30 : 0;
  const shown = printable(text.slice(from, from + EXCERPT_CHARS_MAX));
  const carets = Math.max(1, Math.min(length, shown.length - (at - from)));
  const gutter = `  ${line} | `;
  // Tabs stay tabs, so that the carets stand under their words whatever a tab's width.
  const indent = shown.slice(0, at - from).replaceAll(/[^\t]/g, ' ');
  return `${gutter}${shown}\n${' '.repeat(gutter.length - 2)}| ${indent}${'^'.repeat(carets)}`;
}

const WORD_CHARS_MAX = 60;

/** A word of the policy, quoted within a sentence. */
export function quote(word: string): string {
  const cut = word.length > WORD_CHARS_MAX ? `${word.slice(0, WORD_CHARS_MAX)}…` : word;
  return `\`${printable(cut).replaceAll('\t', ' ')}\``;
}

/** Control, format and surrogate characters are shown as �: a terminal is never steered by a policy's words. */
function printable(text: string): string {
  return text.replaceAll(/[^\P{C}\t]/gu, '�');
}

/** A labels file while it is read: collects examples with their places, problems and warnings. */
import { drawExcerpt, formatProblem, type Problem, quote } from '../../policy/problem.ts';
import { suggest } from '../../policy/suggestion.ts';
import type { LabelSet, Vocabulary } from './label-set.ts';

const EXAMPLES_MAX = 50_000;
const LABELS_MAX = 1_000;
const EXAMPLE_CHARS_MAX = 10_000;
const NAME_CHARS_MAX = 64;
const PROBLEMS_MAX = 50;
const WARNINGS_MAX = 50;
/** No control characters: names go into headers, logs and terminals. */
const NAME = /^\P{C}+$/u;
/** How people write down that a message belongs to none of their labels. */
const OUT_OF_SCOPE = /^(oos|out[ _-]?of[ _-]?scope)?$/i;

/** Where something stands in the file: both from 1, the column in UTF-16 code units. */
export interface Position {
  /** Of a table: its row. */
  readonly line: number;
  readonly column: number;
}

export interface DraftExample extends Position {
  readonly text: string;
  /** Null: out of scope. */
  readonly label: string | null;
}

/** An example that stands in the file again, and is left out there. */
export interface Repeat {
  readonly example: DraftExample;
  readonly first: DraftExample;
}

/** A label as it was written; null if that says "out of scope". */
export function readLabel(written: string): string | null {
  const name = written.trim();
  return OUT_OF_SCOPE.test(name) ? null : name;
}

export class Draft {
  readonly problems: Problem[] = [];
  readonly warnings: string[] = [];
  readonly #file: string;
  readonly #lines: readonly string[];
  readonly #names = new Map<string, Position>();
  #examples: DraftExample[] = [];
  #repeats: readonly Repeat[] = [];

  /** All examples are out of scope; labels are not looked for. */
  readonly isAllOutOfScope: boolean;

  /** @param lines what is shown of the file where something is wrong; a position's line counts these */
  constructor(lines: readonly string[], file: string, isAllOutOfScope = false) {
    this.#file = file;
    this.#lines = lines;
    this.isAllOutOfScope = isAllOutOfScope;
  }

  get names(): string[] {
    return [...this.#names.keys()];
  }

  get examples(): readonly DraftExample[] {
    return this.#examples;
  }

  /** Known once the draft is checked. */
  get repeats(): readonly Repeat[] {
    return this.#repeats;
  }

  problem(at: Position, message: string, suggestion: string | null = null, length = 1): void {
    if (this.problems.length < PROBLEMS_MAX)
      this.problems.push(this.#problemAt(at, message, suggestion, length));
  }

  warn(at: Position, message: string): void {
    if (this.warnings.length >= WARNINGS_MAX) return;
    this.warnings.push(formatProblem({ ...this.#problemAt(at, message, null, 1), excerpt: '' }));
  }

  /** Adds a label's name. Its examples may come in any order. */
  addName(name: string, at: Position): void {
    if (this.#names.has(name)) return;
    if (!NAME.test(name) || name.length > NAME_CHARS_MAX) {
      const rule = `has 1 to ${NAME_CHARS_MAX} characters, and no control characters`;
      this.problem(at, `${quote(name)} is not a label's name: a name ${rule}.`, null, name.length);
    }
    this.#names.set(name, at);
  }

  /** Adds an example of a file that has no other place for its label's name. */
  addRow(text: string, label: string | null, at: Position): void {
    if (label !== null && !this.isAllOutOfScope) this.addName(label, at);
    this.addExample(text, label, at);
  }

  addExample(text: string, label: string | null, at: Position): void {
    const trimmed = text.trim();
    if (trimmed === '') this.problem(at, 'The example is empty: write a message here, or remove the line.');
    else if (trimmed.length > EXAMPLE_CHARS_MAX) {
      this.problem(at, `The example has more than ${EXAMPLE_CHARS_MAX} characters: shorten it.`);
    } else this.#examples.push({ ...at, text: trimmed, label: this.isAllOutOfScope ? null : label });
  }

  /** Notes what is wrong with the file as a whole, and what is probably not as meant. */
  check({ names, labelsMin, examplesPerLabelMin }: Vocabulary): void {
    const top = { line: 1, column: 1 };
    const counts = new Map<string | null, number>();
    for (const { label } of this.#examples) counts.set(label, (counts.get(label) ?? 0) + 1);
    for (const [name, at] of this.#names) {
      if (names !== undefined && !names.includes(name)) {
        const message = `${quote(name)} is not one of the labels of this file.`;
        this.problem(at, message, suggest(name, names), name.length);
      }
      const count = counts.get(name) ?? 0;
      if (count < examplesPerLabelMin) {
        const message = `${quote(name)} has ${count} examples and needs at least ${examplesPerLabelMin}; ten or more are better.`;
        this.problem(at, message, null, name.length);
      }
    }
    const missing = names?.filter((name) => !this.#names.has(name)) ?? [];
    if (missing.length > 0) this.problem(top, `The label ${missing.map(quote).join(', ')} is missing.`);
    else if (this.#names.size < labelsMin)
      this.problem(top, `The file has ${this.#names.size} labels and needs at least ${labelsMin}.`);
    if (this.#names.size > LABELS_MAX)
      this.problem(top, `The file has more than ${LABELS_MAX} labels: merge some.`);
    if (this.#examples.length > EXAMPLES_MAX)
      this.problem(top, `The file has more than ${EXAMPLES_MAX} examples: keep the most varied.`);
    const outside = this.#examples.find(({ label }) => label === null);
    if (names !== undefined && outside !== undefined)
      this.problem(outside, 'Only the intents can have out-of-scope examples: remove them here.');
    this.#dropRepeats();
  }

  toLabelSet(fixed?: readonly string[]): LabelSet {
    const names = fixed ?? this.names;
    const numbers = new Map(names.map((name, number) => [name, number]));
    return {
      names,
      examples: this.#examples.flatMap(({ text, label }) =>
        label === null ? [] : [{ text, label: numbers.get(label) ?? -1 }],
      ),
      outOfScope: this.#examples.flatMap(({ text, label }) => (label === null ? [text] : [])),
    };
  }

  /** Says of every repeat that it is left out. */
  warnOfRepeats(): void {
    for (const { example, first } of this.#repeats) {
      const where = first.label === example.label ? 'already' : `also under ${quote(labelOf(first))},`;
      this.warn(example, `This example stands ${where} on line ${first.line}; this one is left out.`);
    }
  }

  /** An example that stands twice would vouch for itself when it is left out to calibrate. The first one stays. */
  #dropRepeats(): void {
    const seen = new Map<string, DraftExample>();
    const repeats: Repeat[] = [];
    for (const example of this.#examples) {
      const key = example.text.toLowerCase().replaceAll(/\s+/g, ' ');
      const first = seen.get(key);
      if (first === undefined) seen.set(key, example);
      else repeats.push({ example, first });
    }
    this.#examples = [...seen.values()];
    this.#repeats = repeats;
  }

  #problemAt(
    { line, column }: Position,
    message: string,
    suggestion: string | null,
    length: number,
  ): Problem {
    const text = this.#lines[line - 1] ?? '';
    const excerpt = text.trim() === '' ? '' : drawExcerpt(text, line, column, length);
    return { file: this.#file, line, column, message, excerpt, suggestion };
  }
}

function labelOf(example: DraftExample): string {
  return example.label ?? 'out_of_scope';
}

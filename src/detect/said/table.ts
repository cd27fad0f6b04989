/** The names of columns: in comma-separated values and tables of text, what a number is stands lines above it. */

import { inWords } from './in-words.ts';

/** Columns of one table, and how far from its line's beginning a value's column is still counted. */
const COLUMNS_MAX = 64;
const NAME_CHARS_MAX = 40;
const LINE_CHARS_MAX = 2_048;
/** A value in quotes may hold the delimiter (RFC 4180). */
const QUOTED = /"[^"]*"/g;
const DELIMITERS = ['\t', '|', ';', ','] as const;

interface Heading {
  readonly delimiter: string;
  readonly cells: readonly string[];
  readonly end: number;
}

/** A text as tables: each begins at the text's beginning or behind an empty line, and its first line names its columns. */
export class Tables {
  readonly #text: string;
  /** Where each part of the text begins. */
  readonly #starts: readonly number[];
  #lineStart = 0;
  #lineEnd = -1;
  readonly #headings = new Map<number, Heading | undefined>();

  constructor(text: string) {
    this.#text = text;
    const starts = [0];
    if (text.includes('\n')) {
      for (let at = text.indexOf('\n\n'); at !== -1; at = text.indexOf('\n\n', at + 1)) starts.push(at + 2);
    }
    this.#starts = starts;
  }

  /** The name of the column in which `place` is, in words; empty if it is in none, or in the line of the names itself. */
  columnAt(place: number): string {
    const heading = this.#headingOf(place);
    if (heading === undefined || place <= heading.end) return '';
    const start = this.#lineOf(place);
    if (place - start > LINE_CHARS_MAX) return '';
    const line = this.#text.slice(start, place);
    const cells = (line.includes('"') ? line.replace(QUOTED, '') : line).split(
      heading.delimiter,
      COLUMNS_MAX,
    );
    return heading.cells[cells.length - 1] ?? '';
  }

  /** Where the line of a place begins. Values of one line are asked for one after the other, so it is looked for once. */
  #lineOf(place: number): number {
    if (place < this.#lineStart || place > this.#lineEnd) {
      const end = this.#text.indexOf('\n', place);
      this.#lineStart = this.#text.lastIndexOf('\n', place - 1) + 1;
      this.#lineEnd = end === -1 ? this.#text.length : end;
    }
    return this.#lineStart;
  }

  #headingOf(place: number): Heading | undefined {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= place) low = middle;
      else high = middle;
    }
    if (!this.#headings.has(low)) this.#headings.set(low, headingAt(this.#text, this.#starts[low] ?? 0));
    return this.#headings.get(low);
  }
}

/** The first line, if it can name columns: several cells, short and without long numbers. */
function headingAt(text: string, start: number): Heading | undefined {
  const line = text.slice(start, start + LINE_CHARS_MAX);
  const length = line.indexOf('\n');
  if (length === -1) return undefined;
  const names = line.slice(0, length);
  const delimiter = DELIMITERS.find((sign) => names.includes(sign));
  if (delimiter === undefined || /\d{4}/.test(names)) return undefined;
  const cells = names.split(delimiter, COLUMNS_MAX);
  if (cells.some((cell) => cell.length > NAME_CHARS_MAX)) return undefined;
  return { delimiter, cells: cells.map((cell) => inWords(cell.trim())), end: start + length };
}

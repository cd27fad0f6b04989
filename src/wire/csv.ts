/**
 * Comma-separated values as spreadsheets write them (RFC 4180), with what they do beyond it: semicolons or tabs between
 * the cells, a byte order mark, a first line `sep=;`, and any kind of line end.
 */

const BYTE_ORDER_MARK = '\uFEFF';
const SEPARATORS = [',', ';', '\t'];
const QUOTE = '"';

/** The text is no table: a quote is opened and never closed. */
export class CsvError extends Error {
  /** The row in which it is opened. */
  readonly row: number;
  constructor(row: number) {
    super(`Row ${row} opens a quote (") that is never closed.`);
    this.name = 'CsvError';
    this.row = row;
  }
}

/** The rows of a table, each a list of its cells; row 1 comes first, empty rows are kept. @throws CsvError */
export function readCsv(source: string): string[][] {
  const text = source.startsWith(BYTE_ORDER_MARK) ? source.slice(1) : source;
  // Excel's own way of naming the separator; it shows no such row, but it is there for every other reader.
  const named = /^sep=(.)\r?\n/.exec(text);
  const separator = named?.[1] ?? separatorOf(text);
  const rows = new Reader(text, separator).rows();
  if (named !== null) rows[0] = [];
  return rows;
}

/** The separator that the first row has most of, outside quotes. */
function separatorOf(text: string): string {
  const counts = new Map(SEPARATORS.map((separator) => [separator, 0]));
  let quoted = false;
  for (const char of text) {
    if (char === QUOTE) quoted = !quoted;
    else if (!quoted && (char === '\n' || char === '\r')) break;
    else if (!quoted && counts.has(char)) counts.set(char, (counts.get(char) ?? 0) + 1);
  }
  return SEPARATORS.toSorted((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0))[0] ?? ',';
}

class Reader {
  readonly #text: string;
  readonly #separator: string;
  readonly #rows: string[][] = [];
  #row: string[] = [];
  #at = 0;

  constructor(text: string, separator: string) {
    this.#text = text;
    this.#separator = separator;
  }

  rows(): string[][] {
    while (this.#at < this.#text.length) this.#readCell();
    if (this.#row.length > 0) this.#endRow();
    return this.#rows;
  }

  /** Reads a cell, and the separator or line end after it. */
  #readCell(): void {
    const cell = this.#text[this.#at] === QUOTE ? this.#quoted() + this.#plain() : this.#plain();
    this.#row.push(cell);
    const end = this.#text[this.#at];
    if (end === this.#separator) {
      this.#at += 1;
      // A separator at the very end stands before one more cell, an empty one.
      if (this.#at === this.#text.length) this.#row.push('');
      return;
    }
    if (end === undefined) return;
    this.#at += this.#text.startsWith('\r\n', this.#at) ? 2 : 1;
    this.#endRow();
  }

  #endRow(): void {
    this.#rows.push(this.#row);
    this.#row = [];
  }

  #plain(): string {
    const start = this.#at;
    for (; this.#at < this.#text.length; this.#at += 1) {
      const char = this.#text[this.#at];
      if (char === this.#separator || char === '\n' || char === '\r') break;
    }
    return this.#text.slice(start, this.#at);
  }

  /** What stands in quotes; two of them mean one. */
  #quoted(): string {
    let cell = '';
    let start = this.#at + 1;
    for (;;) {
      const end = this.#text.indexOf(QUOTE, start);
      if (end === -1) throw new CsvError(this.#rows.length + 1);
      cell += this.#text.slice(start, end);
      this.#at = end + 1;
      if (this.#text[this.#at] !== QUOTE) return cell;
      cell += QUOTE;
      start = this.#at + 1;
    }
  }
}

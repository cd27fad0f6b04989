/**
 * Files of rows that an operator writes in YAML: a mapping whose one key holds a list. Every problem is told, with its
 * line.
 */
import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument, type YAMLError } from 'yaml';

/** A file that is not usable; the message has a line for every problem. */
export class RowsError extends Error {
  constructor(file: string, problems: readonly string[]) {
    super(`${file} is not usable:\n${problems.map((line) => `  ${line}`).join('\n')}`);
    this.name = 'RowsError';
  }
}

export interface RowsFile<T> {
  readonly file: string;
  /** The setting that names the file. */
  readonly setting: string;
  /** The key that holds the list. */
  readonly key: string;
  /** Mebibytes. */
  readonly sizeMiBMax: number;
  /** What is said of a place that is not YAML. The parser's own message quotes the file. */
  readonly notYaml: (error: YAMLError, line: number) => string;
  /** Reads one row: none where there is nothing to read. One that has a problem is not usable. */
  readonly readRow: (row: unknown, problem: (what: string) => void) => readonly T[];
  /** Problems of the rows together. */
  readonly together: (rows: readonly T[]) => readonly string[];
}

/** @throws RowsError naming everything at fault */
export function readRows<T>(from: RowsFile<T>): T[] {
  const { file, key } = from;
  const source = readFile(file, from.setting);
  if (source.length > from.sizeMiBMax * 1_048_576) {
    throw new RowsError(file, [`The file is larger than ${from.sizeMiBMax} MiB.`]);
  }
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  if (document.errors.length > 0) {
    const said = document.errors.map((error) => from.notYaml(error, error.linePos?.[0].line ?? 1));
    throw new RowsError(file, said);
  }
  const rows: unknown = (document.toJS() as Record<string, unknown> | null)?.[key];
  if (!Array.isArray(rows) || rows.length === 0) throw new RowsError(file, [`\`${key}\` must be a list.`]);
  const problems: string[] = [];
  const read = rows.flatMap((row: unknown, i) => {
    const node = document.getIn([key, i], true) as { range?: [number, number, number] } | undefined;
    const { line } = lines.linePos(node?.range?.[0] ?? 0);
    return from.readRow(row, (what) => problems.push(`line ${line}: ${what}`));
  });
  problems.push(...from.together(read));
  if (problems.length > 0) throw new RowsError(file, problems);
  return read;
}

function readFile(file: string, setting: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new RowsError(file, [`The file that ${setting} names cannot be read (${code}).`]);
  }
}

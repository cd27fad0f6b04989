/** Reads a table of examples into a draft: a row with the columns `text` and `intent` (or `label`), then a row each. */
import { quote } from '../../policy/problem.ts';
import { CsvError, readCsv } from '../../wire/csv.ts';
import { type Draft, readLabel } from './draft.ts';

const TEXT_NAMES = ['text'];
const LABEL_NAMES = ['intent', 'label'];

/** The rows of a table, for its draft to show; none if it cannot be read. */
export interface Table {
  readonly rows: readonly (readonly string[])[];
  readonly error: CsvError | null;
}

export function readTable(source: string): Table {
  try {
    return { rows: readCsv(source), error: null };
  } catch (error) {
    if (error instanceof CsvError) return { rows: [], error };
    throw error;
  }
}

export function readTableRows({ rows, error }: Table, draft: Draft): void {
  if (error !== null) {
    draft.problem({ line: error.row, column: 1 }, error.message);
    return;
  }
  const top = rows.findIndex((row) => !isEmpty(row));
  const header = (rows[top] ?? []).map((cell) => cell.trim().toLowerCase());
  const textAt = header.findIndex((name) => TEXT_NAMES.includes(name));
  const labelAt = header.findIndex((name) => LABEL_NAMES.includes(name));
  const columns = draft.isAllOutOfScope ? '`text`' : '`text` and `intent`';
  if (textAt === -1 || (labelAt === -1 && !draft.isAllOutOfScope)) {
    const found = header.filter((name) => name !== '').slice(0, 12);
    const has = found.length === 0 ? 'It is empty.' : `It has: ${found.map(quote).join(', ')}.`;
    const at = { line: Math.max(1, top + 1), column: 1 };
    draft.problem(at, `The first row must name the columns, ${columns} among them. ${has}`);
    return;
  }
  for (const [index, row] of rows.entries()) {
    const at = { line: index + 1, column: 1 };
    if (index <= top || isEmpty(row)) continue;
    const text = row[textAt] ?? '';
    // Half-filled rows are how spreadsheets are; what is left out is told.
    if (text.trim() === '') draft.warn(at, 'This row has no text; it is left out.');
    else draft.addRow(text, readLabel(row[labelAt] ?? ''), at);
  }
}

const isEmpty = (row: readonly string[]): boolean => row.every((cell) => cell.trim() === '');

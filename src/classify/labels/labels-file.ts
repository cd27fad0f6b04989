/** One file of examples, in whatever form people have it: YAML, JSON Lines, or a table out of a spreadsheet. */
import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { formatProblem, type Problem } from '../../policy/problem.ts';
import { readTable, readTableRows } from './csv.ts';
import { Draft } from './draft.ts';
import { readJsonLines } from './jsonl.ts';
import type { Vocabulary } from './label-set.ts';
import { readYaml } from './yaml.ts';

/** Largest labels file: 50,000 examples of 600 bytes. */
export const LABELS_BYTES_MAX = 33_554_432;

/** A labels file cannot be used. The message names every problem with its place. */
export class LabelsError extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n\n'));
    this.name = 'LabelsError';
    this.problems = problems;
  }
}

/** A fault of a file as a whole. */
export function fileFault(file: string, message: string): LabelsError {
  return new LabelsError([{ file, line: 1, column: 1, message, excerpt: '', suggestion: null }]);
}

type Read = (source: string, file: string, isAllOutOfScope: boolean) => Draft;

const readLinesDraft: Read = (source, file, isAllOutOfScope) => {
  const lines = source.split(/\r?\n/);
  const draft = new Draft(lines, file, isAllOutOfScope);
  readJsonLines(lines, draft);
  return draft;
};
const readTableDraft: Read = (source, file, isAllOutOfScope) => {
  const table = readTable(source);
  const shown = table.rows.map((row) => row.join(' | ').replaceAll(/\s+/g, ' '));
  const draft = new Draft(shown, file, isAllOutOfScope);
  readTableRows(table, draft);
  return draft;
};
const readYamlDraft: Read = (source, file, isAllOutOfScope) => {
  const draft = new Draft(source.split(/\r?\n/), file, isAllOutOfScope);
  readYaml(source, draft);
  return draft;
};

const FORMATS: Readonly<Record<string, Read>> = {
  '.yaml': readYamlDraft,
  '.yml': readYamlDraft,
  '.jsonl': readLinesDraft,
  '.csv': readTableDraft,
  '.tsv': readTableDraft,
};
/** In the order in which they count where several are there. */
export const LABELS_EXTENSIONS = Object.keys(FORMATS);

/** Reads and checks a file's text; its extension decides the format. @throws LabelsError */
export function readDraft(source: string, file: string, vocabulary: Vocabulary): Draft {
  const read = FORMATS[extname(file).toLowerCase()];
  if (read === undefined) {
    const known = LABELS_EXTENSIONS.join(', ');
    throw fileFault(file, `This is none of ${known}. A spreadsheet can be saved as CSV.`);
  }
  const draft = read(source, file, vocabulary.isAllOutOfScope ?? false);
  if (draft.problems.length === 0) draft.check(vocabulary);
  if (draft.problems.length > 0) {
    throw new LabelsError(draft.problems.toSorted((a, b) => a.line - b.line || a.column - b.column));
  }
  return draft;
}

/** The file's text, or null where there is no file. @throws LabelsError */
export async function readSource(file: string): Promise<string | null> {
  const bytes = await readBounded(file, LABELS_BYTES_MAX);
  return bytes === null ? null : decode(bytes, file);
}

/** The file's bytes, or null where there is no file. @throws LabelsError */
export async function readBounded(file: string, bytesMax: number): Promise<Buffer | null> {
  const unreadable = ({ code }: NodeJS.ErrnoException): LabelsError =>
    fileFault(file, `The file cannot be read (${code}).`);
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw unreadable(error);
  });
  if (handle === null) return null;
  try {
    const { size } = await handle.stat();
    if (size > bytesMax) throw fileFault(file, `The file is larger than ${bytesMax} bytes.`);
    return await handle.readFile();
  } catch (error) {
    throw error instanceof LabelsError ? error : unreadable(error as NodeJS.ErrnoException);
  } finally {
    await handle.close();
  }
}

/** UTF-8, or what spreadsheets call "Unicode text": UTF-16 with a byte order mark. */
function decode(bytes: Buffer, file: string): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw fileFault(file, 'The file is not UTF-8. Save it again as UTF-8; spreadsheets call it "CSV UTF-8".');
  }
}

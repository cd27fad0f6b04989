/**
 * What happens to a decision log before the first record is appended: it is locked, its last line is found, and what a
 * crash left half written is moved aside.
 */
import { chmod, mkdir, open, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  GENESIS,
  type Head,
  hashOf,
  LINE_BYTES_MAX,
  logFileName,
  logFiles,
  NEWLINE,
  readHead,
  readLink,
} from './chain.ts';

/** What was found that should not have been. Told to the operator and, as a line, to the log itself. */
export interface Damage {
  /** Bytes of a half-written last line, now in the `.torn` file beside. */
  readonly tornBytes: number;
  /** Records that the writer had noted and that are not there. */
  readonly lostRecords: number;
  /** The last line is not the one that the writer had noted, or its note is gone. */
  readonly endUnproven: boolean;
}

/** SQLite's result code for: another process holds it. */
const SQLITE_BUSY = 5;

export interface Resumed {
  readonly head: Head;
  /** The file to append to. */
  readonly number: number;
  readonly bytes: number;
  readonly damage: Damage | null;
}

/**
 * One process may write a chain: two would break it. An exclusive SQLite transaction is a lock of the operating system,
 * gone with its process, however that ends; a file with a process id would outlive a crash.
 * @throws Error when another process holds it.
 */
export function lockLog(folder: string): () => void {
  const database = new DatabaseSync(join(folder, 'decisions.lock'), { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) {
      throw new Error(`The lock of the decision log in ${folder} cannot be taken.`, { cause: error });
    }
    throw new Error(
      `Another tiergate writes the decision log in ${folder}. Stop it, or give this one a folder of its own: TIERGATE_DATA.`,
    );
  }
  return () => database.close();
}

export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

/**
 * Finds the end of the chain. @throws Error when the last whole line is not a record: then the log was changed by
 * somebody, and going on would hide it.
 */
export async function resumeLog(folder: string): Promise<Resumed> {
  const noted = await readHead(folder);
  const files = await logFiles(folder);
  const number = files.at(-1)?.number ?? 1;
  let head: Head = { next: 0, hash: GENESIS };
  let tornBytes = 0;
  let bytes = 0;
  // The last file may hold nothing but a torn line, or nothing at all: then the file before it has the last whole line.
  for (const { name } of files.toReversed()) {
    const end = await endOfFile(join(folder, name));
    if (end.torn !== null) {
      await setAside(join(folder, name), end.torn);
      tornBytes += end.torn.bytes.length;
    }
    if (name === logFileName(number)) bytes = end.bytes;
    if (end.last === null) continue;
    const link = readLink(end.last);
    if (link === null)
      throw new Error(`The last line of ${name} is not a record: run \`tiergate log verify\`.`);
    head = { next: link.seq + 1, hash: hashOf(end.last) };
    break;
  }
  const lostRecords = Math.max(0, (noted?.next ?? 0) - head.next);
  const endUnproven = noted === null ? head.next > 0 : noted.next === head.next && noted.hash !== head.hash;
  const isDamaged = tornBytes > 0 || lostRecords > 0 || endUnproven;
  const damage = isDamaged ? { tornBytes, lostRecords, endUnproven } : null;
  return { head, number, bytes, damage };
}

interface Torn {
  readonly bytes: Buffer;
  readonly offset: number;
}

/** The last whole line of a file, and what comes after it. `bytes`: the file's length without that. */
async function endOfFile(file: string): Promise<{ last: Buffer | null; torn: Torn | null; bytes: number }> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    // A torn line and a whole one fit into this much, so a large file need not be read from its beginning.
    const from = Math.max(0, size - 2 * LINE_BYTES_MAX);
    const tail = Buffer.alloc(size - from);
    let read = 0;
    while (read < tail.length)
      read += (await handle.read(tail, read, tail.length - read, from + read)).bytesRead;
    const end = tail.lastIndexOf(NEWLINE);
    if (end === -1 && from > 0) throw new Error(`${file} has no lines: run \`tiergate log verify\`.`);
    const bytes = from + end + 1;
    const rest = tail.subarray(end + 1);
    const last =
      end === -1 ? null : tail.subarray(end === 0 ? 0 : tail.lastIndexOf(NEWLINE, end - 1) + 1, end);
    return { last, torn: rest.length === 0 ? null : { bytes: rest, offset: bytes }, bytes };
  } finally {
    await handle.close();
  }
}

/** Keeps the half line as evidence, then cuts it off: in this order, so that a crash between the two loses nothing. */
async function setAside(file: string, torn: Torn): Promise<void> {
  await writeFile(`${file}.${Date.now()}.torn`, torn.bytes, { mode: 0o600, flush: true });
  await truncate(file, torn.offset);
}

/** Opens a file of the log for appending, readable by its owner alone. */
export async function openForAppend(folder: string, number: number) {
  const file = join(folder, logFileName(number));
  const handle = await open(file, 'a', 0o600);
  await chmod(file, 0o600);
  return handle;
}

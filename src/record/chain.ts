/**
 * The form of the decision log: files `decisions-000001.jsonl`, `decisions-000002.jsonl`, … of JSON Lines, each line
 * `{"seq":<n>,"prev":"<hash>",…}`. `prev` is the SHA-256, in hex, of the exact bytes of the line before, without its
 * newline; the chain goes on from file to file, and the first line's is 64 zeros. So anyone can check a link with
 * `head -n 1 decisions-000001.jsonl | tr -d '\n' | sha256sum`. The last line's own hash lies in `decisions.head`,
 * which is how a change to it, or its loss, is noticed.
 *
 * A hash chain shows what was changed within it. Whoever can rewrite every file can also make a new chain: to rule that
 * out, keep the head (`tiergate log verify` prints it) somewhere else.
 */
import { hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** `prev` of the very first line. */
export const GENESIS = '0'.repeat(64);
/** Longest line, in bytes. A record has bounded parts and comes nowhere near. */
export const LINE_BYTES_MAX = 1_048_576;

const FILE_NAME = /^decisions-(\d{6,12})\.jsonl$/;
const HEAD_FILE = 'decisions.head';

/** Where a chain ends. */
export interface Head {
  /** Records so far: the `seq` of the next. */
  readonly next: number;
  /** Hash of the last line. */
  readonly hash: string;
}

export const logFileName = (number: number): string => `decisions-${String(number).padStart(6, '0')}.jsonl`;
export const headFile = (folder: string): string => join(folder, HEAD_FILE);
export const hashOf = (line: string | Uint8Array): string => hash('sha256', line);

/** The log's files in order. */
export async function logFiles(
  folder: string,
): Promise<{ readonly name: string; readonly number: number }[]> {
  return (await readdir(folder))
    .flatMap((name) => {
      const number = FILE_NAME.exec(name)?.[1];
      return number === undefined ? [] : [{ name, number: Number(number) }];
    })
    .sort((a, b) => a.number - b.number);
}

export const headText = (head: Head): string => `${head.hash} ${head.next}\n`;

/** What the writer last noted of the chain's end, or null if it has noted nothing readable. */
export async function readHead(folder: string): Promise<Head | null> {
  const text = await readFile(headFile(folder), 'utf8').catch(() => '');
  const match = /^([0-9a-f]{64}) (\d{1,15})\n$/.exec(text);
  return match === null ? null : { hash: match[1] ?? '', next: Number(match[2]) };
}

/** One line of a file. `ended`: it has its newline. `oversized`: longer than LINE_BYTES_MAX, and not all here. */
export interface RawLine {
  readonly bytes: Buffer;
  readonly ended: boolean;
  readonly oversized: boolean;
  /** Where in the file it begins. */
  readonly offset: number;
}

export const NEWLINE = 0x0a;

/** Reads a file line by line, as bytes, holding no more than one line. */
export async function* rawLines(file: string): AsyncGenerator<RawLine> {
  let parts: Buffer[] = [];
  let length = 0;
  let offset = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const bytes = Buffer.concat([...parts, chunk.subarray(start, end)]);
      yield { bytes, ended: true, oversized: bytes.length > LINE_BYTES_MAX, offset };
      offset += bytes.length + 1;
      [parts, length, start] = [[], 0, end + 1];
    }
    parts.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > LINE_BYTES_MAX) {
      yield { bytes: Buffer.concat(parts), ended: false, oversized: true, offset };
      return;
    }
  }
  if (length > 0) yield { bytes: Buffer.concat(parts), ended: false, oversized: false, offset };
}

/** The chain's own fields of a line. `isDamage`: not a decision, but the writer's note of what a crash left behind. */
export interface Link {
  readonly seq: number;
  readonly prev: string;
  readonly isDamage: boolean;
}

/** Reads a line's link, or null if it is not a line of the log. */
export function readLink(bytes: Uint8Array): Link | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof value !== 'object' || value === null) return null;
    const { seq, prev, event } = value as { seq?: unknown; prev?: unknown; event?: unknown };
    if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || typeof prev !== 'string') return null;
    return { seq, prev, isDamage: event === 'damaged' };
  } catch {
    return null;
  }
}

/** Walks a decision log from its first line to its last and finds the first place where the chain does not hold. */
import { join } from 'node:path';
import {
  GENESIS,
  type Head,
  hashOf,
  LINE_BYTES_MAX,
  type Link,
  logFiles,
  rawLines,
  readHead,
  readLink,
} from './chain.ts';

/** The first place where the chain does not hold. */
export interface Break {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly why: string;
}
export interface Verification {
  readonly ok: boolean;
  /** Lines that hold, up to the break. */
  readonly records: number;
  readonly files: number;
  /** How often a start found the log damaged by a crash, and wrote that down. */
  readonly damages: number;
  /** Where the chain ends; to be kept elsewhere, or compared with what was kept. */
  readonly head: Head;
  readonly firstBreak?: Break;
}
export interface VerifyOptions {
  /** Where the chain must begin, if older files have been archived: the head of the archived part. */
  readonly begin?: Head | undefined;
  readonly onProgress?: ((records: number) => void) | undefined;
}

const PROGRESS_EVERY = 10_000;

/** Memory is constant: one line at a time. @throws Error when the folder or a file cannot be read. */
export async function verifyLog(folder: string, options: VerifyOptions = {}): Promise<Verification> {
  const noted = await readHead(folder);
  const files = await logFiles(folder);
  let head: Head = options.begin ?? { next: 0, hash: GENESIS };
  let records = 0;
  let last: Omit<Break, 'why'> = { file: 'decisions.head', line: 1 };
  let read = 0;
  let damages = 0;
  const broken = (place: Omit<Break, 'why'>, why: string): Verification => ({
    ok: false,
    records,
    files: read,
    damages,
    head,
    firstBreak: { ...place, why },
  });

  for (const { name } of files) {
    read++;
    let line = 0;
    for await (const raw of rawLines(join(folder, name))) {
      last = { file: name, line: ++line };
      if (raw.oversized) return broken(last, `The line is longer than ${LINE_BYTES_MAX} bytes.`);
      if (!raw.ended) return broken(last, 'The line has no end: it was torn off.');
      const link = readLink(raw.bytes);
      const why = wrong(link, head);
      if (why !== null) return broken(last, why);
      if (link?.isDamage) damages++;
      head = { next: head.next + 1, hash: hashOf(raw.bytes) };
      records++;
      // A line may follow what the writer noted, if it was stopped between the two; none may lack.
      if (noted?.next === head.next && noted.hash !== head.hash) {
        return broken(
          last,
          'The line is not the one that was written last: decisions.head knows another hash.',
        );
      }
      if (records % PROGRESS_EVERY === 0) options.onProgress?.(records);
    }
  }
  if (noted !== null && noted.next > head.next) {
    const lost = noted.next - head.next;
    return broken(
      last,
      `The log ends too early: ${lost} record${lost === 1 ? ' is' : 's are'} missing after this line.`,
    );
  }
  if (noted === null && records > 0)
    return broken(last, 'decisions.head is missing or unreadable: the end is not proven.');
  return { ok: true, records, files: read, damages, head };
}

function wrong(link: Link | null, head: Head): string | null {
  if (link === null) return 'The line is not a record.';
  if (link.seq !== head.next) return `The line has number ${link.seq}; ${head.next} comes here.`;
  if (link.prev !== head.hash) {
    return head.next === 0
      ? 'The first line does not begin the chain.'
      : 'The line before this one was changed: its hash is not the one this line holds.';
  }
  return null;
}

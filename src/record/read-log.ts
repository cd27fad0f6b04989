/** The decision log as tools read it: line after line, over all its files. */
import { join } from 'node:path';
import { logFiles, rawLines } from './chain.ts';
import { errnoOf } from './log.ts';

/** One whole line, and where it stands, such as `decisions-000001.jsonl:7`. */
export interface LogLine {
  readonly place: string;
  readonly bytes: Buffer;
}

/** Memory is constant: one line at a time. @throws Error when there is no log, or a line is longer than a record. */
export async function* logLines(folder: string): AsyncGenerator<LogLine> {
  const files = await logFiles(folder).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  });
  if (files.length === 0) throw new Error(`There is no decision log in ${folder}.`);
  for (const { name } of files) {
    let line = 0;
    for await (const { bytes, ended, oversized } of rawLines(join(folder, name))) {
      line++;
      if (oversized) throw new Error(`${name}:${line} is longer than a record.`);
      // A server may be writing the last line just now.
      if (!ended && name === files.at(-1)?.name) return;
      yield { place: `${name}:${line}`, bytes };
    }
  }
}

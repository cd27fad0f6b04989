/** `tiergate log verify`: proves that no record of a decision log was changed or taken out. */

import { join } from 'node:path';
import { GENESIS } from '../record/chain.ts';
import { type Verification, verifyLog } from '../record/verify-log.ts';
import { readSettings } from '../settings.ts';

export const usage = '[FOLDER] [--begin HASH:NEXT] [--head HASH:NEXT]';
export const about = 'checks the chain of the decision log';

/** 0: the chain holds. 2: it is broken. (1: the tool itself failed; a rejection.) */
export type VerifyExit = 0 | 2;

export async function run(args: readonly string[]): Promise<number> {
  const { folder, begin, head } = readArguments(args);
  const isShown = process.stderr.isTTY;
  const result = await verifyLog(folder, {
    begin,
    onProgress: (records) => isShown && process.stderr.write(`\r${records} records …`),
  });
  if (isShown) process.stderr.write('\r');
  const { sentence, exit } = judge(result, head);
  process.stdout.write(`${sentence}\n`);
  return exit;
}

interface Mark {
  readonly next: number;
  readonly hash: string;
}

/** What the operator reads, and the exit code. `kept`: a head that was noted elsewhere, to compare with. */
export function judge(result: Verification, kept?: Mark): { sentence: string; exit: VerifyExit } {
  const { firstBreak, records, files, head } = result;
  const counted = `${records} record${records === 1 ? '' : 's'} in ${files} file${files === 1 ? '' : 's'}`;
  if (firstBreak !== undefined) {
    const place = `${firstBreak.file}:${firstBreak.line}`;
    return {
      sentence: `The chain is broken at ${place}. ${firstBreak.why} Before it, ${counted} hold.`,
      exit: 2,
    };
  }
  if (kept !== undefined && (kept.next !== head.next || kept.hash !== head.hash)) {
    return {
      sentence: `The chain holds in itself, but it ends at ${head.hash}:${head.next}, not at the given head.`,
      exit: 2,
    };
  }
  const found = `A start found the log damaged ${result.damages} times: see the lines with "event":"damaged". `;
  const note = result.damages > 0 ? found : '';
  return { sentence: `The chain holds: ${counted}. ${note}Head ${head.hash}:${head.next}`, exit: 0 };
}

function readArguments(args: readonly string[]): { folder: string; begin?: Mark; head?: Mark } {
  const marks: { begin?: Mark; head?: Mark } = {};
  const folders: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? '';
    if (word === '--begin') marks.begin = readMark(args[++i]);
    else if (word === '--head') marks.head = readMark(args[++i]);
    else if (word.startsWith('-') || folders.length > 0)
      throw new Error(`Not understood: ${word}. It is: log verify ${usage}`);
    else folders.push(word);
  }
  return { folder: folders[0] ?? join(readSettings(process.env).TIERGATE_DATA, 'decisions'), ...marks };
}

function readMark(text = ''): Mark {
  const match = /^([0-9a-f]{64}):(\d{1,15})$/.exec(text);
  if (match === null)
    throw new Error(`A head reads like ${GENESIS.slice(0, 8)}…:0, as \`log verify\` prints it.`);
  return { hash: match[1] ?? '', next: Number(match[2]) };
}

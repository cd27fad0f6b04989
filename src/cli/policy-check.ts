/** `policy check`: compiles a policy and runs its tests, with the same code as the server. */
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { decide } from '../decide/decide.ts';
import {
  calibrationFile,
  calibrationFolder,
  type ReadCalibration,
  readCalibration,
} from '../guarantee/calibration.ts';
import { findGuarantee, uncalibratedWords } from '../guarantee/find-guarantee.ts';
import { loadPolicy, policyFiles } from '../policy/keeper.ts';
import type { Guaranteed, Vocabulary } from '../policy/policy.ts';
import { PolicyError } from '../policy/problem.ts';
import { readSettings } from '../settings.ts';
import { vocabularyOf } from './vocabulary.ts';

export const usage = '[FILE]';
export const about = 'says all that is wrong with a policy, and runs the tests beside it';

/** 0: fine. 2: a test failed. 3: a file is not valid. (1: the tool itself failed; a rejection.) */
export type CheckExit = 0 | 2 | 3;

/** Checks the file that is named, or the policy that the server would serve. */
export async function run(args: readonly string[]): Promise<CheckExit> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true });
  if (positionals.length > 1) throw new Error(`One file at a time: policy check ${usage}`);
  const settings = readSettings(process.env);
  const file = positionals[0] ?? relative(process.cwd(), settings.TIERGATE_POLICY);
  const calibration = await readCalibration(calibrationFile(calibrationFolder(settings)));
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  return checkPolicy(file, await vocabularyOf(settings), print, calibration);
}

export async function checkPolicy(
  file: string,
  vocabulary: Vocabulary,
  print: (text: string) => void,
  calibration: ReadCalibration | null = null,
): Promise<CheckExit> {
  try {
    const { policy, passed } = await loadPolicy(policyFiles(file), vocabulary, decide);
    const tests = passed === null ? 'There are no tests beside it.' : `${passed.length} tests passed.`;
    print(`${file} is valid: ${policy.rules.length} rules, revision ${policy.revision}. ${tests}`);
    for (const guaranteed of policy.guarantees) print(promiseWords(guaranteed, calibration));
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof PolicyError)) throw thrown;
    const count = thrown.problems.length;
    print(`${thrown.message}\n\n${count} problem${count === 1 ? '' : 's'}.`);
    return thrown.refusal === 'test_failed' ? 2 : 3;
  }
}

/** Whether the labels are still those that it was calibrated with is for the server to see: it has learned them. */
function promiseWords(guaranteed: Guaranteed, calibration: ReadCalibration | null): string {
  const { rule } = guaranteed;
  const found = findGuarantee(calibration, guaranteed, calibration?.labelsRevision ?? '');
  if (typeof found === 'string') return uncalibratedWords({ rule, why: found });
  return `The rule \`${rule}\` keeps its \`max_error\` from a confidence of ${found.threshold?.toFixed(4)} on.`;
}

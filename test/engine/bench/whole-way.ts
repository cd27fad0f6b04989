/** The encoder as a request meets it, several starts of it: from text to vector, start-up, memory. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median } from './quantile.ts';
import type { WholeWay } from './whole-way-process.ts';

const PROGRAM = fileURLToPath(new URL('./whole-way-process.ts', import.meta.url));
const run = promisify(execFile);

/** The starts of each kernel that are counted; one before them fills the caches and remembers the trial. */
const STARTS = 5;

export const wholeWaySteps = (kernels: readonly string[]): number => kernels.length * (STARTS + 1);

/** @param kernels in the words of TIERGATE_KERNEL @returns medians over the starts, in the order of the kernels */
export async function measureWholeWay(
  pack: string,
  kernels: readonly string[],
  cache: string,
  onStep: () => void,
): Promise<WholeWay[]> {
  const starts: WholeWay[][] = kernels.map(() => []);
  for (let start = 0; start <= STARTS; start += 1) {
    for (const [at, kernel] of kernels.entries()) {
      const flags = ['--expose-gc', PROGRAM, pack, kernel, join(cache, 'trials.json')];
      const { stdout } = await run(process.execPath, flags);
      if (start > 0) starts[at]?.push(JSON.parse(stdout) as WholeWay);
      onStep();
    }
  }
  return starts.flatMap((each) => {
    const [first] = each;
    const middle = (field: Exclude<keyof WholeWay, 'engine'>): number =>
      median(each.map((one) => one[field]));
    return first === undefined
      ? []
      : [
          {
            engine: first.engine,
            firstAnswerMs: middle('firstAnswerMs'),
            processMs: middle('processMs'),
            memoryMb: middle('memoryMb'),
            p50Ms: middle('p50Ms'),
            p99Ms: middle('p99Ms'),
          },
        ];
  });
}

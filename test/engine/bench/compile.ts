/** Builds the benchmark's own native programs, once for each content, with whatever C++ compiler there is. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const COMPILERS = [process.env.CXX, 'g++', 'clang++', 'c++'].filter((name) => name !== undefined);

/**
 * @param source a file of native/bench
 * @returns the built file
 * @throws Error when no compiler could build it, with what each of them said
 */
export function compiled(source: string, flags: readonly string[], cache: string): string {
  const file = fileURLToPath(new URL(`../../../native/bench/${source}`, import.meta.url));
  const version = createHash('sha256')
    .update(readFileSync(file))
    .update(flags.join())
    .digest('hex')
    .slice(0, 12);
  const built = join(cache, `${basename(source, '.cc')}-${version}.node`);
  if (existsSync(built)) return built;
  mkdirSync(cache, { recursive: true });
  const problems: string[] = [];
  for (const compiler of COMPILERS) {
    try {
      const draft = `${built}.${process.pid}`;
      execFileSync(compiler, ['-O2', '-std=c++17', ...flags, file, '-o', draft], { stdio: 'pipe' });
      renameSync(draft, built);
      return built;
    } catch (cause) {
      problems.push(`${compiler}: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  }
  throw new Error(`native/bench/${source} could not be built.\n${problems.join('\n')}`);
}

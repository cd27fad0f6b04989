/** What is remembered of trials, so that only the first start of a binary on a machine pays for them. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';

/** Trials kept: those of a few binaries, on the machines that share a folder. */
const KEPT_MAX = 32;

export interface Trials {
  /** The kernel that was good when this binary was tried here for `wanted` ('' for the fastest). */
  goodOf(sha256: string, wanted: string): string | undefined;
  /** Only success is kept: what failed is tried again, for it may have been the machine's bad moment. */
  keep(sha256: string, wanted: string, kernel: string): void;
}

/** @param file where they are kept; null: they are not. A file that cannot be read or written costs time, no more. */
export function openTrials(file: string | null): Trials {
  const known = file === null ? {} : read(file);
  // What a kernel may run on, and what it is loaded by.
  const keyOf = (sha256: string, wanted: string): string =>
    [sha256, cpus()[0]?.model ?? 'unknown', process.version, wanted || 'fastest'].join(' | ');
  return {
    goodOf: (sha256, wanted) => known[keyOf(sha256, wanted)],
    keep(sha256, wanted, kernel) {
      if (file === null) return;
      const key = keyOf(sha256, wanted);
      const others = Object.entries(known).filter(([other]) => other !== key);
      write(file, Object.fromEntries([[key, kernel], ...others].slice(0, KEPT_MAX)));
    },
  };
}

function read(file: string): Readonly<Record<string, string>> {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const entries = Object.entries(content ?? {});
    return Object.fromEntries(entries.filter(([, kernel]) => typeof kernel === 'string'));
  } catch {
    return {};
  }
}

function write(file: string, trials: Readonly<Record<string, string>>): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(trials, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, file);
  } catch {
    // The next start tries again.
  }
}

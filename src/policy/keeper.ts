/**
 * Keeps the policy that is served: loads it at start, takes an edited file over when it is better, never when it is
 * worse. A request holds the snapshot that it began with.
 */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PassedCase, runPolicyTests } from './cases.ts';
import { compilePolicy } from './compile.ts';
import type { Decide, Policy, Vocabulary } from './policy.ts';
import { fileProblem, PolicyError } from './problem.ts';
import { POLICY_BYTES_MAX } from './reader.ts';
import { codeOf, stateOf, watch } from './watch.ts';

/** How often the files are looked at, unless said otherwise. */
const WATCH_INTERVAL_MS = 1_000;

export interface PolicyFiles {
  readonly policy: string;
  /** The tests beside it; they need not exist. */
  readonly tests: string;
}

/** `a/b.yaml` has its tests in `a/b.test.yaml`. */
export function policyFiles(policy: string): PolicyFiles {
  return { policy, tests: policy.replace(/(\.ya?ml)?$/, '.test.yaml') };
}

export interface LoadedPolicy {
  readonly policy: Policy;
  readonly source: string;
  /** The source of its tests, and the cases that passed. Null: there are none. */
  readonly tests: string | null;
  readonly passed: readonly PassedCase[] | null;
}

/** Reads, compiles and tests a policy. @throws PolicyError with every problem of the first file that has one */
export async function loadPolicy(
  files: PolicyFiles,
  vocabulary: Vocabulary,
  decide: Decide,
): Promise<LoadedPolicy> {
  const source = await readText(files.policy);
  if (source === null)
    throw new PolicyError('invalid', [fileProblem(files.policy, 'The file is not there.')]);
  const policy = compilePolicy(source, files.policy, vocabulary);
  const tests = await readText(files.tests);
  const passed = tests === null ? null : runPolicyTests(policy, tests, files.tests, vocabulary, decide);
  return { policy, source, tests, passed };
}

/** What came of looking at the files again. `policy` is the one that is served from now on. */
export type Reload =
  | { readonly status: 'loaded'; readonly policy: Policy; readonly previous: Policy }
  | { readonly status: 'unchanged'; readonly policy: Policy }
  | { readonly status: 'refused'; readonly policy: Policy; readonly error: PolicyError };

export interface KeeperOptions {
  readonly file: string;
  readonly vocabulary: Vocabulary;
  readonly decide: Decide;
  /** Folder that gets a copy of every revision served, as `<revision>.yaml`, so that decisions can be replayed. */
  readonly keepIn: string;
  /** Told of every reload but `unchanged`; must not throw. */
  readonly onReload: (reload: Reload) => void;
  readonly watchIntervalMs?: number;
}

export interface PolicyKeeper {
  readonly current: () => Policy;
  /** Looks at the files now (SIGHUP). Never rejects: a policy that cannot be taken over leaves the last good one. */
  readonly reload: () => Promise<Reload>;
  readonly close: () => void;
}

/** @throws PolicyError when the first load fails: there is no last good policy to serve */
export async function openPolicy(options: KeeperOptions): Promise<PolicyKeeper> {
  const { vocabulary, decide, keepIn, onReload, watchIntervalMs = WATCH_INTERVAL_MS } = options;
  const files = policyFiles(options.file);
  // Always taken before the files are read: what changes meanwhile is seen at the next look.
  const state = (): Promise<string> => stateOf([files.policy, files.tests]);
  let seen = await state();
  let served = await loadPolicy(files, vocabulary, decide);
  await keepCopy(keepIn, served.policy.revision, served.source);
  let refused = false;
  let closed = false;

  const look = async (): Promise<Reload> => {
    seen = await state();
    const { policy: previous } = served;
    try {
      const next = await loadPolicy(files, vocabulary, decide);
      if (next.tests === null && served.tests !== null) {
        throw new PolicyError('invalid', [fileProblem(files.tests, 'The tests of this policy are gone.')]);
      }
      const isSame = next.source === served.source && next.tests === served.tests;
      if (isSame && !refused) return { status: 'unchanged', policy: previous };
      await keepCopy(keepIn, next.policy.revision, next.source);
      served = next;
      refused = false;
      return { status: 'loaded', policy: next.policy, previous };
    } catch (thrown) {
      refused = true;
      return { status: 'refused', policy: previous, error: asPolicyError(thrown, files.policy) };
    }
  };
  // One after the other, so that an older file never replaces a newer one.
  let last: Promise<unknown> = Promise.resolve();
  const reload = (): Promise<Reload> => {
    const result = last.then(look);
    last = result;
    return result.then((reload) => {
      if (!closed && reload.status !== 'unchanged') onReload(reload);
      return reload;
    });
  };
  const stop = watch({ state, intervalMs: watchIntervalMs, isNew: (now) => now !== seen, reload });
  return {
    current: () => served.policy,
    reload,
    close: () => {
      closed = true;
      stop();
    },
  };
}

/** The text of a file, or null if there is none. Its bytes are the text's: a byte order mark is kept. */
async function readText(file: string): Promise<string | null> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    // Not to wait for a writer, should the file be a pipe.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return null;
    throw asPolicyError(thrown, file);
  }
  try {
    if (!(await handle.stat()).isFile())
      throw new PolicyError('invalid', [fileProblem(file, 'This is not a file.')]);
    const bytes = Buffer.alloc(POLICY_BYTES_MAX + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      read = (await handle.read(bytes, length, bytes.length - length)).bytesRead;
    }
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, length));
  } catch (thrown) {
    throw asPolicyError(thrown, file);
  } finally {
    await handle.close();
  }
}

async function keepCopy(folder: string, revision: string, source: string): Promise<void> {
  const copy = join(folder, `${revision}.yaml`);
  const exists = await access(copy).then(
    () => true,
    () => false,
  );
  if (exists) return;
  const draft = join(folder, `.${revision}.${randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(draft, source, { flag: 'wx' });
    await rename(draft, copy);
  } catch (thrown) {
    await rm(draft, { force: true }).catch(() => undefined);
    const problem = `The copy for replaying decisions cannot be written (${codeOf(thrown)}), so the policy is not served.`;
    throw new PolicyError('invalid', [fileProblem(copy, problem)]);
  }
}

function asPolicyError(thrown: unknown, file: string): PolicyError {
  if (thrown instanceof PolicyError) return thrown;
  const code = codeOf(thrown);
  const reason = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8' : code;
  return new PolicyError('invalid', [fileProblem(file, `The file cannot be read: ${reason}.`)]);
}

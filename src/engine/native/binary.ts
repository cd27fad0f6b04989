/**
 * Finds a native binary that works on this machine: the prebuilt one, else one compiled here. Each is tried in a process
 * of its own before this one loads it, so that a wrong binary cannot take the server down.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAddon, type NativeAddon } from './addon.ts';
import {
  BINARY_FILE,
  type BinaryRecord,
  BUILD_PROGRAM,
  NATIVE_FOLDER,
  PLATFORM,
  sha256Of,
  sourceDigest,
} from './sources.ts';
import type { TrialLine } from './trial.ts';
import { openTrials, type Trials } from './trials.ts';

const TRIAL_PROGRAM = fileURLToPath(new URL('./trial.ts', import.meta.url));
/** Longest trial and longest build; a process that takes longer is killed. */
const TRIAL_MS_MAX = 20_000;
const BUILD_MS_MAX = 300_000;
const OUTPUT_BYTES_MAX = 1_048_576;

export interface NativeBinary {
  readonly file: string;
  readonly addon: NativeAddon;
  /** The kernel that was found good. */
  readonly kernel: string;
  /** What did not work on the way, in sentences; empty when the first choice did. */
  readonly problems: readonly string[];
}

/** There is no native binary for this machine; the message says of each why not. */
export class NativeUnavailable extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join(' '));
    this.name = 'NativeUnavailable';
  }
}

/** Where a binary may come from. */
export interface BinarySource {
  readonly name: string;
  /** @throws NotHere when there is none to be expected; Error saying what is wrong with the one that is there */
  find(): Promise<string>;
}

/** There is no such binary here, and nothing is wrong about that. */
export class NotHere extends Error {}

/** Made with `native/prebuild.mjs` and recorded in `digests.json`. */
export const PREBUILT: BinarySource = {
  name: 'The prebuilt binary',
  async find() {
    return findPrebuilt(join(NATIVE_FOLDER, 'prebuilt'));
  },
};
/** Compiled on this machine, now if need be. */
export const BUILT: BinarySource = {
  name: 'A build',
  async find() {
    const { stdout, stderr, failure } = await runNode(BUILD_PROGRAM, [], BUILD_MS_MAX);
    if (failure !== null) throw new Error(firstLine(stderr) || failure);
    return firstLine(stdout);
  },
};

/** @throws NotHere; Error when it is not what its record says */
export function findPrebuilt(folder: string): string {
  const digests = join(folder, 'digests.json');
  if (!existsSync(digests)) throw new NotHere('there is none.');
  const records: Readonly<Record<string, BinaryRecord>> = JSON.parse(readFileSync(digests, 'utf8'));
  const record = records[PLATFORM];
  if (record === undefined) throw new NotHere(`there is none for ${PLATFORM}.`);
  // Somebody works on the sources: theirs is the binary that counts.
  if (sourceDigest(dirname(folder)) !== record.sources) throw new NotHere('it was made of other sources.');
  const file = join(folder, PLATFORM, BINARY_FILE);
  if (sha256Of(file) !== record.sha256) throw new Error('its SHA-256 is not the recorded one.');
  return file;
}

export interface NativeOptions {
  /** The kernel to use, and no other; '' for the fastest that works. */
  readonly kernel: string;
  /** Where trials are remembered; null: nowhere. */
  readonly trialsFile: string | null;
  readonly sources?: readonly BinarySource[];
  /** What tries a binary; for tests. */
  readonly trialProgram?: string;
}

/**
 * @throws NativeUnavailable when no binary works here
 * @throws Error when a binary does, but not with the kernel asked for; it names the choices
 */
export async function findNative(options: NativeOptions): Promise<NativeBinary> {
  const { kernel: wanted, trialsFile, sources = [PREBUILT, BUILT], trialProgram = TRIAL_PROGRAM } = options;
  const trials = openTrials(trialsFile);
  const problems: string[] = [];
  const absent: string[] = [];
  for (const source of sources) {
    try {
      const file = await source.find();
      const kernel = await goodKernel({ file, wanted, trials, trialProgram, problems });
      if (kernel !== null) return { file, addon: loadAddon(file), kernel, problems };
    } catch (error) {
      if (error instanceof UnknownKernel) throw error;
      const list = error instanceof NotHere ? absent : problems;
      list.push(`${source.name} cannot be used: ${(error as Error).message}`);
    }
  }
  throw new NativeUnavailable([...absent, ...problems]);
}

class UnknownKernel extends Error {}

interface Trial {
  readonly file: string;
  readonly wanted: string;
  readonly trials: Trials;
  readonly trialProgram: string;
  /** Gets a sentence for each kernel that does not work. */
  readonly problems: string[];
}

/** Null when none works. */
async function goodKernel({ file, wanted, trials, trialProgram, problems }: Trial): Promise<string | null> {
  const sha256 = sha256Of(file);
  const known = trials.goodOf(sha256, wanted);
  // A processor may have the same name and not the same instructions, such as in another virtual machine.
  if (
    known !== undefined &&
    loadAddon(file)
      .kernels()
      .some(({ name, supported }) => supported && name === known)
  ) {
    return known;
  }
  const without: string[] = [];
  // Each turn rules out a kernel at least.
  for (;;) {
    const { stdout, failure } = await runNode(trialProgram, [file, wanted, ...without], TRIAL_MS_MAX);
    const lines = parseLines(stdout);
    const kernels = lines.find((line) => line.said === 'kernels');
    if (kernels === undefined) throw new Error(`it cannot be loaded (${failure ?? 'it says nothing'}).`);
    if (wanted !== '' && !kernels.supported.includes(wanted)) throw unknownKernel(wanted, kernels);
    for (const { said, kernel } of lines.filter((line) => line.said !== 'kernels')) {
      if (said === 'wrong') problems.push(`The kernel ${kernel} computes wrong numbers here.`);
      if (said === 'good') {
        trials.keep(sha256, wanted, kernel);
        return kernel;
      }
    }
    const last = lines.at(-1);
    if (last?.said !== 'trying') return null;
    problems.push(`The kernel ${last.kernel} fails here (${failure ?? 'its trial ended early'}).`);
    without.push(last.kernel);
  }
}

function unknownKernel(wanted: string, kernels: TrialLine & { said: 'kernels' }): UnknownKernel {
  const what = kernels.all.includes(wanted) ? 'cannot run on this processor' : 'does not exist';
  const choices = [...kernels.supported, 'onnxruntime'].join(', ');
  return new UnknownKernel(`The kernel ${JSON.stringify(wanted)} ${what}. There are: ${choices}.`);
}

function parseLines(stdout: string): TrialLine[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as TrialLine);
}

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';

interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** How it ended, unless well. */
  readonly failure: string | null;
}

function runNode(program: string, args: readonly string[], waitMsMax: number): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      // A warning would stand where the reason is looked for.
      ['--disable-warning=ExperimentalWarning', program, ...args],
      { timeout: waitMsMax, killSignal: 'SIGKILL', maxBuffer: OUTPUT_BYTES_MAX },
      (error, stdout, stderr) => {
        const failure = error === null ? null : (error.signal ?? `exit code ${error.code}`);
        resolve({ stdout, stderr, failure });
      },
    );
  });
}

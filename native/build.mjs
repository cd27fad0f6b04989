// Compiles the native engine for this machine: `node native/build.mjs [--force]`. Prints the binary's path; does nothing
// when the one that is there was made of the same sources. Needs a C++17 compiler (CXX, c++, g++ or clang++) and nothing
// else: the headers of N-API come from npm, and no library is linked.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { argv, env, exit, stderr, stdout } from 'node:process';
import { promisify } from 'node:util';
import {
  BINARY_FILE,
  NATIVE_FOLDER,
  PLATFORM,
  sha256Of,
  sourceDigest,
  sourceFiles,
} from '../src/engine/native/sources.ts';

/** The kernels of each processor, and what their instruction sets are called. All else is for any processor. */
export const KERNEL_FLAGS = {
  x64: {
    dispatch: [],
    reference: [],
    portable: [],
    avx2: ['-mavx2', '-mfma'],
    avx_vnni: ['-mavx2', '-mfma', '-mavxvnni'],
    avx512_vnni: ['-mavx2', '-mfma', '-mavx512f', '-mavx512bw', '-mavx512dq', '-mavx512vl', '-mavx512vnni'],
  },
  arm64: {
    dispatch: [],
    reference: [],
    portable: [],
    neon_dot: ['-march=armv8.2-a+dotprod'],
    neon_i8mm: ['-march=armv8.2-a+dotprod+i8mm'],
  },
};
/** The oldest processors that Node itself runs on. */
const BASE_FLAGS = {
  x64: ['-march=x86-64'],
  arm64: ['-march=armv8-a', '-mno-outline-atomics'],
};
export const FLAGS = [
  ...['-std=c++17', '-O3', '-ffp-contract=fast', '-fno-math-errno', '-fPIC', '-Wall', '-Wextra'],
  // Nothing that needs a C++ runtime library, or a function that only some libcs have.
  ...['-fno-exceptions', '-fno-rtti', '-fno-threadsafe-statics', '-fvisibility=hidden'],
  ...['-fno-stack-protector', '-U_FORTIFY_SOURCE'],
];
// Without a library there is no version of a symbol to depend on: they come from the process that loads the binary. All
// are looked up when it is loaded, so that a missing one shows at once.
const LINK_FLAGS = [
  '-shared',
  '-nostdlib',
  '-Wl,-z,now',
  '-Wl,-z,relro',
  '-Wl,-z,noexecstack',
  '-Wl,--build-id=none',
];
const COMPILERS = env.CXX ? [env.CXX] : ['c++', 'g++', 'clang++'];
const COMPILE_MS_MAX = 300_000;

const run = promisify(execFile);

/** First of the candidates that is there, with its name and version. @throws Error when none is */
export async function findCompiler(candidates = COMPILERS) {
  for (const command of candidates) {
    const version = await run(command, ['--version']).catch(() => null);
    if (version !== null) return { command, version: version.stdout.split('\n')[0] ?? '' };
  }
  throw new Error(`There is no C++ compiler (looked for ${candidates.join(', ')}).`);
}

/** What to compile for a processor: paths from `native/`, with the flags of each. */
function unitsOf(arch) {
  const kernels = KERNEL_FLAGS[arch];
  if (kernels === undefined) throw new Error(`There are no kernels for ${arch}.`);
  const others = sourceFiles().filter((file) => file.endsWith('.cc') && !file.startsWith('kernels/'));
  // What is for any processor goes first: of an inline function that several units hold, the first is linked.
  return [
    ...others.map((file) => ({ file, flags: [] })),
    ...Object.entries(kernels).map(([name, flags]) => ({ file: `kernels/${name}.cc`, flags })),
  ];
}

/**
 * Compiles and links.
 * @param options.folder for the objects; they stay there
 * @returns the objects with the flags of each
 * @throws Error with the compiler's words
 */
export async function compile({ compiler, arch, folder, binary, strip = false }) {
  const headers = dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json'));
  const units = unitsOf(arch).map((unit) => ({
    ...unit,
    object: join(folder, `${unit.file.replaceAll('/', '-')}.o`),
  }));
  const build = async (args) => {
    await run(compiler, args, { cwd: NATIVE_FOLDER, timeout: COMPILE_MS_MAX }).catch((error) => {
      const words = error.stderr ?? error.message;
      const [first = 'it said nothing'] = words
        .split('\n')
        .filter((line) => /error|cannot|fatal/i.test(line));
      throw new Error(`${compiler} failed: ${first}\n${words}`);
    });
  };
  const waiting = [...units];
  const work = async () => {
    for (let unit = waiting.shift(); unit !== undefined; unit = waiting.shift()) {
      const { file, flags, object } = unit;
      // Of two `-march` the last one counts.
      const include = `-I${join(headers, 'include')}`;
      await build([...FLAGS, ...BASE_FLAGS[arch], ...flags, include, '-c', file, '-o', object]);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  await build([...LINK_FLAGS, ...(strip ? ['-s'] : []), '-o', binary, ...units.map(({ object }) => object)]);
  return units;
}

/** True if the binary is whole and made of the sources that are there. */
function isFresh(binary, record, sources) {
  if (!existsSync(binary) || !existsSync(record)) return false;
  const known = JSON.parse(readFileSync(record, 'utf8'));
  return known.sources === sources && known.sha256 === sha256Of(binary);
}

async function buildHere({ force }) {
  const target = join(NATIVE_FOLDER, 'build', PLATFORM);
  const binary = join(target, BINARY_FILE);
  const record = join(target, 'record.json');
  const sources = sourceDigest();
  if (!force && isFresh(binary, record, sources)) return binary;
  if (process.platform !== 'linux')
    throw new Error(`The native engine is made for Linux, and this is ${PLATFORM}.`);
  const { command, version } = await findCompiler();
  mkdirSync(target, { recursive: true });
  // Beside its target, so that it gets there in one step whoever else builds at the same time.
  const folder = mkdtempSync(join(target, 'under-way-'));
  try {
    const draft = join(folder, BINARY_FILE);
    await compile({ compiler: command, arch: process.arch, folder, binary: draft });
    const made = { sha256: sha256Of(draft), sources, compiler: version };
    writeFileSync(join(folder, 'record.json'), `${JSON.stringify(made, null, 2)}\n`);
    renameSync(draft, binary);
    renameSync(join(folder, 'record.json'), record);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return binary;
}

if (import.meta.main ?? argv[1] === import.meta.filename) {
  try {
    stdout.write(`${await buildHere({ force: argv.includes('--force') })}\n`);
  } catch (error) {
    stderr.write(`${error.message}\n`);
    exit(1);
  }
}

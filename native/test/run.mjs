// Builds the native tests and runs them: `npm run native:test -- [variant ...]`, `plain` when none is named.
//
//   plain    as the engine ships, on this processor
//   address  under AddressSanitizer and UndefinedBehaviorSanitizer
//   thread   under ThreadSanitizer: what runs on several threads
//   arm64    compiled for 64-bit ARM, run by qemu-user (Debian: g++-aarch64-linux-gnu, qemu-user)
//   time     how long a pass takes with each kernel of this processor
//   fuzz     builds the fuzzer of the loader with clang and prints where it lies (Debian: clang)
//
// Objects stay in native/build/test; what has not changed is not compiled again.
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { arch, argv, exit, pid, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { FLAGS, findCompiler, KERNEL_FLAGS } from '../build.mjs';

const NATIVE_FOLDER = fileURLToPath(new URL('..', import.meta.url));
const PROGRAMS = {
  kernels: ['kernels', 'kernels_rows', 'kernels_linear', 'kernels_attention', 'kernels_floats'],
  encoder: ['encoder'],
  adapter: ['adapter'],
  model: ['model'],
  pool: ['pool'],
};
/** A processor may know AVX-VNNI's instruction in AVX-512's encoding only: the same arithmetic is then tested with that. */
const OTHER_ENCODING = '-DTIERGATE_VPDPBUSD="vpdpbusd"';
const QEMU = ['qemu-aarch64', '-cpu'];
const SANITIZED = ['-O1', '-g1', '-fno-sanitize-recover=all'];

const VARIANTS = {
  plain: { arch, flags: [], runs: Object.keys(PROGRAMS).map((program) => [program]) },
  address: {
    arch,
    flags: [...SANITIZED, '-fsanitize=address,undefined,float-cast-overflow'],
    runs: Object.keys(PROGRAMS).map((program) => [program]),
  },
  thread: { arch, flags: [...SANITIZED, '-fsanitize=thread'], runs: [['encoder', '--threads'], ['pool']] },
  arm64: {
    arch: 'arm64',
    compilers: ['aarch64-linux-gnu-g++'],
    flags: ['-static'],
    runs: [
      // A processor with all extensions, one with the dot product alone, one with neither.
      ...['kernels', 'encoder', 'adapter', 'model'].map((program) => [...QEMU, 'max', program, '--small']),
      [...QEMU, 'neoverse-n1', 'kernels', '--fastest'],
      [...QEMU, 'cortex-a53', 'kernels', '--fastest'],
    ],
  },
  time: { arch, flags: [], programs: { time: ['time'] }, runs: [['time']] },
  fuzz: {
    arch,
    compilers: ['clang++'],
    flags: [...SANITIZED, '-fsanitize=fuzzer,address,undefined'],
    programs: { fuzz_model: ['fuzz_model'] },
    runs: [],
  },
};

const execute = promisify(execFile);

function otherEncodingNeeded() {
  if (arch !== 'x64' || !existsSync('/proc/cpuinfo')) return false;
  return !readFileSync('/proc/cpuinfo', 'utf8').includes(' avx_vnni');
}

/** What a variant compiles: path from `native/`, flags of that file alone. */
function unitsOf(variant, programs) {
  const engine = readdirSync(join(NATIVE_FOLDER, 'engine')).filter((file) => file.endsWith('.cc'));
  return [
    ...Object.entries(KERNEL_FLAGS[variant.arch]).map(([name, flags]) => ({
      file: `kernels/${name}.cc`,
      flags,
    })),
    ...engine.map((file) => ({ file: `engine/${file}`, flags: [] })),
    ...Object.values(programs).flatMap((names) =>
      names.map((name) => ({ file: `test/${name}.cc`, flags: ['-O1'] })),
    ),
  ];
}

function digestOfHeaders() {
  const hash = createHash('sha256');
  for (const folder of ['kernels', 'engine', 'test']) {
    for (const file of readdirSync(join(NATIVE_FOLDER, folder)).sort()) {
      if (file.endsWith('.h')) hash.update(readFileSync(join(NATIVE_FOLDER, folder, file)));
    }
  }
  return hash.digest('hex');
}

/** Compiles all units, several at a time. @returns the objects by the units' files */
async function compile(compiler, units, flags, folder) {
  const headers = digestOfHeaders();
  const objects = new Map();
  const waiting = [...units];
  const work = async () => {
    for (let unit = waiting.shift(); unit !== undefined; unit = waiting.shift()) {
      const args = [...FLAGS, ...flags, ...unit.flags, '-c', unit.file];
      const source = readFileSync(join(NATIVE_FOLDER, unit.file));
      const digest = createHash('sha256')
        .update(JSON.stringify([compiler, headers, args]))
        .update(source)
        .digest('hex');
      const stem = unit.file.replaceAll('/', '-');
      const object = join(folder, `${stem}-${digest.slice(0, 16)}.o`);
      objects.set(unit.file, object);
      if (existsSync(object)) continue;
      for (const old of readdirSync(folder)) if (old.startsWith(`${stem}-`)) rmSync(join(folder, old));
      // In one step: an interrupted compiler leaves no half of an object under a name that is believed.
      const draft = `${object}.${pid}`;
      await execute(compiler, [...args, '-o', draft], { cwd: NATIVE_FOLDER });
      renameSync(draft, object);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return objects;
}

async function build(name) {
  const variant = VARIANTS[name];
  const programs = variant.programs ?? PROGRAMS;
  const { command, version } = await findCompiler(variant.compilers);
  const folder = join(NATIVE_FOLDER, 'build', 'test', name);
  mkdirSync(folder, { recursive: true });
  const started = Date.now();
  const flags = [
    ...variant.flags,
    ...(variant.arch === 'x64' && otherEncodingNeeded() ? [OTHER_ENCODING] : []),
  ];
  const objects = await compile(command, unitsOf(variant, programs), flags, folder);
  const shared = [...objects].filter(([file]) => !file.startsWith('test/')).map(([, object]) => object);
  for (const [program, names] of Object.entries(programs)) {
    const own = names.map((unit) => objects.get(`test/${unit}.cc`));
    await execute(command, [...variant.flags, '-pthread', ...own, ...shared, '-o', join(folder, program)]);
  }
  stdout.write(`${name}: built with ${version} in ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
  return { folder, programs: Object.keys(programs) };
}

/** @returns its exit code, 1 when a signal ended it */
function runProgram(command, args) {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { stdio: 'inherit' });
    child.on('error', failed);
    child.on('exit', (code) => done(code ?? 1));
  });
}

async function runVariant(name) {
  const { folder, programs } = await build(name);
  let failed = 0;
  for (const words of VARIANTS[name].runs) {
    const started = Date.now();
    const [command, ...args] = words.map((word) => (programs.includes(word) ? join(folder, word) : word));
    const code = await runProgram(command, args);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    stdout.write(
      `${name}: ${words.join(' ')}: ${code === 0 ? 'passed' : `FAILED (exit code ${code})`} in ${seconds} s\n`,
    );
    if (code !== 0) failed += 1;
  }
  if (VARIANTS[name].runs.length === 0)
    stdout.write(`${programs.map((program) => join(folder, program)).join('\n')}\n`);
  return failed;
}

const names = argv.length > 2 ? argv.slice(2) : ['plain'];
for (const name of names) {
  if (name in VARIANTS) continue;
  stderr.write(
    `${basename(argv[1])}: there is no variant ${name}; there are ${Object.keys(VARIANTS).join(', ')}\n`,
  );
  exit(2);
}
let failed = 0;
try {
  for (const name of names) failed += await runVariant(name);
} catch (error) {
  stderr.write(`${error.stderr || error.message}\n`);
  failed += 1;
}
exit(failed === 0 ? 0 : 1);

// Makes the binaries that ship: `node native/prebuild.mjs [linux-x64] [linux-arm64]` writes `native/prebuilt/` and the
// record of what it made, `digests.json`. Needs Debian's g++ and g++-aarch64-linux-gnu, and binutils. The same sources
// and the same compiler give the same bytes.
//
// One binary for a processor serves glibc from 2.28 on, and musl: it names no library, and no version of a symbol. That
// and all else it promises is checked here on what the linker made.
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, env, exit, stderr } from 'node:process';
import { promisify } from 'node:util';
import { BINARY_FILE, NATIVE_FOLDER, sha256Of, sourceDigest } from '../src/engine/native/sources.ts';
import { compile, findCompiler } from './build.mjs';

const TARGETS = {
  'linux-x64': { arch: 'x64', compilers: env.CXX_X64 ? [env.CXX_X64] : ['x86_64-linux-gnu-g++', 'g++'] },
  'linux-arm64': { arch: 'arm64', compilers: env.CXX_ARM64 ? [env.CXX_ARM64] : ['aarch64-linux-gnu-g++'] },
};

/** What the binary may ask of the process that loads it, besides `napi_…`: in glibc 2.28 and musl 1.1 alike. */
const LIBC_SYMBOLS = new Set([
  ...['malloc', 'calloc', 'free', 'posix_memalign', 'madvise'],
  ...['memcpy', 'memmove', 'memset', 'memcmp', 'strlen', 'strcmp'],
  ...['clock_gettime', 'sched_yield', 'sigfillset', 'pthread_sigmask', 'getauxval'],
  ...[
    'pthread_attr_init',
    'pthread_attr_setstacksize',
    'pthread_attr_destroy',
    'pthread_create',
    'pthread_join',
  ],
  ...['pthread_mutex_init', 'pthread_mutex_lock', 'pthread_mutex_unlock', 'pthread_mutex_destroy'],
  ...['pthread_cond_init', 'pthread_cond_wait', 'pthread_cond_signal', 'pthread_cond_broadcast'],
  ...['pthread_cond_destroy'],
]);
const EXPORTED = ['napi_register_module_v1', 'node_api_module_get_api_version_v1'];
const READELF_BYTES_MAX = 16_777_216;

const run = promisify(execFile);
const readelf = async (args) => (await run('readelf', args, { maxBuffer: READELF_BYTES_MAX })).stdout;

/** Rows of `readelf`'s table of symbols. */
async function symbolsOf(file, table) {
  const rows = (await readelf([table, '-W', file])).split('\n').map((line) => line.trim().split(/\s+/));
  return rows
    .filter(([number, , , , , , , name]) => /^\d+:$/.test(number) && name !== undefined)
    .map(([, , , type, binding, , section, name]) => ({ type, binding, section, name }));
}

/** What is wrong with a binary, in sentences. */
export async function problemsOf(binary) {
  const symbols = (await symbolsOf(binary, '--dyn-syms')).filter(({ binding }) => binding !== 'LOCAL');
  const wanted = symbols.filter(({ section }) => section === 'UND').map(({ name }) => name);
  const given = symbols.filter(({ section }) => section !== 'UND').map(({ name }) => name);
  const [dynamic, sections] = [await readelf(['-dW', binary]), await readelf(['-SW', binary])];
  const strangers = wanted.filter((name) => !name.startsWith('napi_') && !LIBC_SYMBOLS.has(name));
  return [
    ...strangers.map((name) => `It asks for ${name}.`),
    ...given.filter((name) => !EXPORTED.includes(name)).map((name) => `It shows ${name} to others.`),
    ...EXPORTED.filter((name) => !given.includes(name)).map((name) => `It lacks ${name}.`),
    ...(/\(NEEDED\)/.test(dynamic) ? ['It names a library.'] : []),
    ...(/\(VERNEED\)|\(VERSYM\)/.test(dynamic) ? ['It names versions of symbols.'] : []),
    ...(/\(TEXTREL\)/.test(dynamic) ? ['Its code must be changed to be loaded.'] : []),
    ...(/\.(init|fini)_array|\.ctors|\.dtors/.test(sections) ? ['It runs code when it is loaded.'] : []),
  ];
}

/** Of a function that two objects hold the linker keeps one: it must not be one for newer processors only. */
export async function problemsOfObjects(units) {
  const weak = await Promise.all(
    units
      .filter(({ flags }) => flags.length > 0)
      .map(async ({ file, object }) => {
        const shared = (await symbolsOf(object, '--syms')).filter(
          ({ binding, section }) => section !== 'UND' && (binding === 'WEAK' || binding === 'UNIQUE'),
        );
        return shared.map(({ name }) => `${file} shares ${name} with kernels for other processors.`);
      }),
  );
  return weak.flat();
}

/** Makes the binary of a platform. @throws Error when it is not what it has to be */
async function prebuild(platform) {
  const { arch, compilers } = TARGETS[platform];
  const { command, version } = await findCompiler(compilers);
  const folder = mkdtempSync(join(tmpdir(), 'tiergate-prebuild-'));
  try {
    const draft = join(folder, BINARY_FILE);
    const units = await compile({ compiler: command, arch, folder, binary: draft, strip: true });
    const problems = [...(await problemsOf(draft)), ...(await problemsOfObjects(units))];
    if (problems.length > 0)
      throw new Error(`The binary for ${platform} is not fit to ship.\n${problems.join('\n')}`);
    const target = join(NATIVE_FOLDER, 'prebuilt', platform);
    mkdirSync(target, { recursive: true });
    const record = { sha256: sha256Of(draft), sources: sourceDigest(), compiler: version };
    // Not a rename: the folder for drafts may lie on another file system.
    writeFileSync(join(target, `${BINARY_FILE}.draft`), readFileSync(draft), { mode: 0o755 });
    renameSync(join(target, `${BINARY_FILE}.draft`), join(target, BINARY_FILE));
    const bytes = statSync(join(target, BINARY_FILE)).size;
    stderr.write(`${platform}: ${bytes} bytes, ${record.sha256.slice(0, 12)}, ${version}\n`);
    return record;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function prebuildAll(platforms) {
  const file = join(NATIVE_FOLDER, 'prebuilt', 'digests.json');
  const records = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  for (const platform of platforms) records[platform] = await prebuild(platform);
  const sorted = Object.fromEntries(Object.entries(records).sort());
  writeFileSync(file, `${JSON.stringify(sorted, null, 2)}\n`);
}

if (import.meta.main ?? argv[1] === import.meta.filename) {
  const named = argv.slice(2);
  const strange = named.filter((platform) => !(platform in TARGETS));
  if (strange.length > 0) {
    stderr.write(`There is no ${strange.join(', ')}; there are ${Object.keys(TARGETS).join(', ')}.\n`);
    exit(2);
  }
  try {
    await prebuildAll(named.length > 0 ? named : Object.keys(TARGETS));
  } catch (error) {
    stderr.write(`${error.message}\n`);
    exit(1);
  }
}

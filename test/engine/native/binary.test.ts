import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type BinarySource,
  BUILT,
  findNative,
  findPrebuilt,
  NativeUnavailable,
  NotHere,
} from '../../../src/engine/native/binary.ts';
import {
  BUILD_PROGRAM,
  NATIVE_FOLDER,
  PLATFORM,
  sha256Of,
  sourceDigest,
} from '../../../src/engine/native/sources.ts';
import { nativeBinary } from './native.common.ts';

const failingTrial = fileURLToPath(new URL('./fixtures/failing-trial.ts', import.meta.url));
let folder: string;
let good: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tiergate-native-'));
  good = (await nativeBinary()).file;
});
afterAll(() => rmSync(folder, { recursive: true }));

const source = (name: string, file: string | Error): BinarySource => ({
  name,
  find: async () => {
    if (file instanceof Error) throw file;
    return file;
  },
});
const find = (sources: BinarySource[], kernel = '', trialsFile: string | null = null) =>
  findNative({ kernel, trialsFile, sources });
const problemOf = (looking: Promise<unknown>): Promise<unknown> =>
  looking.then(
    () => null,
    (error: unknown) => error,
  );

function written(name: string, content: Uint8Array | string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

/** The binary, with nothing where its code was (ELF-64: program headers). */
function withoutCode(): Buffer {
  const bytes = readFileSync(good);
  const [headers, size, count] = [
    Number(bytes.readBigUInt64LE(32)),
    bytes.readUInt16LE(54),
    bytes.readUInt16LE(56),
  ];
  for (let at = headers; at < headers + size * count; at += size) {
    const [isLoaded, isCode] = [bytes.readUInt32LE(at) === 1, (bytes.readUInt32LE(at + 4) & 1) === 1];
    const [start, length] = [bytes.readBigUInt64LE(at + 8), bytes.readBigUInt64LE(at + 32)].map(Number);
    if (isLoaded && isCode && start !== undefined && length !== undefined)
      bytes.fill(0, start, start + length);
  }
  return bytes;
}

describe('a binary', () => {
  test('is taken with its fastest kernel that works', async () => {
    const { addon, kernel, problems } = await find([source('one', good)]);
    expect(kernel).toBe(addon.kernels().find(({ supported }) => supported)?.name);
    expect(problems).toEqual([]);
  });

  test('is taken with the kernel that is asked for', async () => {
    expect((await find([source('one', good)], 'portable')).kernel).toBe('portable');
  });

  test.each([
    ['text', () => written('text', 'This is no binary.'), 'cannot be loaded'],
    ['half of one', () => written('half', readFileSync(good).subarray(0, 60_000)), 'cannot be loaded'],
    ['one that crashes', () => written('crash', withoutCode()), 'cannot be loaded (SIG'],
    ['another library', () => anotherLibrary(), 'cannot be loaded'],
    ['a folder', () => folder, 'EISDIR'],
    ['nothing', () => join(folder, 'missing'), 'ENOENT'],
  ])('that is %s is passed over, and this process goes on', async (_, make, words) => {
    const bad = source('The bad one', make());
    const { file: found, problems } = await find([bad, source('The good one', good)]);
    expect(found).toBe(good);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('The bad one cannot be used: ');
    expect(problems[0]).toContain(words);
  });

  test('that does not exist here is no problem if there is another', async () => {
    const sources = [source('The first', new NotHere('there is none.')), source('The second', good)];
    expect((await find(sources)).problems).toEqual([]);
  });

  test('is not there at all: every reason is given', async () => {
    const sources = [
      source('One', new NotHere('there is none.')),
      source('Two', new Error('the disk is full.')),
      source('Three', folder),
    ];
    const error = await problemOf(find(sources));
    expect(error).toBeInstanceOf(NativeUnavailable);
    expect(String(error)).toMatch(
      /One cannot be used: there is none.*Two cannot be used: the disk is full.*Three cannot .*EISDIR/,
    );
  });
});

/** A library that Node can load, and that is no addon. */
function anotherLibrary(): string {
  const { sharedObjects } = process.report.getReport() as unknown as { sharedObjects: string[] };
  return sharedObjects.find((file) => file.includes('libc')) ?? '';
}

describe('a kernel', () => {
  test.each([
    ['warp', 'The kernel "warp" does not exist. There are: '],
    ['constructor', 'does not exist'],
    ['AVX2', 'does not exist'],
  ])('named %j is an error that names the choices, though there is another binary', async (kernel, words) => {
    const error = await problemOf(find([source('one', good), source('two', good)], kernel));
    expect(error).not.toBeInstanceOf(NativeUnavailable);
    expect(String(error)).toContain(words);
    expect(String(error)).toMatch(/portable, reference, onnxruntime\.$/);
  });

  test('that this processor cannot run is an error, too', async () => {
    const { addon } = await find([source('one', good)]);
    const foreign = addon.kernels().filter(({ supported }) => !supported);
    for (const { name } of foreign) {
      await expect(find([source('one', good)], name)).rejects.toThrow(
        `"${name}" cannot run on this processor`,
      );
    }
  });

  test('that crashes, and one that computes nonsense, are passed over', async () => {
    const options = { trialsFile: null, sources: [source('one', good)], trialProgram: failingTrial };
    const { kernel, problems } = await findNative({ ...options, kernel: '' });
    expect(kernel).toBe('reference');
    expect(problems).toEqual([
      'The kernel fast fails here (SIGILL).',
      'The kernel odd computes wrong numbers here.',
    ]);
    const error = await problemOf(findNative({ ...options, kernel: 'fast' }));
    expect(error).toBeInstanceOf(NativeUnavailable);
    expect(String(error)).toContain('The kernel fast fails here (SIGILL).');
  });
});

describe('a trial', () => {
  test('that went well is remembered for this binary, this kernel and this machine', async () => {
    const trialsFile = join(folder, 'deep', 'trials.json');
    const options = { trialsFile, sources: [source('one', good)] };
    const first = await findNative({ ...options, kernel: '' });
    expect(statSync(trialsFile).mode & 0o077).toBe(0);
    // Whoever tried again would find another kernel.
    const again = await findNative({ ...options, kernel: '', trialProgram: failingTrial });
    expect(again.kernel).toBe(first.kernel);
    const forced = await findNative({ ...options, kernel: 'reference', trialProgram: failingTrial });
    expect(forced.kernel).toBe('reference');
    const copy = written('copy.node', Buffer.concat([readFileSync(good), Buffer.of(0)]));
    const other = await findNative({
      kernel: '',
      trialsFile,
      sources: [source('one', copy)],
      trialProgram: failingTrial,
    });
    expect(other.problems).toHaveLength(2);
  });

  test('is not believed of a kernel that this processor has not', async () => {
    const trialsFile = written('strange.json', '');
    await findNative({ kernel: '', trialsFile, sources: [source('one', good)] });
    writeFileSync(trialsFile, readFileSync(trialsFile, 'utf8').replace(/: ".*"/, ': "from-elsewhere"'));
    const { kernel } = await findNative({ kernel: '', trialsFile, sources: [source('one', good)] });
    expect(kernel).not.toBe('from-elsewhere');
  });

  test.each(['', '[]', 'null', '{"a":1}', '{'])('remembered as %j is made again', async (content) => {
    const trialsFile = written('spoiled.json', content);
    const { problems } = await findNative({ kernel: 'portable', trialsFile, sources: [source('one', good)] });
    expect(problems).toEqual([]);
    expect(readFileSync(trialsFile, 'utf8')).toContain('"portable"');
  });

  test('that cannot be remembered is no problem', async () => {
    const trialsFile = join(written('file', ''), 'below-a-file.json');
    const { problems } = await findNative({ kernel: 'portable', trialsFile, sources: [source('one', good)] });
    expect(problems).toEqual([]);
  });
});

describe('a prebuilt binary', () => {
  /** A folder such as `native/`, with the true sources and this record of the binary. */
  function nativeWith(record: object | null): string {
    const native = mkdtempSync(join(folder, 'native-'));
    for (const name of ['addon', 'engine', 'kernels', 'build.mjs']) {
      symlinkSync(join(NATIVE_FOLDER, name), join(native, name));
    }
    mkdirSync(join(native, 'prebuilt', PLATFORM), { recursive: true });
    cpSync(good, join(native, 'prebuilt', PLATFORM, 'tiergate.node'));
    if (record !== null) writeFileSync(join(native, 'prebuilt', 'digests.json'), JSON.stringify(record));
    return join(native, 'prebuilt');
  }
  const record = () => ({ sha256: sha256Of(good), sources: sourceDigest(), compiler: 'any' });

  test('is found if it is the recorded one, made of these sources', () => {
    const prebuilt = nativeWith({ [PLATFORM]: record() });
    expect(findPrebuilt(prebuilt)).toBe(join(prebuilt, PLATFORM, 'tiergate.node'));
  });
  test('of no record is none', () => {
    expect(() => findPrebuilt(nativeWith(null))).toThrow(NotHere);
    expect(() => findPrebuilt(nativeWith({ 'linux-other': record() }))).toThrow(NotHere);
  });
  test('that was changed is refused', () => {
    const prebuilt = nativeWith({ [PLATFORM]: { ...record(), sha256: '0'.repeat(64) } });
    expect(() => findPrebuilt(prebuilt)).toThrow('its SHA-256 is not the recorded one');
  });
  test('of other sources is none', () => {
    const prebuilt = nativeWith({ [PLATFORM]: { ...record(), sources: '0'.repeat(64) } });
    expect(() => findPrebuilt(prebuilt)).toThrow(new NotHere('it was made of other sources.'));
  });
});

describe('a build', () => {
  test('without a compiler says so', () => {
    const { status, stderr } = spawnSync(process.execPath, [BUILD_PROGRAM, '--force'], {
      env: { CXX: '/nowhere/c++' },
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([1, 'There is no C++ compiler (looked for /nowhere/c++).\n']);
  });

  test('is not made again when nothing has changed', async () => {
    const first = await BUILT.find();
    const { ino, mtimeMs } = statSync(String(first));
    expect(await BUILT.find()).toBe(first);
    expect([statSync(String(first)).ino, statSync(String(first)).mtimeMs]).toEqual([ino, mtimeMs]);
  });
});

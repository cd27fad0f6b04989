import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { createEncoder, type EncoderOptions } from '../../src/engine/create-encoder.ts';
import type { Encoder } from '../../src/engine/encoder.ts';
import { type BinarySource, NotHere } from '../../src/engine/native/binary.ts';
import { cosine } from './encoder.common.ts';
import { nativeBinary } from './native/native.common.ts';

const modelFolder = fileURLToPath(new URL('../../models/tiergate-small-int4', import.meta.url));
const data = mkdtempSync(join(tmpdir(), 'tiergate-engine-'));
const failingTrial = fileURLToPath(new URL('./native/fixtures/failing-trial.ts', import.meta.url));
const warnings: string[] = [];
const open: Encoder[] = [];

async function create(options: Partial<EncoderOptions>): Promise<Encoder> {
  const encoder = await createEncoder({
    modelFolder,
    queueMax: 4,
    threads: 1,
    kernel: '',
    trialsFile: join(data, 'kernels.json'),
    warn: (sentence) => warnings.push(sentence),
    ...options,
  });
  open.push(encoder);
  return encoder;
}
const none: BinarySource = {
  name: 'The prebuilt binary',
  find: async () => {
    throw new NotHere('there is none.');
  },
};
const noCompiler: BinarySource = {
  name: 'A build',
  find: async () => {
    throw new Error('There is no C++ compiler.');
  },
};

describe('the encoder', () => {
  afterEach(async () => {
    warnings.length = 0;
    for (const encoder of open.splice(0)) await encoder.close();
  });
  afterAll(() => rmSync(data, { recursive: true }));

  test('runs natively, and on onnxruntime if that is asked for, and both see the same', async () => {
    const native = await create({});
    const onnx = await create({ kernel: 'onnxruntime' });
    expect(native.engine).toBe(`native ${(await nativeBinary()).kernel}`);
    expect(onnx.engine).toBe('onnxruntime');
    expect(warnings).toEqual([]);
    expect(onnx.revision).toBe(native.revision);
    for (const text of ['Where is my parcel?', '', 'Ich möchte meine Bestellung stornieren. '.repeat(90)]) {
      const [one, other] = [await native.embed(text), await onnx.embed(text)];
      expect(cosine(one.vector, other.vector)).toBeGreaterThan(0.998);
      expect({ ...one, vector: null }).toEqual({ ...other, vector: null });
    }
  });

  test('runs on the kernel that is asked for', async () => {
    expect((await create({ kernel: 'portable' })).engine).toBe('native portable');
  });

  test('runs on onnxruntime where there is no native engine, and says why, once', async () => {
    const encoder = await create({ sources: [none, noCompiler] });
    expect(encoder.engine).toBe('onnxruntime');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /^The encoder runs on onnxruntime.*there is none.*There is no C\+\+ compiler\.$/,
    );
    expect((await encoder.embed('hello')).tokens).toBe(1);
  });

  test('runs on a slower kernel if the fastest fails here, and says so', async () => {
    const { file } = await nativeBinary();
    const sources = [{ name: 'It', find: async () => file }];
    const encoder = await create({ sources, trialProgram: failingTrial, trialsFile: null });
    expect(encoder.engine).toBe('native reference');
    expect(warnings).toEqual([
      'The encoder runs on the kernel reference. The kernel fast fails here (SIGILL). ' +
        'The kernel odd computes wrong numbers here.',
    ]);
  });

  test.each([
    ['unknown', 'warp', undefined, 'There are: '],
    [
      'not to be had',
      'portable',
      [none, noCompiler],
      'The kernel portable cannot be had. The prebuilt binary cannot',
    ],
  ])('does not start with a kernel that is %s', async (_, kernel, sources, words) => {
    await expect(create({ kernel, ...(sources === undefined ? {} : { sources }) })).rejects.toThrow(words);
    expect(warnings).toEqual([]);
  });

  test('does not start with a pack that cannot be used', async () => {
    await expect(create({ modelFolder: data })).rejects.toThrow('manifest.json cannot be read');
    expect(warnings).toEqual([]);
  });
});

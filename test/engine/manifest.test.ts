import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadModelPack } from '../../src/engine/manifest.ts';

const CONTENTS = { 'model.onnx': 'weights', 'tokenizer.json': '{"a":1}', 'tokenizer_config.json': '{}' };

function entry(path: keyof typeof CONTENTS) {
  const content = CONTENTS[path];
  return { path, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}

const manifest = {
  name: 'tiny',
  dimensions: 4,
  tokens_max: 8,
  pooling: 'mean',
  normalize: true,
  files: {
    model: entry('model.onnx'),
    tokenizer: entry('tokenizer.json'),
    tokenizer_config: entry('tokenizer_config.json'),
  },
};

describe('model pack', () => {
  let folder: string;
  const write = (value: unknown) => writeFile(join(folder, 'manifest.json'), JSON.stringify(value));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tiergate-manifest-'));
    for (const [path, content] of Object.entries(CONTENTS)) await writeFile(join(folder, path), content);
    await write(manifest);
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('a sound one is read, its revision made of all its files', async () => {
    const pack = await loadModelPack(folder);
    expect(pack.revision).toMatch(/^[0-9a-f]{12}$/);
    const other = CONTENTS['tokenizer.json'].replace('1', '2');
    await writeFile(join(folder, 'tokenizer.json'), other);
    const sha256 = createHash('sha256').update(other).digest('hex');
    await write({
      ...manifest,
      files: { ...manifest.files, tokenizer: { ...manifest.files.tokenizer, sha256 } },
    });
    expect((await loadModelPack(folder)).revision).not.toBe(pack.revision);
    expect(Buffer.from(pack.model).toString()).toBe('weights');
    expect(pack.tokenizer).toEqual({ a: 1 });
  });

  test.each([
    ['a changed file', 'model.onnx', 'Weights', 'model.onnx is not the file that the manifest names'],
    ['a cut file', 'tokenizer.json', '{', 'tokenizer.json has not the 7 bytes of the manifest'],
    ['no JSON', 'manifest.json', 'x', 'manifest.json is no valid JSON'],
    ['no object', 'manifest.json', '[]', 'manifest.json must hold a JSON object'],
    ['too large a manifest', 'manifest.json', ' '.repeat(70_000), 'manifest.json cannot be read'],
  ])('%s is refused', async (_, path, content, words) => {
    await writeFile(join(folder, path), content);
    await expect(loadModelPack(folder)).rejects.toThrow(words);
  });

  test('a missing file is refused', async () => {
    await rm(join(folder, 'model.onnx'));
    await expect(loadModelPack(folder)).rejects.toThrow('model.onnx cannot be read');
  });

  test.each(['../model.onnx', '/etc/passwd', 'a/b', '..', ''])('a file at %j is refused', async (path) => {
    await write({ ...manifest, files: { ...manifest.files, model: { ...manifest.files.model, path } } });
    await expect(loadModelPack(folder)).rejects.toThrow('`files.model` must have `path` (a plain file name)');
  });

  test('all that is wrong with a manifest is said at once', async () => {
    await write({ dimensions: 0, tokens_max: '512', pooling: 'cls', normalize: false });
    const outcome = loadModelPack(folder);
    for (const field of ['name', 'dimensions', 'tokens_max', 'pooling', 'normalize', 'files.model']) {
      await expect(outcome).rejects.toThrow(`\`${field}\` must`);
    }
  });
});

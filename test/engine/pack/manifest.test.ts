import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadModelPack, ModelPackError } from '../../../src/engine/pack/manifest.ts';
import { type TinyPack, writeTinyPack } from '../tiny-model.ts';

describe('model pack', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tiergate-manifest-'));
    await writeTinyPack(folder);
  });
  afterEach(() => rm(folder, { recursive: true }));
  const manifest = async () => JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  const write = (value: unknown) => writeFile(join(folder, 'manifest.json'), JSON.stringify(value));

  test('a sound one is read, each file once', async () => {
    const pack = await loadModelPack(folder);
    const weights = await readFile(join(folder, 'model.safetensors'));
    expect(pack.revision).toMatch(/^[0-9a-f]{12}$/);
    expect(Buffer.compare(pack.weights, weights)).toBe(0);
    expect(Buffer.from(pack.graph).toString()).toBe('none');
    expect(pack.tokenizer).toHaveProperty('model.type', 'WordPiece');
    expect(pack.tokenizerConfig).toEqual({ tokenizer_class: 'BertTokenizer' });
    expect(pack.manifest.encoder.layers).toBe(2);
  });

  test('its revision is made of all that makes the vectors', async () => {
    const sentence = { name: 'mood', kind: 'sentence' as const, labels: ['good', 'bad'] };
    const others: TinyPack[] = [
      {},
      { seed: 2 },
      { pooling: 'cls' },
      { heads: [sentence] },
      { graph: Buffer.from('other') },
      { config: { norm_epsilon: 1e-6 } },
      { manifest: { tokens_max: 100 } },
    ];
    const revisions: string[] = [];
    for (const options of others) {
      await writeTinyPack(folder, options);
      revisions.push((await loadModelPack(folder)).revision);
    }
    expect(new Set(revisions).size).toBe(others.length);
    await writeTinyPack(folder, { manifest: { name: 'renamed' } });
    expect((await loadModelPack(folder)).revision).toBe(revisions[0]);
  });

  test.each([
    [
      'a cut file',
      'tokenizer_config.json',
      '{',
      'tokenizer_config.json has not the 35 bytes of the manifest',
    ],
    ['no JSON', 'manifest.json', 'x', 'manifest.json is no valid JSON'],
    ['no object', 'manifest.json', '[]', 'manifest.json must hold a JSON object'],
    ['too large a manifest', 'manifest.json', ' '.repeat(70_000), 'manifest.json cannot be read'],
  ])('%s is refused', async (_, path, content, words) => {
    await writeFile(join(folder, path), content);
    await expect(loadModelPack(folder)).rejects.toThrow(words);
  });

  test.each(['model.safetensors', 'model.onnx', 'tokenizer.json', 'tokenizer_config.json'])(
    '%s with one bit changed, or missing, is refused',
    async (path) => {
      const content = await readFile(join(folder, path));
      content[content.length >> 1] = (content[content.length >> 1] ?? 0) ^ 1;
      await writeFile(join(folder, path), content);
      await expect(loadModelPack(folder)).rejects.toThrow(`${path} is not the file that the manifest names`);
      await rm(join(folder, path));
      await expect(loadModelPack(folder)).rejects.toThrow(`${path} cannot be read`);
    },
  );

  test('a tokenizer that is no JSON is refused, though its digest holds', async () => {
    const { files, ...rest } = await manifest();
    await writeFile(join(folder, 'tokenizer.json'), '{]');
    const sha256 = createHash('sha256').update('{]').digest('hex');
    await write({ ...rest, files: { ...files, tokenizer: { path: 'tokenizer.json', bytes: 2, sha256 } } });
    await expect(loadModelPack(folder)).rejects.toThrow('tokenizer.json is no valid JSON');
  });

  test.each(['../model.onnx', '/etc/passwd', 'a/b', '..', ''])('a file at %j is refused', async (path) => {
    const { files, ...rest } = await manifest();
    await write({ ...rest, files: { ...files, graph: { ...files.graph, path } } });
    await expect(loadModelPack(folder)).rejects.toThrow('`files.graph` must have `path` (a plain file name)');
  });

  test('all that is wrong with a manifest is said at once', async () => {
    const encoder = { layers: -1, norm: 'behind', norm_epsilon: '0' };
    await write({ dimensions: 0, tokens_max: '512', pooling: 'max', normalize: false, heads: {}, encoder });
    const outcome = loadModelPack(folder);
    const fields = ['name', 'dimensions', 'tokens_max', 'pooling', 'normalize', 'heads', 'files.weights'];
    for (const field of [
      ...fields,
      'encoder.layers',
      'encoder.norm',
      'encoder.norm_epsilon',
      'encoder.heads',
    ]) {
      await expect(outcome).rejects.toThrow(`\`${field}\` must`);
    }
  });

  test('whatever a manifest says, it is read or refused with a reason', async () => {
    const whole = await manifest();
    const fields = [...Object.keys(whole), ...Object.keys(whole.encoder).map((field) => `encoder.${field}`)];
    const property = fc.asyncProperty(fc.constantFrom(...fields), fc.jsonValue(), async (field, value) => {
      const [first = '', second] = field.split('.');
      await write({ ...whole, [first]: second === undefined ? value : { ...whole[first], [second]: value } });
      const outcome = await loadModelPack(folder).then(
        () => null,
        (error: unknown) => error,
      );
      if (outcome !== null) expect(outcome).toBeInstanceOf(ModelPackError);
    });
    await fc.assert(property, { numRuns: 60 });
  });
});

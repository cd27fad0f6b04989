import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Embedding, Encoder } from '../../src/engine/encoder.ts';
import { createRememberingEncoder } from '../../src/engine/remembering-encoder.ts';

/** An encoder that counts what it is asked; vectors of two dimensions that differ from text to text. */
function counting(revision = 'abc') {
  const asked: string[] = [];
  const embedding = (text: string): Embedding => {
    asked.push(text);
    const angle = text.length;
    const vector = Float32Array.of(Math.cos(angle), Math.sin(angle));
    return { vector, tokens: text.length, windows: 1, truncated: false };
  };
  const encoder: Encoder = {
    dimensions: 2,
    revision,
    engine: 'fake',
    embed: async (text) => embedding(text),
    embedAll: async (texts) => texts.map(embedding),
    close: async () => undefined,
  };
  return { asked, encoder };
}
const folder = () => join(mkdtempSync(join(tmpdir(), 'tiergate-')), 'vectors');
const vectorsOf = (embeddings: readonly Embedding[]) => embeddings.map(({ vector }) => [...vector]);

describe('a request', () => {
  test('that was embedded a moment ago is not embedded again', async () => {
    const { asked, encoder } = counting();
    const remembering = await createRememberingEncoder(encoder, folder());
    const first = await remembering.embed('hello');
    expect(await remembering.embed('hello')).toBe(first);
    await remembering.embed('other');
    expect(asked).toEqual(['hello', 'other']);
  });
});

describe('an adapted encoder', () => {
  test('shares the memory, but no vector', async () => {
    const [plain, one, other] = [counting('plain'), counting('one'), counting('other')];
    const adapted = [one.encoder, other.encoder];
    const inner: Encoder = { ...plain.encoder, withAdapter: () => adapted.shift() ?? plain.encoder };
    const remembering = await createRememberingEncoder(inner, folder());
    const first = remembering.withAdapter?.([]);
    const second = remembering.withAdapter?.([]);
    for (const encoder of [remembering, first, second, second, first, remembering])
      await encoder?.embed('hello');
    expect([plain.asked, one.asked, other.asked]).toEqual([['hello'], ['hello'], ['hello']]);
    expect([first?.revision, second?.revision]).toEqual(['one', 'other']);
    await first?.embedAll(['a']);
    expect(one.asked).toEqual(['hello', 'a']);
    await remembering.embedAll(['a']);
    expect(plain.asked).toEqual(['hello', 'a']);
  });

  test('is not offered where the encoder takes no adapters', async () => {
    expect('withAdapter' in (await createRememberingEncoder(counting().encoder, folder()))).toBe(false);
  });
});

describe('what is learned from', () => {
  test('is embedded once, and known at the next start', async () => {
    const place = folder();
    const one = counting();
    const first = await createRememberingEncoder(one.encoder, place);
    const learned = await first.embedAll(['a', 'bb', 'ccc']);
    await first.keep();

    const two = counting();
    const second = await createRememberingEncoder(two.encoder, place);
    const shown: number[] = [];
    const again = await second.embedAll(['bb', 'dddd', 'a'], (done) => shown.push(done));
    expect(two.asked).toEqual(['dddd']);
    expect(vectorsOf([again[0] as Embedding, again[2] as Embedding])).toEqual(
      vectorsOf([learned[1] as Embedding, learned[0] as Embedding]),
    );
  });

  test('gives every text its own vector, though one stands there twice', async () => {
    const { asked, encoder } = counting();
    const plain = await encoder.embedAll(['a', 'a', 'bb', 'a', 'ccc']);
    asked.length = 0;
    const remembering = await createRememberingEncoder(encoder, folder());
    expect(vectorsOf(await remembering.embedAll(['a', 'a', 'bb', 'a', 'ccc']))).toEqual(vectorsOf(plain));
    await remembering.embedAll(['bb', 'dddd']);
    expect(asked).toEqual(['a', 'bb', 'ccc', 'dddd']);
  });

  test('is not written again when nothing changed', async () => {
    const place = folder();
    const first = await createRememberingEncoder(counting().encoder, place);
    await first.embedAll(['a', 'bb']);
    await first.keep();
    const file = join(place, readdirSync(place)[0] ?? '');
    const { ino } = statSync(file);
    const second = await createRememberingEncoder(counting().encoder, place);
    await second.embedAll(['bb', 'a', 'bb']);
    await second.keep();
    expect(statSync(file).ino).toBe(ino);
  });

  test('is forgotten when it is not asked for any more, and kept apart by encoder', async () => {
    const place = folder();
    const first = await createRememberingEncoder(counting().encoder, place);
    await first.embedAll(['a', 'bb']);
    await first.keep();
    const second = await createRememberingEncoder(counting().encoder, place);
    await second.embedAll(['a']);
    await second.keep();
    const third = counting();
    await (await createRememberingEncoder(third.encoder, place)).embedAll(['a', 'bb']);
    expect(third.asked).toEqual(['bb']);
    const other = counting('another');
    await (await createRememberingEncoder(other.encoder, place)).embedAll(['a']);
    expect(other.asked).toEqual(['a']);
  });

  test('is not trusted when the file is spoiled', async () => {
    const place = folder();
    const first = await createRememberingEncoder(counting().encoder, place);
    await first.embedAll(['a', 'bb']);
    await first.keep();
    const file = join(place, readdirSync(place)[0] ?? '');
    expect(statSync(file).mode & 0o077).toBe(0);
    const bytes = readFileSync(file);
    bytes.fill(0x7f, 16, 24);
    for (const spoiled of [bytes, bytes.subarray(0, 30), Buffer.from('nonsense')]) {
      writeFileSync(file, spoiled);
      const { asked, encoder } = counting();
      await (await createRememberingEncoder(encoder, place)).embedAll(['a']);
      expect(asked).toEqual(['a']);
    }
  });

  test('leaves no text on the disk', async () => {
    const place = folder();
    const remembering = await createRememberingEncoder(counting().encoder, place);
    await remembering.embedAll(['canary of an example']);
    await remembering.keep();
    for (const name of readdirSync(place))
      expect(readFileSync(join(place, name)).includes('canary')).toBe(false);
  });
});

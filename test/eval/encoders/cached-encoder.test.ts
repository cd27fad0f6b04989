import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createCachedEncoder } from '../../../eval/encoders/cached-encoder.ts';
import { fakeEncoder } from '../fake-encoder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiergate-vectors-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (): string => join(folder, readdirSync(folder)[0]!);

test('a text is embedded once and for all, and stays as it was', async () => {
  const inner = fakeEncoder();
  const first = createCachedEncoder(inner, folder);
  const seen: number[] = [];
  const vectors = await first.embedAll(['one two', 'three', 'one two'], (done) => seen.push(done));
  const single = await first.embed('four');
  await first.close();
  expect(inner.asked()).toBe(3);
  expect(vectors[2]).toEqual(vectors[0]);
  expect(seen.at(-1)).toBe(3);

  const second = createCachedEncoder(inner, folder);
  expect((await second.embed('four')).vector).toEqual(single.vector);
  expect((await second.embedAll(['three', 'one two'])).map(({ vector }) => [...vector])).toEqual(
    [vectors[1], vectors[0]].map((each) => [...each!.vector]),
  );
  expect(inner.asked()).toBe(3);
});

test('another model has another file', async () => {
  for (const revision of ['a', 'b']) {
    const encoder = createCachedEncoder(fakeEncoder(revision), folder);
    await encoder.embedAll(['text']);
  }
  expect(readdirSync(folder)).toHaveLength(2);
});

test('a row that was written in part is forgotten, the others are not', async () => {
  const inner = fakeEncoder();
  await createCachedEncoder(inner, folder).embedAll(['one', 'two']);
  appendFileSync(file(), 'half a row');
  const again = createCachedEncoder(inner, folder);
  await again.embedAll(['one', 'two', 'three']);
  expect(inner.asked()).toBe(3);
  await createCachedEncoder(inner, folder).embedAll(['one', 'two', 'three']);
  expect(inner.asked()).toBe(3);
});

test('no text lies in the file', async () => {
  await createCachedEncoder(fakeEncoder(), folder).embedAll(['my very secret complaint']);
  expect(readFileSync(file(), 'latin1')).not.toContain('secret');
});

/**
 * An encoder that embeds a text once and for all: vectors lie in a file, one for each encoder, that only grows. The
 * texts themselves are not in it.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { Embedding, Encoder } from '../../src/engine/encoder.ts';

const DIGEST_BYTES = 16;
/** To be raised when the way from tokens to a vector changes (windows, pooling). */
const READING = 1;
/** Vectors that are written at a time: what a stopped run loses. */
const PIECE = 1_000;

const digestOf = (text: string): string =>
  createHash('sha256').update(text).digest().subarray(0, DIGEST_BYTES).toString('hex');

/** @param folder where the vectors are kept */
export function createCachedEncoder(inner: Encoder, folder: string): Encoder {
  mkdirSync(folder, { recursive: true });
  const engine = inner.engine.replaceAll(/[^\w]+/g, '-');
  const file = join(folder, `vectors-${inner.revision}-${engine}-${READING}.bin`);
  const known = read(file, inner.dimensions);
  let fresh: [string, Float32Array][] = [];
  const learn = (digest: string, vector: Float32Array): void => {
    known.set(digest, vector);
    fresh.push([digest, vector]);
    if (fresh.length >= PIECE) flush();
  };
  const flush = (): void => {
    const pieces = fresh.flatMap(([digest, vector]) => [
      Buffer.from(digest, 'hex'),
      Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength),
    ]);
    if (pieces.length > 0) appendFileSync(file, Buffer.concat(pieces));
    fresh = [];
  };
  return {
    dimensions: inner.dimensions,
    revision: inner.revision,
    engine: inner.engine,
    // What is adapted is asked once.
    ...(inner.withAdapter === undefined ? {} : { withAdapter: inner.withAdapter.bind(inner) }),
    async embed(text, signal) {
      const digest = digestOf(text);
      const vector = known.get(digest);
      if (vector !== undefined) return kept(vector);
      const embedding = await inner.embed(text, signal);
      learn(digest, embedding.vector);
      return embedding;
    },
    async embedAll(texts, onProgress) {
      const missing = new Map(texts.map((text) => [digestOf(text), text] as const));
      for (const digest of missing.keys()) if (known.has(digest)) missing.delete(digest);
      const before = texts.length - missing.size;
      const digests = [...missing.keys()];
      for (let at = 0; at < digests.length; at += PIECE) {
        const piece = digests.slice(at, at + PIECE);
        const embeddings = await inner.embedAll(
          piece.map((digest) => missing.get(digest) ?? ''),
          (done) => onProgress?.(before + at + done),
        );
        piece.forEach((digest, i) => {
          learn(digest, (embeddings[i] as Embedding).vector);
        });
      }
      flush();
      return texts.map((text) => kept(known.get(digestOf(text)) as Float32Array));
    },
    async close() {
      flush();
      await inner.close();
    },
  };
}

/** How many tokens and windows there were is not kept: no measure asks for it. */
const kept = (vector: Float32Array): Embedding => ({ vector, tokens: 0, windows: 1, truncated: false });

/** Rows of digest and vector. What a stopped run wrote in part is cut off. */
function read(file: string, dimensions: number): Map<string, Float32Array> {
  const known = new Map<string, Float32Array>();
  if (!existsSync(file)) return known;
  const bytes = readFileSync(file);
  const rowBytes = DIGEST_BYTES + dimensions * Float32Array.BYTES_PER_ELEMENT;
  const whole = bytes.length - (bytes.length % rowBytes);
  if (whole < bytes.length) truncateSync(file, whole);
  for (let at = 0; at < whole; at += rowBytes) {
    const vector = new Float32Array(dimensions);
    Buffer.from(vector.buffer).set(bytes.subarray(at + DIGEST_BYTES, at + rowBytes));
    known.set(bytes.toString('hex', at, at + DIGEST_BYTES), vector);
  }
  return known;
}

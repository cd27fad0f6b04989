/**
 * An encoder that does not embed the same text twice: what was asked a moment ago is kept in memory (the classify and
 * the answer stage read the same message), and what is learned from at every start is kept in a file (but not what an adapted
 * encoder learns from: nothing is learned on those at a start).
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import type { AdapterTensors, Embedding, Encoder } from './encoder.ts';

/** Embeddings of requests kept in memory: about 2 kB each. */
const RECENT_MAX = 512;
/** Learned texts kept on the disk. What is not asked for in a start is dropped at the next write. */
const KEPT_MAX = 100_000;
const DIGEST_BYTES = 16;

/** A digest, so that no text lies in memory or on the disk longer than its request. */
const digestOf = (text: string): string =>
  createHash('sha256').update(text).digest().subarray(0, DIGEST_BYTES).toString('hex');

export interface RememberingEncoder extends Encoder {
  /** Writes what `embedAll` was asked for. */
  keep(): Promise<void>;
}

/** To be raised when the way from tokens to a vector changes (windows, pooling): then kept vectors are others. */
const READING = 1;

/** @param folder where vectors are kept; one file for each encoder: engines differ in the last digits */
export async function createRememberingEncoder(inner: Encoder, folder: string): Promise<RememberingEncoder> {
  const engine = inner.engine.replaceAll(/[^\w]+/g, '-');
  const file = join(folder, `vectors-${inner.revision}-${engine}-${READING}.bin`);
  const recent = new LRUCache<string, Embedding>({ max: RECENT_MAX });
  const known = await read(file, inner.dimensions);
  const asked = new Map<string, Float32Array>();
  const vectorOf = (digest: string): Float32Array | undefined => known.get(digest) ?? asked.get(digest);
  // One memory for this encoder and all that are adapted from it, so that it is bounded whatever their number.
  const embedOnce = async (encoder: Encoder, text: string, signal?: AbortSignal): Promise<Embedding> => {
    const key = `${encoder.revision}-${digestOf(text)}`;
    const found = recent.get(key);
    if (found !== undefined) return found;
    const embedding = await encoder.embed(text, signal);
    recent.set(key, embedding);
    return embedding;
  };
  const withAdapter = (adapter: AdapterTensors): Encoder => {
    const adapted = inner.withAdapter?.(adapter);
    if (adapted === undefined) throw new Error('The encoder takes no adapters.');
    return {
      dimensions: adapted.dimensions,
      revision: adapted.revision,
      engine: adapted.engine,
      embed: (text, signal) => embedOnce(adapted, text, signal),
      embedAll: (texts, onProgress) => adapted.embedAll(texts, onProgress),
      close: () => adapted.close(),
    };
  };
  return {
    dimensions: inner.dimensions,
    revision: inner.revision,
    engine: inner.engine,
    close: () => inner.close(),
    embed: (text, signal) => embedOnce(inner, text, signal),
    ...(inner.withAdapter !== undefined && { withAdapter }),

    async embedAll(texts, onProgress) {
      const digests = texts.map(digestOf);
      // By digest, so that a text that stands there twice is embedded once and has one vector.
      const missing = new Map(
        digests.flatMap((digest, i) => (vectorOf(digest) === undefined ? [[digest, texts[i] ?? '']] : [])),
      );
      const before = texts.length - missing.size;
      const fresh = await inner.embedAll([...missing.values()], (done) => onProgress?.(before + done));
      const embedded = new Map([...missing.keys()].map((digest, i) => [digest, fresh[i]]));
      return digests.map((digest) => {
        const vector = vectorOf(digest);
        const embedding = vector === undefined ? embedded.get(digest) : kept(vector);
        if (embedding === undefined) throw new Error('The encoder returned too few vectors.');
        asked.set(digest, embedding.vector);
        return embedding;
      });
    },

    async keep() {
      // All that was asked for was in the file, and nothing else was.
      if (asked.size === known.size && [...asked.keys()].every((digest) => known.has(digest))) return;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const rows = [...asked].slice(0, KEPT_MAX);
      const pieces = rows.flatMap(([digest, vector]) => [
        Buffer.from(digest, 'hex'),
        Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength),
      ]);
      const draft = `${file}.${process.pid}`;
      await writeFile(draft, Buffer.concat(pieces), { mode: 0o600 });
      await rename(draft, file);
    },
  };
}

/** Short texts are read in one window; their count of tokens is not kept, as nobody who learns asks for it. */
const kept = (vector: Float32Array): Embedding => ({ vector, tokens: 0, windows: 1, truncated: false });

/** Rows of digest and vector. A file that is missing or of another shape counts as empty: it saves time, no more. */
async function read(file: string, dimensions: number): Promise<Map<string, Float32Array>> {
  const known = new Map<string, Float32Array>();
  const bytes = await readFile(file).catch(() => Buffer.alloc(0));
  const rowBytes = DIGEST_BYTES + dimensions * Float32Array.BYTES_PER_ELEMENT;
  if (bytes.length % rowBytes !== 0) return known;
  for (let at = 0; at < bytes.length; at += rowBytes) {
    const vector = new Float32Array(dimensions);
    Buffer.from(vector.buffer).set(bytes.subarray(at + DIGEST_BYTES, at + rowBytes));
    // A unit vector: what a disk or a crash has spoiled is not one.
    const norm = Math.hypot(...vector);
    if (Math.abs(norm - 1) < 1e-3) known.set(bytes.toString('hex', at, at + DIGEST_BYTES), vector);
  }
  return known;
}

/** Reads the weights of safetensors files (github.com/huggingface/safetensors, "Format"), one tensor at a time. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { decodeFloats, elementCount, isFloatKind, type NamedWeights } from './named-weights.ts';

/** Longest header, as in the format's own reader. Bytes. */
const HEADER_BYTES_MAX = 100_000_000;
const LENGTH_BYTES = 8;

interface Entry {
  readonly path: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Where it stands in the file. Bytes. */
  readonly start: number;
  readonly end: number;
}

/** A model in one file, or in several that hold different tensors. @throws Error naming what is wrong with a file */
export function readSafetensors(paths: readonly string[]): NamedWeights {
  const entries = new Map(paths.flatMap((path) => readHeader(path)));
  return {
    kind: 'safetensors file',
    names: new Set(entries.keys()),
    read(name) {
      const entry = entries.get(name);
      if (entry === undefined) throw new Error(`The safetensors file has no tensor ${name}.`);
      const { path, dtype, shape, start, end } = entry;
      if (!isFloatKind(dtype)) {
        throw new Error(`The tensor ${name} is stored as ${dtype}; F32, F16 or BF16 is needed.`);
      }
      const bytes = readAt(path, start, end - start);
      return { shape, data: decodeFloats(dtype, bytes, elementCount(shape), name) };
    },
  };
}

function readHeader(path: string): [string, Entry][] {
  const length = Number(new DataView(readAt(path, 0, LENGTH_BYTES).buffer).getBigUint64(0, true));
  if (length > HEADER_BYTES_MAX) throw new Error(`${path} is no safetensors file: its header is too long.`);
  const bytesInFile = withFile(path, (file) => fstatSync(file).size);
  const begin = LENGTH_BYTES + length;
  const header = parseHeader(path, readAt(path, LENGTH_BYTES, length));
  return Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => {
      const { dtype, shape, data_offsets: offsets } = { ...(value as Record<string, unknown>) };
      const isUsable =
        typeof dtype === 'string' && isWholeList(shape) && isWholeList(offsets) && offsets.length === 2;
      if (!isUsable) throw new Error(`${path} describes its tensor ${name} in no way that can be read.`);
      const [from = 0, to = 0] = offsets;
      const entry: Entry = { path, dtype, shape, start: begin + from, end: begin + to };
      if (entry.start > entry.end || entry.end > bytesInFile) {
        throw new Error(`${path} ends before its tensor ${name}: it is incomplete.`);
      }
      return [name, entry];
    });
}

function parseHeader(path: string, bytes: Uint8Array): object {
  try {
    const header: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof header === 'object' && header !== null) return header;
  } catch (cause) {
    throw new Error(`${path} is no safetensors file: its header is no JSON.`, { cause });
  }
  throw new Error(`${path} is no safetensors file: its header is no JSON object.`);
}

function isWholeList(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && each >= 0);
}

function readAt(path: string, position: number, length: number): Uint8Array<ArrayBuffer> {
  return withFile(path, (file) => {
    if (position + length > fstatSync(file).size) throw new Error(`${path} is incomplete.`);
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const count = readSync(file, bytes, done, length - done, position + done);
      if (count === 0) throw new Error(`${path} is incomplete.`);
      done += count;
    }
    return bytes;
  });
}

function withFile<Result>(path: string, use: (file: number) => Result): Result {
  const file = openSync(path, 'r');
  try {
    return use(file);
  } finally {
    closeSync(file);
  }
}

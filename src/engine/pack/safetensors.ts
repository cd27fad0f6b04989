/**
 * Reads a file of weights (github.com/huggingface/safetensors, "Format"): eight bytes that say how long the header is, a
 * JSON header, the tensors. Nothing of it is trusted: every length is checked before it is used.
 */

/** Longest header: some two hundred bytes for each of the most tensors. */
const HEADER_BYTES_MAX = 1_048_576;
const TENSORS_MAX = 4_096;
const RANK_MAX = 3;
const LENGTH_BYTES = 8;
/** The one name in a header that is no tensor's. */
export const METADATA = '__metadata__';
const ELEMENT_BYTES = { F32: 4, I8: 1, U8: 1 } as const;

/** A tensor where it lies in the file. */
export interface PackTensor {
  readonly name: string;
  readonly dtype: keyof typeof ELEMENT_BYTES;
  readonly shape: readonly number[];
  /** Little-endian, rows one behind the other; not aligned. */
  readonly data: Uint8Array;
}

/**
 * The tensors of a file, in the order they lie in. They must fill it: no byte belongs to two, and none to nobody.
 * @throws RangeError naming what is wrong
 */
export function readSafetensors(bytes: Uint8Array): PackTensor[] {
  const header = headerOf(bytes);
  const data = bytes.subarray(LENGTH_BYTES + header.length);
  const places = readHeader(header).toSorted((a, b) => a.start - b.start || a.end - b.end);
  let end = 0;
  for (const { name, start, end: next } of places) {
    if (start !== end) throw new RangeError(`its tensor ${name} does not begin where the one before it ends`);
    end = next;
  }
  if (end !== data.length) throw new RangeError('its tensors do not end where the file ends');
  return places.map(({ name, dtype, shape, start, end: stop }) => ({
    name,
    dtype,
    shape,
    data: data.subarray(start, stop),
  }));
}

/** What a file says of itself. @throws RangeError naming what is wrong */
export function readMetadata(bytes: Uint8Array): Readonly<Record<string, string>> {
  const metadata = parseHeader(headerOf(bytes)).header[METADATA] ?? {};
  const isUsable = isObject(metadata) && Object.values(metadata).every((value) => typeof value === 'string');
  if (!isUsable) throw new RangeError('its metadata are no texts');
  return metadata as Record<string, string>;
}

/** The header's bytes. */
function headerOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length < LENGTH_BYTES) throw new RangeError('it is too short for a header');
  const said = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (said > BigInt(Math.min(HEADER_BYTES_MAX, bytes.length - LENGTH_BYTES))) {
    throw new RangeError('its header is longer than the file, or than a header may be');
  }
  return bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + Number(said));
}

interface Place extends Omit<PackTensor, 'data'> {
  readonly start: number;
  readonly end: number;
}

function parseHeader(bytes: Uint8Array): { text: string; header: Record<string, unknown> } {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    header = JSON.parse(text);
  } catch {
    throw new RangeError('its header is no JSON');
  }
  if (!isObject(header)) throw new RangeError('its header is no JSON object');
  return { text, header };
}

function readHeader(bytes: Uint8Array): Place[] {
  const { text, header } = parseHeader(bytes);
  const entries = Object.entries(header).filter(([name]) => name !== METADATA);
  if (entries.length > TENSORS_MAX) throw new RangeError(`it has more than ${TENSORS_MAX} tensors`);
  // Of a name that stands there twice JSON.parse keeps the last one only.
  const described = text.split('"data_offsets"').length - 1;
  if (described !== entries.length) throw new RangeError('its header names a tensor twice');
  return entries.map(([name, entry]) => readEntry(name, entry));
}

function readEntry(name: string, entry: unknown): Place {
  const { dtype, shape, data_offsets: offsets } = isObject(entry) ? entry : {};
  const wrong = (what: string): RangeError => new RangeError(`its tensor ${JSON.stringify(name)} ${what}`);
  if (typeof dtype !== 'string' || !Object.hasOwn(ELEMENT_BYTES, dtype)) {
    throw wrong(`is none of ${Object.keys(ELEMENT_BYTES).join(', ')}`);
  }
  if (!isWholeList(shape) || shape.length < 1 || shape.length > RANK_MAX)
    throw wrong('has no usable `shape`');
  if (!isWholeList(offsets) || offsets.length !== 2) throw wrong('has no usable `data_offsets`');
  const [start = 0, end = 0] = offsets;
  const kind = dtype as keyof typeof ELEMENT_BYTES;
  // A product beyond 2^53 is not exact, but never as small as the length of a file.
  const bytes = shape.reduce((product, size) => product * size, ELEMENT_BYTES[kind]);
  if (bytes === 0 || end - start !== bytes) throw wrong('is not as long as its type and shape say');
  return { name, dtype: kind, shape, start, end };
}

function isWholeList(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && each >= 0);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

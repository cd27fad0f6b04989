/**
 * Intents that were learned beforehand, as a file: `intent.safetensors`. Its tensors are the head's numbers, its metadata
 * say the rest. It holds no message.
 */
import { createHash } from 'node:crypto';
import type { AdapterTensor, AdapterTensors } from '../../engine/encoder.ts';
import { type PackTensor, readMetadata, readSafetensors } from '../../engine/pack/safetensors.ts';
import { type StoredTensor, writeSafetensors } from '../../engine/pack/write-safetensors.ts';
import { fileFault } from '../labels/labels-file.ts';
import { type IntentHead, judgeIntent } from './intent.ts';

export const TRAINED_FILE = 'intent.safetensors';
/** Largest file: a thousand intents of the widest encoder. */
export const TRAINED_BYTES_MAX = 134_217_728;
/** Without an adapter, and with one: whoever knows none must not take the file for one without. */
const FORMAT = 'tiergate-intent-1';
const FORMAT_ADAPTED = 'tiergate-intent-2';
/** Two machines may differ in the last digits of an exponential. */
const PROBE_TOLERANCE = 1e-3;

export interface TrainedIntent {
  readonly names: readonly string[];
  readonly head: IntentHead;
  /** Stands between the encoder and the head; null: the head judges the encoder's own vectors. */
  readonly adapter: AdapterTensors | null;
  /** Revision of the encoder whose vectors it judges. */
  readonly encoder: string;
  /** Length of those vectors. */
  readonly dimensions: number;
  /** SHA-256 of the file. */
  readonly sha256: string;
}

/** Numbers, words and lists of numbers, however nested: what a head is made of. */
type Plain =
  | string
  | number
  | boolean
  | null
  | Float32Array
  | readonly Plain[]
  | { readonly [key: string]: Plain };

/** The file's bytes; the same head always gives the same. */
export function writeTrainedIntent(trained: Omit<TrainedIntent, 'sha256'>): Uint8Array {
  const { names, head, adapter, encoder, dimensions } = trained;
  const tensors: StoredTensor[] = (adapter ?? []).map(({ name, shape, values }) => ({
    name: `${ADAPTER}${name}`,
    dtype: 'F32',
    shape,
    bytes: bytesOf(values),
  }));
  const outline = JSON.stringify(takeOut(head as unknown as Plain, '', tensors));
  const { label, confidence, inScope } = judgeIntent(head, probe(dimensions));
  const metadata = {
    format: adapter === null ? FORMAT : FORMAT_ADAPTED,
    encoder,
    dimensions: String(dimensions),
    names: JSON.stringify(names),
    head: outline,
    probe: JSON.stringify([label, confidence, inScope]),
    sha256: digestOf(tensors.map(({ bytes }) => bytes)),
  };
  return writeSafetensors(tensors, metadata).bytes;
}

/** @throws LabelsError when the file is damaged, of another kind, or from another version of the mathematics */
export function readTrainedIntent(bytes: Uint8Array, file: string): TrainedIntent {
  try {
    return read(bytes);
  } catch (error) {
    const what = error instanceof RangeError ? error.message : 'it is not complete';
    throw fileFault(file, `These trained intents cannot be used: ${what}. Train them again.`);
  }
}

function read(bytes: Uint8Array): TrainedIntent {
  const metadata = readMetadata(bytes);
  if (metadata.format !== FORMAT && metadata.format !== FORMAT_ADAPTED)
    throw new RangeError('it is not a file of trained intents, or of another version');
  const tensors = readSafetensors(bytes);
  if (metadata.sha256 !== digestOf(tensors.map(({ data }) => data))) throw new RangeError('it is damaged');
  const isAdapters = ({ name }: PackTensor): boolean => name.startsWith(ADAPTER);
  const adapter = tensors.filter(isAdapters).map(
    ({ name, shape, data }): AdapterTensor => ({
      name: name.slice(ADAPTER.length),
      shape,
      values: floatsOf(data),
    }),
  );
  const floats = new Map(
    tensors.filter((tensor) => !isAdapters(tensor)).map(({ name, data }) => [name, floatsOf(data)]),
  );
  const names: unknown = JSON.parse(metadata.names ?? '');
  const dimensions = Number(metadata.dimensions);
  const isNamed = Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === 'string');
  if (!isNamed || !(dimensions >= 1 && dimensions <= 65_536))
    throw new RangeError('its metadata are not complete');
  const head = putBack(JSON.parse(metadata.head ?? ''), floats) as unknown as IntentHead;
  const judged = judgeIntent(head, probe(dimensions));
  const expected = JSON.parse(metadata.probe ?? '') as readonly number[];
  const isSame = [judged.label, judged.confidence, judged.inScope].every(
    (value, i) => Math.abs(value - (expected[i] ?? Number.NaN)) <= PROBE_TOLERANCE,
  );
  if (head.head.bias.length !== names.length) throw new RangeError('it has not a name for each intent');
  if (!isSame) {
    throw new RangeError('they were made by another version of tiergate, which judges otherwise');
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    names,
    head,
    adapter: metadata.format === FORMAT ? null : adapter,
    encoder: metadata.encoder ?? '',
    dimensions,
    sha256,
  };
}

/** What the names of an adapter's tensors begin with. */
const ADAPTER = 'adapter.';
/** What stands in the outline for a list of numbers: the name of its tensor; none, as a tensor cannot be empty. */
const TENSOR = '$tensor';

function takeOut(value: Plain, path: string, tensors: StoredTensor[]): Plain {
  if (value instanceof Float32Array) {
    if (value.length === 0) return { [TENSOR]: null };
    tensors.push({ name: path, dtype: 'F32', shape: [value.length], bytes: bytesOf(value) });
    return { [TENSOR]: path };
  }
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) throw new TypeError(`${path} is a list of numbers of another kind`);
  const below = (key: string): string => (path === '' ? key : `${path}.${key}`);
  if (isList(value)) return value.map((each, i) => takeOut(each, below(String(i)), tensors));
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, takeOut(each, below(key), tensors)]),
  );
}

function putBack(value: Plain, floats: ReadonlyMap<string, Float32Array>): Plain {
  if (typeof value !== 'object' || value === null || value instanceof Float32Array) return value;
  if (isList(value)) return value.map((each) => putBack(each, floats));
  const name = value[TENSOR];
  if (name === undefined) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, putBack(each, floats)]));
  }
  const found = name === null ? new Float32Array(0) : floats.get(String(name));
  if (found === undefined) throw new RangeError('a tensor is missing');
  return found;
}

const isList = (value: Plain): value is readonly Plain[] => Array.isArray(value);

function bytesOf(floats: Float32Array): Uint8Array {
  return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
}

/** A copy, as the file's bytes are not aligned. */
function floatsOf(data: Uint8Array): Float32Array {
  const floats = new Float32Array(data.length / Float32Array.BYTES_PER_ELEMENT);
  new Uint8Array(floats.buffer).set(data);
  return floats;
}

/** A unit vector like no message's, on which today's judgement is compared with that of the day of training. */
function probe(dimensions: number): Float32Array {
  return Float32Array.from({ length: dimensions }, (_, i) => Math.sin(i + 1) * Math.sqrt(2 / dimensions));
}

function digestOf(pieces: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}

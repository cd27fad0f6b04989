/** Writes safetensors: an 8-byte length, a JSON header, then the tensors without gaps. */

import { METADATA } from './safetensors.ts';

/** Where data begin: a multiple of this, so that they can be mapped into memory and read in whole vectors. Bytes. */
const DATA_ALIGNMENT = 64;
const LENGTH_BYTES = 8;

export interface StoredTensor {
  readonly name: string;
  readonly dtype: 'F32' | 'I8' | 'U8';
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export interface Safetensors {
  readonly bytes: Uint8Array;
  /** Where each tensor stands in the file. */
  readonly offsets: ReadonlyMap<string, number>;
}

/**
 * Floats go first, so that all of them stand at multiples of four. The same tensors always give the same bytes.
 * @param metadata what the file says of itself
 */
export function writeSafetensors(
  tensors: readonly StoredTensor[],
  metadata?: Readonly<Record<string, string>>,
): Safetensors {
  const ordered = [
    ...tensors.filter(({ dtype }) => dtype === 'F32'),
    ...tensors.filter(({ dtype }) => dtype !== 'F32'),
  ];
  let end = 0;
  const places = ordered.map((tensor) => {
    const start = end;
    end += tensor.bytes.length;
    return { ...tensor, start, end };
  });
  const entries = places.map(({ name, dtype, shape, start, end: stop }) => [
    name,
    { dtype, shape, data_offsets: [start, stop] },
  ]);
  const about = metadata === undefined ? [] : [[METADATA, metadata]];
  const json = Buffer.from(JSON.stringify(Object.fromEntries([...about, ...entries])));
  const begin = Math.ceil((LENGTH_BYTES + json.length) / DATA_ALIGNMENT) * DATA_ALIGNMENT;
  const bytes = Buffer.alloc(begin + end, ' ');
  bytes.writeBigUInt64LE(BigInt(begin - LENGTH_BYTES), 0);
  json.copy(bytes, LENGTH_BYTES);
  for (const place of places) bytes.set(place.bytes, begin + place.start);
  return { bytes, offsets: new Map(places.map(({ name, start }) => [name, begin + start])) };
}

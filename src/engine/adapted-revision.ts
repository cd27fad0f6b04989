import { createHash } from 'node:crypto';
import type { AdapterTensors } from './encoder.ts';

/**
 * Names what makes the vectors of an adapted encoder: the first 12 hex digits of a SHA-256 over the encoder's own revision
 * and over the adapter's tensors, in whatever order they come.
 */
export function adaptedRevision(revision: string, adapter: AdapterTensors): string {
  const hash = createHash('sha256').update(revision);
  for (const { name, shape, values } of adapter.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    hash.update(`\0${JSON.stringify([name, shape, values.length])}\0`);
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest('hex').slice(0, 12);
}

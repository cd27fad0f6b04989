/**
 * Collects what a server sends, within a bound.
 */
import { Buffer } from 'node:buffer';

/** The text of all bytes; undefined, and the connection closed, when there are more than `bytesMax`. */
export async function gather(
  bytes: AsyncIterable<Uint8Array>,
  bytesMax: number,
): Promise<string | undefined> {
  const pieces: Uint8Array[] = [];
  let total = 0;
  for await (const piece of bytes) {
    total += piece.length;
    if (total > bytesMax) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

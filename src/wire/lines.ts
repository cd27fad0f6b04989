/** Lines of a stream, one at a time. */

const NEWLINE = 0x0a;

/**
 * The lines of a stream of bytes, without their ends; null for one that is longer than `bytesMax`. It holds no more than
 * one line and one chunk.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  bytesMax: number,
): AsyncGenerator<Buffer | null> {
  let parts: Uint8Array[] = [];
  let length = 0;
  const take = (): Buffer | null => {
    const line = length > bytesMax ? null : Buffer.concat(parts);
    [parts, length] = [[], 0];
    return line;
  };
  const add = (part: Uint8Array): void => {
    length += part.length;
    if (length <= bytesMax) parts.push(part);
    else parts = [];
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    add(chunk.subarray(start));
  }
  if (length > 0) yield take();
}

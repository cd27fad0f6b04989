/** Standard output as a filter uses it: no faster than it is read, and without complaint when its reader leaves. */
import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Writes, and waits while nobody reads. */
export async function send(to: Writable, text: string): Promise<void> {
  if (text !== '' && !to.write(text)) await once(to, 'drain');
}

/** Resolves when whoever reads the output has had enough, as `head` does: that is no fault. */
export function readerIsGone(to: Writable): Promise<0> {
  return new Promise((resolve, reject) => {
    to.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') reject(error);
      process.stdin.destroy();
      resolve(0);
    });
  });
}

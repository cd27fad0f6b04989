/** Sees when files have changed that are taken over while the server runs. */
import { stat } from 'node:fs/promises';

export interface Watch {
  /** Tells one state of the files from another. */
  readonly state: () => Promise<string>;
  readonly intervalMs: number;
  /** Whether a state is another than the one that was taken over or refused. */
  readonly isNew: (state: string) => boolean;
  readonly reload: () => Promise<unknown>;
}

/**
 * Calls `reload` when the files are new and have been still for an interval, so that none is read half-written. It looks
 * instead of being told: that sees files renamed over, the symlinks that Kubernetes swaps, single files mounted into a
 * container and network file systems alike, and needs no inotify watch, of which a host can run out.
 * @returns ends it
 */
export function watch({ state, intervalMs, isNew, reload }: Watch): () => void {
  let before = '';
  let timer: NodeJS.Timeout;
  let stopped = false;
  const tick = async (): Promise<void> => {
    const now = await state();
    if (now === before && isNew(now) && !stopped) await reload();
    before = now;
    if (!stopped) schedule();
  };
  const schedule = (): void => {
    timer = setTimeout(tick, intervalMs).unref();
  };
  schedule();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** Tells one state of files from another, whatever links lead to them. */
export async function stateOf(files: readonly string[]): Promise<string> {
  const states = files.map(async (file) => {
    try {
      const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
      return [dev, ino, size, mtimeNs, ctimeNs].join('.');
    } catch (thrown) {
      return codeOf(thrown);
    }
  });
  return (await Promise.all(states)).join(' ');
}

/** The code of a failed operation, such as `ENOENT`. */
export function codeOf(thrown: unknown): string {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}

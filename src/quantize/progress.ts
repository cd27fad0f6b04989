/** A progress bar on stderr: drawn over itself on a terminal, one line per step elsewhere. */
const WIDTH = 24;

/** @returns call it with the number done; at `total` the line is finished */
export function progressBar(label: string, total: number): (done: number) => void {
  const live = process.stderr.isTTY === true;
  return (done) => {
    const filled = Math.round((WIDTH * Math.min(done, total)) / total);
    const line = `${label} [${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${done}/${total}`;
    if (live) process.stderr.write(`\r${line}${done >= total ? '\n' : ''}`);
    else if (done >= total) process.stderr.write(`${line}\n`);
  };
}

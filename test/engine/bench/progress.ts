/** A progress bar on stderr with the time that is left: drawn over itself on a terminal, one line elsewhere. */
const WIDTH = 32;

/** @returns call it after each of `total` steps */
export function progressBar(label: string, total: number): () => void {
  const live = process.stderr.isTTY === true;
  const began = performance.now();
  let done = 0;
  return () => {
    done += 1;
    const filled = Math.round((WIDTH * done) / total);
    const leftS = Math.ceil(((performance.now() - began) / 1000 / done) * (total - done));
    const line = `${label} [${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${done}/${total}, ${leftS} s left `;
    if (live) process.stderr.write(`\r${line}${done === total ? '\n' : ''}`);
    else if (done === total) process.stderr.write(`${line}\n`);
  };
}

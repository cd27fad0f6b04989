/** What the figures were measured on, and whether it was left alone. */
import { availableParallelism, cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 1000;
/** More than this disturbs. Cores. */
const OTHERS_MAX = 0.1;

export interface Machine {
  readonly description: string;
  /** How many cores other processes kept busy before the measurement began. */
  readonly others: number;
}

export async function lookAtMachine(): Promise<Machine> {
  const before = busyMs();
  await sleep(LOOK_MS);
  const others = (busyMs() - before) / LOOK_MS;
  if (others > OTHERS_MAX) {
    process.stderr.write(
      `Other processes keep ${others.toFixed(1)} cores of this machine busy: the figures will mean little.\n`,
    );
  }
  const cores = availableParallelism();
  return {
    description: `${cpus()[0]?.model ?? 'unknown processor'}, ${cores} cores, Node ${process.version}`,
    others,
  };
}

function busyMs(): number {
  return cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);
}

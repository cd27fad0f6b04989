/** How long one text takes, the engines taking turns, so that what slows the machine down slows all of them down. */
import { setTimeout as rest } from 'node:timers/promises';
import type { Contender, Engine } from './contender.ts';
import { median } from './quantile.ts';
import { textsOf } from './texts.ts';

export const LENGTHS = [16, 32, 64, 128, 256, 512];
const TEXTS = 16;
/** Texts in a turn: the first is not timed, it brings the engine's weights back into the processor's caches. */
const TURN = 4;
/** Between two turns: threads of the engine before that spin, waiting for more, have gone to sleep by then. */
const REST_MS = 30;

/** Median milliseconds by length, then by engine. */
export type Latencies = ReadonlyMap<number, ReadonlyMap<string, number>>;

export interface LatencyPlan {
  readonly threads: number;
  /** Turns of every engine at every length. */
  readonly rounds: number;
  readonly onStep: () => void;
}

/** Steps that `onStep` will be called for. */
export const latencySteps = (rounds: number): number => LENGTHS.length * rounds;

export async function measureLatencies(
  engines: readonly Engine[],
  { threads, rounds, onStep }: LatencyPlan,
): Promise<Latencies> {
  const contenders = new Map<string, Contender>();
  for (const engine of engines) contenders.set(engine.name, await engine.open({ threads, lanes: 1 }));
  const latencies = new Map<number, Map<string, number>>();
  for (const tokens of LENGTHS) {
    const texts = textsOf(tokens, TEXTS);
    const timesMs = new Map<string, number[]>(engines.map(({ name }) => [name, []]));
    for (let round = 0; round < rounds; round += 1) {
      // Whoever comes first in one round comes last in another.
      const order = engines.map((_, at) => engines[(at + round) % engines.length]?.name ?? '');
      for (const name of order) {
        const contender = contenders.get(name);
        await rest(REST_MS);
        for (let text = 0; text < TURN; text += 1) {
          const ids = texts[(round * TURN + text) % TEXTS] ?? new Int32Array();
          const began = performance.now();
          await contender?.encode(ids);
          if (text > 0) timesMs.get(name)?.push(performance.now() - began);
        }
      }
      onStep();
    }
    latencies.set(tokens, new Map([...timesMs].map(([name, times]) => [name, median(times)])));
  }
  for (const contender of contenders.values()) await contender.close();
  return latencies;
}

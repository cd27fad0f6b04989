/** Two texts at once on two cores, one thread each: throughput, and latency while the event loop serves streams. */
import type { Contender, Engine } from './contender.ts';
import { median, quantile } from './quantile.ts';
import { startStreams } from './streams.ts';
import { textsOf } from './texts.ts';

export const LANES = 2;
export const TOKENS = 64;
export const STREAMS = 200;
const TEXTS = 16;
const WARM_UP_MS = 100;

export interface Concurrency {
  readonly engine: string;
  /** Texts a second, one at a time. */
  readonly alonePerS: number;
  /** Texts a second, two at a time. */
  readonly togetherPerS: number;
  /** Two at a time, while the streams run. Milliseconds. */
  readonly busyP50Ms: number;
  readonly busyP99Ms: number;
  /** Share of the time in which the event loop had work meanwhile. */
  readonly loopBusy: number;
}

export interface ConcurrencyPlan {
  /** Of each of the three measurements, in slices between which the engines take turns. */
  readonly slices: number;
  readonly sliceMs: number;
  readonly onStep: () => void;
}

export const concurrencySteps = (engines: number, slices: number): number => engines * slices;

export async function measureConcurrency(
  engines: readonly Engine[],
  { slices, sliceMs, onStep }: ConcurrencyPlan,
): Promise<Concurrency[]> {
  const runs = engines.map(({ name }) => ({
    name,
    alone: [] as number[],
    together: [] as number[],
    busyMs: [] as number[],
    loopBusy: [] as number[],
  }));
  for (let slice = 0; slice < slices; slice += 1) {
    for (const [at, engine] of engines.entries()) {
      const run = runs[at];
      if (run === undefined) continue;
      const contender = await engine.open({ threads: 1, lanes: LANES });
      await drive(contender, LANES, WARM_UP_MS);
      run.alone.push(rate(await drive(contender, 1, sliceMs)));
      run.together.push(rate(await drive(contender, LANES, sliceMs)));
      const streams = startStreams(STREAMS);
      await drive(contender, LANES, WARM_UP_MS);
      const before = performance.eventLoopUtilization();
      run.busyMs.push(...(await drive(contender, LANES, sliceMs)).timesMs);
      run.loopBusy.push(performance.eventLoopUtilization(before).utilization);
      streams.stop();
      await contender.close();
      onStep();
    }
  }
  return runs.map(({ name, alone, together, busyMs, loopBusy }) => ({
    engine: name,
    alonePerS: median(alone),
    togetherPerS: median(together),
    busyP50Ms: median(busyMs),
    busyP99Ms: quantile(busyMs, 0.99),
    loopBusy: median(loopBusy),
  }));
}

interface Driven {
  readonly timesMs: number[];
  readonly tookMs: number;
}
const rate = ({ timesMs, tookMs }: Driven): number => (1000 * timesMs.length) / tookMs;

/** Keeps `lanes` texts under way for so long. */
async function drive(contender: Contender, lanes: number, durationMs: number): Promise<Driven> {
  const texts = textsOf(TOKENS, TEXTS);
  const timesMs: number[] = [];
  const began = performance.now();
  const lane = async (): Promise<void> => {
    while (performance.now() - began < durationMs) {
      const at = performance.now();
      await contender.encode(texts[timesMs.length % TEXTS] ?? new Int32Array());
      timesMs.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { timesMs, tookMs: performance.now() - began };
}

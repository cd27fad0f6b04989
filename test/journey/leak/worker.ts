/** A process of `leak.bench.ts`: a whole gateway and its provider; sends the conversations that it is told to. */
import { Writable } from 'node:stream';
import { createLog } from '../../../src/record/log.ts';
import { startGateway } from '../start.ts';
import { FAULTS } from './faults.ts';
import { startRecordingProvider } from './provider.ts';
import { send } from './send.ts';
import { added, NONE, type Tally } from './tally.ts';
import { trialOf } from './trial.ts';

/** Seeds, one after the other. */
export interface Block {
  readonly from: number;
  readonly count: number;
}

export interface Report {
  readonly tally: Tally;
  /** With the seed of each; hold no value. */
  readonly complaints: readonly string[];
}

/** Conversations under way at a time. */
const AT_ONCE = 8;
/** One conversation in so many meets a broken part. */
const FAULT_EVERY = 8;

const provider = await startRecordingProvider();
// Logged and traced as ever, but not kept: a million of it would fill the memory.
const nowhere = new Writable({ write: (_piece, _encoding, done) => done() });
const tiergate = await startGateway(
  provider.provider,
  // What is late here is late because of all that runs beside it; waits that end are among the faults.
  { TIERGATE_ENGINE_THREADS: '1', TIERGATE_DETECT_WAIT_MS_MAX: '30000', TIERGATE_GUARD_WORK_MS_MAX: '10000' },
  { log: createLog({ level: 'debug', to: nowhere }), spanProcessors: [] },
);
const broken = await Promise.all(
  FAULTS.map(async (fault) => ({ ...fault, server: await tiergate.serve(fault.change) })),
);

async function one(seed: number): Promise<Report> {
  const fault = seed % FAULT_EVERY === 0 ? broken[(seed / FAULT_EVERY) % broken.length] : undefined;
  const trial = trialOf(seed);
  const door = { url: fault?.server.url ?? tiergate.url, key: tiergate.key };
  const { status, complaints, hasLeft, planted } = await send(trial, door, provider, fault === undefined);
  const inSpite = fault?.mayLeave === false && hasLeft ? [`left in spite of ${fault.name}`] : [];
  const all = [...complaints, ...inSpite];
  const tally = {
    ...NONE,
    conversations: 1,
    answered: status === 200 ? 1 : 0,
    planted,
    faults: fault === undefined ? 0 : 1,
    failures: trial.failure === undefined ? 0 : 1,
    wrong: all.length > 0 ? 1 : 0,
  };
  const where = fault === undefined ? `seed ${seed}` : `seed ${seed} (${fault.name})`;
  return { tally, complaints: all.length === 0 ? [] : [`${where}: ${all.join('; ')}`] };
}

async function sendAll({ from, count }: Block): Promise<Report> {
  const before = { ...provider.counts };
  const complaints: string[] = [];
  let tally = NONE;
  let next = from;
  const lane = async (): Promise<void> => {
    while (next < from + count) {
      const report = await one(next++);
      tally = added(tally, report.tally);
      complaints.push(...report.complaints);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  const strangers = provider.strangers.splice(0).length;
  if (strangers > 0) complaints.push(`seeds ${from} to ${from + count - 1}: ${strangers} that nobody sent`);
  const { requests, cuts } = provider.counts;
  const more = { ...NONE, requests: requests - before.requests, cuts: cuts - before.cuts, wrong: strangers };
  return { tally: added(tally, more), complaints };
}

process.on('message', async (block: Block) => {
  process.send?.(await sendAll(block));
});
process.once('disconnect', async () => {
  for (const { server } of broken) await server.close();
  await tiergate.close();
  await provider.close();
});
// A stop from the keyboard goes to all processes; what is under way is counted first.
process.on('SIGINT', () => undefined);
process.send?.('ready');

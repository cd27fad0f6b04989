/**
 * `npm run bench:leak`: a million conversations, by chance, through a whole gateway to a provider that keeps every byte.
 * No planted value may be in them, in any encoding, and every answer must come back as it was written. In some, a
 * detector or the provider fails; then nothing may leave, or nothing planted.
 *
 *   npm run bench:leak -- [--conversations 1000000] [--from 1] [--at-once 8]
 *
 *   --conversations  how many
 *   --from           the seed of the first; a complaint names its seed, and `--from SEED --conversations 1` repeats it
 *   --at-once        how many are under way at a time
 */
import { parseArgs } from 'node:util';
import { startGateway } from '../start.ts';
import { FAULTS } from './faults.ts';
import { startRecordingProvider } from './provider.ts';
import { type Door, send } from './send.ts';
import { trialOf } from './trial.ts';

const COMPLAINTS_SHOWN_MAX = 50;
/** One conversation in so many meets a fault. */
const FAULT_EVERY = 8;
const TOLD_EVERY_MS = 10_000;

const { values } = parseArgs({
  options: {
    conversations: { type: 'string', default: '1000000' },
    from: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '8' },
  },
});

const tell = (sentence: string): void => void process.stderr.write(`${sentence}\n`);

async function run(): Promise<void> {
  const [count, from, atOnce] = [values.conversations, values.from, values['at-once']].map(Number) as [
    number,
    number,
    number,
  ];
  const provider = await startRecordingProvider();
  const tiergate = await startGateway(provider.provider, { TIERGATE_LOG_LEVEL: 'error' });
  const broken = await Promise.all(
    FAULTS.map(async (fault) => ({ ...fault, server: await tiergate.serve(fault.change) })),
  );
  const tally = { done: 0, left: 0, answered: 0, wrong: 0 };
  let next = from;
  let toldMs = performance.now();

  async function one(seed: number): Promise<void> {
    const fault = seed % FAULT_EVERY === 0 ? broken[(seed / FAULT_EVERY) % broken.length] : undefined;
    const door: Door = { url: fault?.server.url ?? tiergate.url, key: tiergate.key };
    const { status, complaints, hasLeft } = await send(trialOf(seed), door, provider, fault === undefined);
    const all =
      fault?.mayLeave === false && hasLeft ? [...complaints, `left in spite of ${fault.name}`] : complaints;
    tally.done += 1;
    if (hasLeft) tally.left += 1;
    if (status === 200) tally.answered += 1;
    if (all.length > 0 && tally.wrong++ < COMPLAINTS_SHOWN_MAX)
      tell(`seed ${seed}${fault === undefined ? '' : ` (${fault.name})`}: ${all.join('; ')}`);
  }

  async function worker(): Promise<void> {
    while (next < from + count) {
      await one(next++);
      if (performance.now() - toldMs < TOLD_EVERY_MS) continue;
      toldMs = performance.now();
      tell(`${tally.done} of ${count}, ${tally.wrong} wrong`);
    }
  }

  const startMs = performance.now();
  await Promise.all(Array.from({ length: atOnce }, worker));
  const seconds = (performance.now() - startMs) / 1_000;
  for (const { server } of broken) await server.close();
  await tiergate.close();
  await provider.close();
  process.stdout.write(
    `${tally.done} conversations in ${seconds.toFixed(0)} s; ${tally.left} reached the provider, ${tally.answered} were answered; ${tally.wrong} wrong, ${provider.strangers.length} requests that nobody sent.\n`,
  );
  if (tally.wrong > 0 || provider.strangers.length > 0) process.exitCode = 1;
}

await run();

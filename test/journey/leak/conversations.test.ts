/**
 * Conversations of every kind through the whole gateway: nothing that was planted leaves, in no encoding, and every answer
 * comes back as it would have been without us. `npm run bench:leak` sends a million.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { startGateway, type TestGateway } from '../start.ts';
import { SURFACES } from './conversation.ts';
import { type RecordingProvider, startRecordingProvider } from './provider.ts';
import { send } from './send.ts';
import { anyTrial } from './trial.ts';

const RUNS = 200;

let provider: RecordingProvider;
let tiergate: TestGateway;
beforeAll(async () => {
  provider = await startRecordingProvider();
  tiergate = await startGateway(provider.provider, { TIERGATE_LOG_LEVEL: 'error' });
}, 60_000);
afterAll(async () => {
  await tiergate?.close();
  await provider.close();
});

test('any conversation', async () => {
  let left = 0;
  await fc.assert(
    fc.asyncProperty(anyTrial, async (trial) => {
      const { complaints, hasLeft } = await send(trial, tiergate, provider);
      expect(complaints).toEqual([]);
      if (hasLeft) left += 1;
    }),
    { numRuns: RUNS, seed: 20_261_120 },
  );
  expect(left).toBeGreaterThan(RUNS * 0.95);
  expect(provider.strangers).toEqual([]);
}, 60_000);

test.each(SURFACES)('%s alone', async (surface) => {
  for (let seed = 1; seed <= 4; seed += 1) {
    const trial = { seed, surfaces: [surface], answer: 'content', isStream: seed % 2 === 0, cut: 5 } as const;
    expect((await send(trial, tiergate, provider)).complaints).toEqual([]);
  }
});

test.each(['content', 'JSON content', 'tool call', 'choices', 'reasoning'] as const)(
  'a stream of single characters: %s',
  async (answer) => {
    const trial = { seed: 77, surfaces: [...SURFACES], answer, isStream: true, cut: 1 };
    expect((await send(trial, tiergate, provider)).complaints).toEqual([]);
  },
);

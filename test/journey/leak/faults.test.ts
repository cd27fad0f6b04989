/** When a part fails, nothing leaves; when the provider fails, nothing that was planted has left. */
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { seeded } from '../../../eval/reading/random.ts';
import { FAMILIES } from '../../../src/detect/structured.ts';
import { startGateway, type TestGateway } from '../start.ts';
import { conversationOf, FAILURES, SURFACES, type Trial } from './conversation.ts';
import { FAULTS } from './faults.ts';
import { type RecordingProvider, startRecordingProvider } from './provider.ts';
import { send } from './send.ts';
import { trialOf } from './trial.ts';
import { Leftovers, planted } from './values.ts';

let provider: RecordingProvider;
let tiergate: TestGateway;
beforeAll(async () => {
  provider = await startRecordingProvider();
  tiergate = await startGateway(provider.provider, {
    TIERGATE_LOG_LEVEL: 'error',
    TIERGATE_FIRST_BYTE_WAIT_MS_MAX: '300',
    TIERGATE_IDLE_WAIT_MS_MAX: '300',
  });
}, 60_000);
afterAll(async () => {
  await tiergate?.close();
  await provider.close();
});
afterEach(() => {
  jest.restoreAllMocks();
});

const everything = (seed: number): Trial => ({
  seed,
  surfaces: [...SURFACES],
  answer: 'content',
  isStream: seed % 2 === 0,
  cut: 7,
});

describe.each(FAULTS)('$name', ({ change, mayLeave, status = 500 }) => {
  test('nothing planted leaves', async () => {
    const server = await tiergate.serve(change);
    const door = { url: server.url, key: tiergate.key };
    const sent = [];
    try {
      for (let seed = 1; seed <= 6; seed += 1) {
        sent.push(await send(seed < 3 ? everything(seed) : trialOf(seed), door, provider, false));
      }
    } finally {
      await server.close();
    }
    expect(sent.flatMap(({ complaints }) => complaints)).toEqual([]);
    if (!mayLeave) {
      expect(sent.map(({ hasLeft }) => hasLeft)).not.toContain(true);
      expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([status]));
    }
  });
});

describe.each(FAMILIES)('the detector of $name', (family) => {
  test('throws: nothing leaves', async () => {
    const find = jest.spyOn(family, 'find').mockImplementation(() => {
      throw new Error('broken');
    });
    const sent = await send(everything(5), tiergate, provider, false);
    expect(find).toHaveBeenCalled();
    expect(sent).toMatchObject({ status: 500, complaints: [], hasLeft: false });
  });
});

describe.each(FAILURES)('a provider that fails: %s', (failure) => {
  test.each([false, true])('stream: %s', async (isStream) => {
    const trial = { ...everything(9), isStream, failure };
    expect((await send(trial, tiergate, provider)).complaints).toEqual([]);
  });
});

test('more values than can be kept: nothing leaves', async () => {
  const { body } = conversationOf(everything(11));
  const mails = Array.from({ length: 5_001 }, (_, at) => `person.${at}@brightlane.io`).join(' ');
  const response = await tiergate.post('/v1/chat/completions', { ...body, filler: mails });
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(provider.take(11)).toBe('');
  expect(provider.strangers).toEqual([]);
});

test('an application that goes away while it is searched: nothing leaves', async () => {
  const begun = Promise.withResolvers<void>();
  const server = await tiergate.serve((parts) => ({
    ...parts,
    stages: {
      ...parts.stages,
      detect: (_body, _rules, signal) => {
        begun.resolve();
        return new Promise((_done, fail) => signal?.addEventListener('abort', () => fail(signal.reason)));
      },
    },
  }));
  const gone = new AbortController();
  const asked = fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tiergate.key}` },
    body: JSON.stringify(conversationOf(everything(12)).body),
    signal: gone.signal,
  });
  await begun.promise;
  gone.abort();
  await expect(asked).rejects.toThrow();
  await server.close();
  expect(provider.strangers).toEqual([]);
});

describe('what is looked for', () => {
  test.each(Array.from({ length: 20 }, (_, at) => at))('value %i is found in every form', (seed) => {
    const value = planted(seeded(`forms ${seed}`));
    const bytes = Buffer.from(`ab${value}`);
    const forms = [
      value,
      JSON.stringify({ a: value }),
      encodeURIComponent(value),
      bytes.toString('hex'),
      bytes.toString('base64'),
      `x${[...value].reverse().join('')}`,
      [...value].join('-'),
    ];
    expect(forms.map((form) => new Leftovers(`{"sent":"${form}"}`).formsOf(value).length > 0)).not.toContain(
      false,
    );
    expect(new Leftovers('{"sent":"[EMAIL_ADDRESS_7Q2M9XBK]"}').formsOf(value)).toEqual([]);
  });
});

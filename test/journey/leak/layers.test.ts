/**
 * Each layer holds what the one before it lets through; where that is gone too, the same conversations leak, and the same
 * check tells it: a test that cannot fail would prove nothing.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startGateway, type TestGateway } from '../start.ts';
import { ANSWERS, SURFACES, type Trial } from './conversation.ts';
import { type Layer, without } from './layers.ts';
import { type RecordingProvider, startRecordingProvider } from './provider.ts';
import { type Sent, send } from './send.ts';

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

const TRIALS: readonly Trial[] = Array.from({ length: 10 }, (_, at) => ({
  seed: 1_000 + at,
  surfaces: SURFACES.filter((_surface, which) => which % 2 === at % 2),
  answer: ANSWERS[at % ANSWERS.length] ?? 'content',
  isStream: at % 3 === 0,
  cut: 7,
}));

/** What comes of the trials with these layers taken out. */
async function sentWithout(layers: readonly Layer[], guardWaitMsMax?: number): Promise<Sent[]> {
  const layered = without(layers, provider.url, guardWaitMsMax);
  const server = await tiergate.serve(layered.change);
  try {
    const sent: Sent[] = [];
    for (const trial of TRIALS) {
      // What an earlier test explained must not help this one.
      const conversation = `without-${layers.join('-')}-${trial.seed}-${guardWaitMsMax}`;
      sent.push(await send(trial, { url: server.url, key: tiergate.key, conversation }, provider));
    }
    return sent;
  } finally {
    await server.close();
    await layered.close();
  }
}

const hasLeaked = ({ complaints }: Sent): boolean =>
  complaints.some((complaint) => complaint.includes(' left, '));

test('with every layer, all is well', async () => {
  expect((await sentWithout([])).flatMap(({ complaints }) => complaints)).toEqual([]);
});

describe('with one layer out, the next one holds', () => {
  test.each<[string, readonly Layer[]]>([
    ['nothing is found: the guard knows the kinds', ['detect']],
    ['nothing is replaced: the guard knows the values', ['redact', 'kinds']],
    ['nothing is replaced: the guard knows the kinds', ['redact', 'values']],
  ])('%s', async (_name, layers) => {
    const sent = await sentWithout(layers);
    expect(sent.filter(hasLeaked)).toEqual([]);
    expect(sent.map(({ hasLeft }) => hasLeft)).not.toContain(true);
    expect(sent.map(({ status }) => status)).not.toContain(200);
  });

  test('without the guard, nothing is left for it to hold', async () => {
    expect((await sentWithout(['values', 'kinds'])).flatMap(({ complaints }) => complaints)).toEqual([]);
  });

  test('a guard that has no time lets nothing through', async () => {
    const sent = await sentWithout([], 0);
    expect(sent.map(({ hasLeft }) => hasLeft)).not.toContain(true);
  });
});

describe('with the next one out as well, the test tells it', () => {
  test.each<[string, readonly Layer[]]>([
    ['nothing is found, and the guard does not look for kinds', ['detect', 'kinds']],
    ['nothing is replaced, and the guard does not look', ['redact', 'values', 'kinds']],
  ])('%s', async (_name, layers) => {
    const sent = await sentWithout(layers);
    expect(sent.filter(hasLeaked)).toHaveLength(TRIALS.length);
  });

  test('nothing is put back: the answers are not what was written', async () => {
    const sent = await sentWithout(['restore']);
    expect(sent.filter(hasLeaked)).toEqual([]);
    const differing = sent.filter(({ complaints }) =>
      complaints.some((complaint) => complaint.startsWith('choice')),
    );
    expect(differing.length).toBeGreaterThan(TRIALS.length / 2);
  });
});

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createEscalate } from '../../src/escalate/escalate.ts';
import type { RedactedInquiry } from '../../src/shapes.ts';
import { guarded } from '../../src/upstream/guard.ts';
import type { Provider } from '../../src/upstream/providers.ts';
import { rehearse } from '../../src/upstream/rehearsal.ts';
import { createHttpTransport, type HttpTransport } from '../../src/upstream/transport.ts';
import { answering, egressTo, type FakeProvider, json, startFakeProvider } from '../fake-provider.ts';

const LIMITS = { firstByteWaitMsMax: 2_000, idleWaitMsMax: 2_000, answerBytesMax: 100_000, attemptsMax: 1 };
let first: FakeProvider;
let second: FakeProvider;
let http: HttpTransport;

beforeEach(async () => {
  [first, second] = [await startFakeProvider(answering('one')), await startFakeProvider(answering('two'))];
  http = createHttpTransport({ connectWaitMsMax: 1_000, egress: egressTo(first.url, second.url) });
});
afterEach(async () => {
  await Promise.all([http.close(), first.close(), second.close()]);
});

function provider(name: string, baseUrl: string, format: Provider['format'] = 'openai'): Provider {
  return {
    name,
    format,
    baseUrl,
    apiKey: undefined,
    models: [`${name}-small`, `${name}-big`],
    listsModels: false,
    restores: format !== 'rehearsal',
  };
}
function inquiry(more: Partial<RedactedInquiry> = {}): RedactedInquiry {
  const body = {
    model: 'tiergate-auto',
    messages: [{ role: 'user', content: 'hi' }],
    stream: more.stream === true,
  };
  return {
    requestId: 'r',
    model: 'tiergate-auto',
    stream: false,
    body,
    forbidden: [],
    ...more,
  } as RedactedInquiry;
}
function escalate(models: readonly string[], more: Partial<RedactedInquiry> = {}) {
  const egress = egressTo(first.url, second.url);
  const guard = { search: () => [], egress, workMsMax: 1_000, onBlocked: () => undefined };
  const stage = createEscalate(
    () => [provider('a', first.url), provider('b', second.url)],
    { http: guarded(http.post, guard), rehearsal: rehearse },
    LIMITS,
  );
  return stage(inquiry(more), models, {
    open: () => ({ headers: {}, end: () => undefined }),
    signal: new AbortController().signal,
  });
}
const modelSent = (fake: FakeProvider) =>
  fake.received.map(({ body }) => (JSON.parse(body) as { model: string }).model);

describe('escalate', () => {
  test('asks the models in the order of the policy, and falls back when one fails', async () => {
    first.behave(json(503, {}));
    const { answer } = await escalate(['a/a-big', 'b/b-small']);
    expect(answer).toMatchObject({
      tier: 'cloud',
      provider: 'b',
      model: 'b-small',
      attempts: 2,
      form: 'whole',
    });
    expect([modelSent(first), modelSent(second)]).toEqual([['a-big'], ['b-small']]);
  });

  test('does not ask a second model what the first called invalid', async () => {
    first.behave(json(400, { error: { code: 'context_length_exceeded' } }));
    await expect(escalate(['a/a-big', 'b/b-small'])).rejects.toMatchObject({
      code: 'escalate_rejected',
      param: 'context_length_exceeded',
    });
    expect(second.received).toEqual([]);
  });

  test('without models of the policy asks the one that the application named, else the default', async () => {
    await escalate([], { model: 'b-big' });
    await escalate([]);
    expect([modelSent(second), modelSent(first)]).toEqual([['b-big'], ['a-small']]);
  });

  test('a model that nobody serves is a fault of the policy', async () => {
    await expect(escalate(['c/nothing'])).rejects.toMatchObject({ code: 'escalate_no_provider' });
  });

  test('when all fail, the last failure is told', async () => {
    first.behave(json(503, {}));
    second.behave(json(429, {}));
    await expect(escalate(['a', 'b'])).rejects.toMatchObject({ code: 'escalate_rate_limited' });
  });

  test('what the guard stops is not tried elsewhere', async () => {
    await expect(escalate(['a', 'b'], { forbidden: ['"hi"'] })).rejects.toMatchObject({
      code: 'escalate_blocked',
    });
    expect([...first.received, ...second.received]).toEqual([]);
  });
});

describe('the rehearsal', () => {
  const stage = createEscalate(
    () => [provider('rehearsal', 'rehearsal:', 'rehearsal')],
    { http: () => Promise.reject(new Error('HTTP')), rehearsal: rehearse },
    LIMITS,
  );
  const context = {
    open: () => ({ headers: {}, end: () => undefined }),
    signal: new AbortController().signal,
  };

  test('answers with the body that would have left, whatever model the policy names', async () => {
    const { answer, restores } = await stage(inquiry(), ['openai/gpt'], context);
    expect(restores).toBe(false);
    expect(answer.form === 'whole' && JSON.stringify(answer.completion)).toContain('\\"content\\": \\"hi\\"');
  });

  test('streams, too', async () => {
    const { answer } = await stage(
      inquiry({ stream: true, body: { stream: true, messages: [] } }),
      [],
      context,
    );
    const chunks = answer.form === 'stream' ? await Array.fromAsync(answer.chunks) : [];
    expect(chunks.length).toBeGreaterThan(3);
    expect(JSON.stringify(chunks.at(-1))).toContain('total_tokens');
  });
});

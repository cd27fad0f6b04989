import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { metrics, SpanKind, SpanStatusCode, trace as traceApi } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { TiergateError } from '../../src/errors.ts';
import { readPrice } from '../../src/record/metrics.ts';
import {
  otlpSignals,
  startTelemetry,
  type Telemetry,
  type TelemetryOptions,
} from '../../src/record/telemetry.ts';
import type { JourneyRecord } from '../../src/shapes.ts';
import { journeyRecord } from './journey-record.ts';

const ROUTE = '/v1/chat/completions';
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const running: Telemetry[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((telemetry) => telemetry.close()));
});

function start(options: Partial<TelemetryOptions> = {}): Telemetry {
  const telemetry = startTelemetry({ otlp: { traces: false, metrics: false }, ...options });
  running.push(telemetry);
  return telemetry;
}
function recording() {
  const exporter = new InMemorySpanExporter();
  const telemetry = start({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  return { telemetry, spans: () => exporter.getFinishedSpans(), exporter };
}
/** What GET /metrics answers. */
async function scrape({ metricsHandler }: Telemetry): Promise<string> {
  const server = createServer(metricsHandler);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  try {
    return await (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`)).text();
  } finally {
    await new Promise((resolve) => void server.close(resolve));
  }
}
const failing = () => {
  throw new Error('canary-4711 jane@example.com');
};

describe('a request’s trace', () => {
  test('has a SERVER span, one span a stage, and a CLIENT span for the cloud model', async () => {
    const { telemetry, spans } = recording();
    const trace = telemetry.begin({ route: ROUTE, traceparent: undefined });
    await trace.stage('authenticate', () => 1);
    await trace.stage('escalate', async () => {
      const call = trace.call({ provider: 'openai', model: 'gpt-5', serverAddress: 'api.openai.com' });
      call.end({
        model: 'gpt-5-mini',
        responseModel: 'gpt-5-mini-2025',
        usage: { inputTokens: 3, outputTokens: 4 },
      });
    });
    trace.end(journeyRecord({}));
    const [authenticate, call, escalate, root] = spans();
    expect(spans().map(({ name, kind }) => [name, kind])).toEqual([
      ['authenticate', SpanKind.INTERNAL],
      ['chat gpt-5-mini', SpanKind.CLIENT],
      ['escalate', SpanKind.INTERNAL],
      [`POST ${ROUTE}`, SpanKind.SERVER],
    ]);
    expect(authenticate?.parentSpanContext?.spanId).toBe(root?.spanContext().spanId);
    expect(escalate?.parentSpanContext?.spanId).toBe(root?.spanContext().spanId);
    expect(call?.parentSpanContext?.spanId).toBe(escalate?.spanContext().spanId);
    expect(new Set(spans().map((span) => span.spanContext().traceId))).toEqual(new Set([trace.traceId]));
    expect(call?.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-5-mini',
      'gen_ai.response.model': 'gpt-5-mini-2025',
      'gen_ai.usage.input_tokens': 3,
      'gen_ai.usage.output_tokens': 4,
      'server.address': 'api.openai.com',
    });
    expect(root?.attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.route': ROUTE,
      'http.response.status_code': 200,
      'tiergate.tier': 'cloud',
      'tiergate.rule': 'hard-questions',
      'tiergate.intent': 'refund_status',
      'tiergate.confidence': 0.93,
      'tiergate.policy.revision': 'abcdef012345',
      'tiergate.redacted': 2,
    });
    expect(root?.resource.attributes['service.name']).toBe('tiergate');
  });

  test('continues that of the application, and goes on upstream', async () => {
    const { telemetry, spans } = recording();
    const trace = telemetry.begin({ route: ROUTE, traceparent: TRACEPARENT });
    const call = trace.call({ provider: 'p', model: 'm' });
    call.end();
    trace.end(journeyRecord({}));
    const [client, root] = spans();
    expect(trace.traceId).toBe('0af7651916cd43dd8448eb211c80319c');
    expect(root?.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
    expect(call.headers).toEqual({ traceparent: `00-${trace.traceId}-${client?.spanContext().spanId}-01` });
  });

  test('that the application does not sample is not recorded, and its id is kept', async () => {
    const { telemetry, spans } = recording();
    const trace = telemetry.begin({ route: ROUTE, traceparent: TRACEPARENT.replace(/01$/, '00') });
    await trace.stage('detect', () => 1);
    const { headers } = trace.call({ provider: 'p', model: 'm' });
    trace.end(journeyRecord({}));
    expect(spans()).toEqual([]);
    expect(headers.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-00$/);
  });

  test.each(['', 'x', '00-00000000000000000000000000000000-b7ad6b7169203331-01', `${TRACEPARENT}\r\nx: y`])(
    'begins anew when the header is %j',
    (traceparent) => {
      const trace = start().begin({ route: ROUTE, traceparent });
      expect(trace.traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(trace.traceId).not.toMatch(/^0+$|^0af7/);
    },
  );

  test('without an exporter passes on what came, and makes ids of its own otherwise', () => {
    const telemetry = start();
    const with_ = telemetry.begin({ route: ROUTE, traceparent: TRACEPARENT });
    expect(with_.call({ provider: 'p', model: 'm' }).headers).toEqual({ traceparent: TRACEPARENT });
    const without = telemetry.begin({ route: ROUTE, traceparent: undefined });
    const { traceparent } = without.call({ provider: 'p', model: 'm' }).headers;
    expect(traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(traceparent).toContain(without.traceId);
    expect(telemetry.begin({ route: ROUTE, traceparent: undefined }).traceId).not.toBe(without.traceId);
  });

  test('gives the stages’ durations, those of a stage that ran twice added up', async () => {
    const trace = start().begin({ route: ROUTE, traceparent: undefined });
    const pause = () => new Promise((resolve) => setTimeout(resolve, 6));
    await trace.stage('decide', pause);
    const once = trace.durationsMs.decide ?? 0;
    await trace.stage('decide', pause);
    expect(once).toBeGreaterThan(4);
    expect(trace.durationsMs.decide).toBeGreaterThan(once + 4);
    expect(await trace.stage('answer', () => 'result')).toBe('result');
  });

  test('leaves no global tracer or meter behind, and two gateways share nothing', async () => {
    const [one, two] = [recording(), recording()];
    one.telemetry.begin({ route: ROUTE, traceparent: undefined }).end(journeyRecord({}));
    expect(one.spans()).toHaveLength(1);
    expect(two.spans()).toHaveLength(0);
    expect(await scrape(one.telemetry)).toContain('tiergate_requests_total{');
    expect(await scrape(two.telemetry)).not.toContain('tiergate_requests_total{');
    expect(traceApi.getTracer('x').startSpan('y').isRecording()).toBe(false);
    expect(metrics.getMeterProvider().constructor.name).toMatch(/Noop/);
  });
});

describe('a failure', () => {
  test('is in the trace by its code alone: no word of what was thrown', async () => {
    const { telemetry, spans } = recording();
    const trace = telemetry.begin({ route: ROUTE, traceparent: undefined });
    await expect(trace.stage('detect', failing)).rejects.toThrow('canary');
    const refused = new TiergateError('redact_failed', {
      detail: 'canary-4711',
      cause: new Error('canary-4711'),
    });
    await expect(trace.stage('redact', () => Promise.reject(refused))).rejects.toBe(refused);
    trace
      .call({ provider: 'p', model: 'm' })
      .end({ error: new Error('canary-4711'), responseModel: 'canary 4711' });
    trace.end(journeyRecord({ status: 500, error: 'redact_failed', end: 'error' }));
    const seen = spans().map(({ name, attributes, status }) => [name, attributes['error.type'], status]);
    const failed = { code: SpanStatusCode.ERROR };
    expect(seen).toEqual([
      ['detect', '_OTHER', failed],
      ['redact', 'redact_failed', failed],
      ['chat m', '_OTHER', failed],
      [`POST ${ROUTE}`, 'redact_failed', failed],
    ]);
    const everything = spans().map(({ attributes, events, status, name, links }) => ({
      attributes,
      events,
      status,
      name,
      links,
    }));
    expect(JSON.stringify(everything)).not.toMatch(/canary|jane/);
    expect(await scrape(telemetry)).not.toMatch(/canary|jane/);
  });

  test('that the caller caused does not mark the request’s span as failed', () => {
    const { telemetry, spans } = recording();
    telemetry
      .begin({ route: ROUTE, traceparent: undefined })
      .end(journeyRecord({ status: 400, error: 'in_body_not_json', end: 'error' }));
    expect(spans()[0]?.status.code).toBe(SpanStatusCode.UNSET);
    expect(spans()[0]?.attributes['error.type']).toBe('in_body_not_json');
  });

  test('ends a span once, whatever is tried', async () => {
    const { telemetry, spans } = recording();
    const trace = telemetry.begin({ route: ROUTE, traceparent: undefined });
    const close = trace.open('respond');
    close();
    close(new Error('late'));
    const call = trace.call({ provider: 'p', model: 'm' });
    call.end();
    call.end({ error: new Error('late') });
    trace.end(journeyRecord({}));
    trace.end(journeyRecord({}));
    expect(spans()).toHaveLength(3);
    expect(spans().every(({ status }) => status.code === SpanStatusCode.UNSET)).toBe(true);
    expect(await scrape(telemetry)).toMatch(/tiergate_requests_total\{.*\} 1\n/);
  });
});

describe('GET /metrics', () => {
  test.each<[string, Partial<JourneyRecord>, string]>([
    ['where it was decided', { tierDecided: 'local', durationsMs: { answer: 1 } }, 'local'],
    ['the cloud, after the house fell short', { tierDecided: 'local', durationsMs: { redact: 1 } }, 'cloud'],
    ['a person, after the house fell short', { tierDecided: 'local', durationsMs: { handoff: 1 } }, 'human'],
    ['none, before the decision', { tierDecided: null, durationsMs: { detect: 1 } }, 'none'],
  ])('counts a failed request to the tier it had reached: %s', async (_name, reached, tier) => {
    const telemetry = start();
    const failed = journeyRecord({ tier: null, status: 502, end: 'error', ...reached });
    telemetry.begin({ route: ROUTE, traceparent: undefined }).end(failed);
    const text = await scrape(telemetry);
    expect(text).toMatch(new RegExp(`tiergate_requests_total\\{tiergate_tier="${tier}".* 1\n`));
    expect(text).toMatch(new RegExp(`http_server_request_duration_count\\{.*tiergate_tier="${tier}".* 1\n`));
  });

  test('says what the encoder runs on', async () => {
    const telemetry = start();
    telemetry.engine('native avx2');
    expect(await scrape(telemetry)).toMatch(/^tiergate_engine_info\{.*tiergate_engine="native avx2".*\} 1$/m);
  });

  test('leaves a question about the decision out of the split: nothing was done', async () => {
    const telemetry = start({ price: readPrice('2/10 USD') });
    const trace = telemetry.begin({ route: '/v1/classify', traceparent: undefined });
    await trace.stage('detect', () => 1);
    trace.end(journeyRecord({ tier: null, tierDecided: 'local' }), {}, 'shown');
    const text = await scrape(telemetry);
    expect(text).not.toMatch(/^tiergate_(requests|redactions|tokens_local|cost_avoided)_total\{/m);
    expect(text).toMatch(
      /http_server_request_duration_count\{.*http_route="\/v1\/classify".*tiergate_tier="none".* 1\n/,
    );
    expect(text).toMatch(/tiergate_stage_duration_count\{tiergate_stage="detect".* 1\n/);
  });

  test('counts what was only shown to be replaced by its route, and for no tier', async () => {
    const telemetry = start();
    const trace = telemetry.begin({ route: '/v1/redact', traceparent: undefined });
    trace.end(journeyRecord({ tier: null, tierDecided: null }), { IBAN_CODE: 3 }, 'shown');
    const text = await scrape(telemetry);
    expect(text).toMatch(
      /^tiergate_redactions_total\{tiergate_entity_kind="IBAN_CODE",http_route="\/v1\/redact"[^}]*\} 3$/m,
    );
    expect(text).not.toMatch(/^tiergate_requests_total\{/m);
  });

  test('shows the split, stages, tokens, redactions and what is under way', async () => {
    const telemetry = start({ price: readPrice('2/10 USD') });
    const trace = telemetry.begin({ route: ROUTE, traceparent: undefined });
    telemetry.begin({ route: ROUTE, traceparent: undefined });
    await trace.stage('detect', () => 1);
    trace.call({ provider: 'openai', model: 'm' }).end({ usage: { inputTokens: 10, outputTokens: 20 } });
    trace.end(journeyRecord({ answerPersonal: { URL: 3 } }), { EMAIL_ADDRESS: 2 });
    const local = telemetry.begin({ route: ROUTE, traceparent: undefined });
    local.end(journeyRecord({ tier: 'local', usage: { inputTokens: 1_000_000, outputTokens: 500_000 } }));
    const text = await scrape(telemetry);
    const value = (start: string): string =>
      text
        .split('\n')
        .find((line) => line.startsWith(start))
        ?.split(' ')
        .at(-1) ?? 'absent';
    expect(value('tiergate_requests_total{tiergate_tier="cloud",tiergate_provider="openai"')).toBe('1');
    expect(value('tiergate_requests_total{tiergate_tier="local"')).toBe('1');
    expect(value('tiergate_stage_duration_count{tiergate_stage="detect"')).toBe('1');
    expect(
      value(
        'tiergate_redactions_total{tiergate_entity_kind="EMAIL_ADDRESS",http_route="/v1/chat/completions"',
      ),
    ).toBe('2');
    expect(value('tiergate_answer_personal_total{tiergate_entity_kind="URL"')).toBe('3');
    expect(value('http_server_active_requests{')).toBe('1');
    expect(value('http_server_request_duration_count{')).toBe('1');
    expect(value('gen_ai_client_token_usage_sum{')).toBe('10');
    expect(value('gen_ai_client_operation_duration_count{')).toBe('1');
    expect(value('tiergate_tokens_local_total{gen_ai_token_type="input"')).toBe('1000000');
    expect(value('tiergate_cost_avoided_total{tiergate_currency="USD"')).toBe('7');
  });

  test('without a price counts tokens, no cost; and never shows the command line', async () => {
    const telemetry = start();
    telemetry.begin({ route: ROUTE, traceparent: undefined }).end(journeyRecord({ tier: 'local' }));
    const text = await scrape(telemetry);
    expect(text).toContain('tiergate_tokens_local_total{');
    expect(text).not.toContain('tiergate_cost_avoided');
    expect(text).not.toContain('process_');
  });
});

describe('settings', () => {
  const signals = (env: Record<string, string>) => otlpSignals((name) => env[name]);
  test('OTLP is sent for the signals that have an endpoint', () => {
    expect(signals({})).toEqual({ traces: false, metrics: false });
    expect(signals({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' })).toEqual({
      traces: true,
      metrics: true,
    });
    expect(signals({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c' })).toEqual({
      traces: true,
      metrics: false,
    });
    expect(signals({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_METRICS_EXPORTER: 'none' })).toEqual({
      traces: true,
      metrics: false,
    });
    expect(signals({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_SDK_DISABLED: 'true' }).traces).toBe(
      false,
    );
  });
  test('a protocol for metrics that is not sent is refused', () => {
    const grpc = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' };
    expect(() => signals(grpc)).toThrow('http/protobuf');
    expect(signals({ ...grpc, OTEL_METRICS_EXPORTER: 'none' })).toEqual({ traces: true, metrics: false });
  });
  test('a price is read, or refused with an example', () => {
    expect(readPrice('')).toBeNull();
    expect(readPrice('2.50/10.00 USD')).toEqual({
      inputPerMillion: 2.5,
      outputPerMillion: 10,
      currency: 'USD',
    });
    for (const text of ['2.50', '2/10', '2/10 usd', '-1/2 USD'])
      expect(() => readPrice(text)).toThrow('2.50/10.00 USD');
  });
});

test('spans and metrics reach an OTLP collector named in the environment', async () => {
  const paths: string[] = [];
  const collector = createServer((request, response) => {
    paths.push(request.url ?? '');
    request.resume().on('end', () => response.end());
  });
  await new Promise<void>((resolve) => void collector.listen(0, '127.0.0.1', resolve));
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  try {
    const telemetry = startTelemetry({ otlp: otlpSignals((name) => process.env[name]) });
    telemetry.begin({ route: ROUTE, traceparent: undefined }).end(journeyRecord({}));
    await telemetry.close();
    expect(paths.sort()).toEqual(['/v1/metrics', '/v1/traces']);
  } finally {
    delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
    collector.closeAllConnections();
    await new Promise((resolve) => void collector.close(resolve));
  }
});

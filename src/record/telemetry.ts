/**
 * OpenTelemetry for the rest of tiergate, which does not know it: a trace for each request, and metrics. Metrics are
 * always there for `GET /metrics`; OTLP is sent when the operator names an endpoint in the standard OTEL_* variables,
 * which the SDK reads itself. Nothing is instrumented behind anybody's back.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { context, DiagLogLevel, diag, metrics, trace as traceApi } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { defaultResource, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import type { ErrorCode } from '../errors.ts';
import type { WhyBlocked } from '../upstream/blocked.ts';
import { createGuaranteeInstruments, type GuaranteeInstruments } from './guarantee-metrics.ts';
import { createBlocks, createInstruments, type Price, tellEngine } from './metrics.ts';
import { SEMCONV } from './telemetry-names.ts';
import { beginTrace, type Trace } from './trace.ts';

export type { Call, CallEnd, CallTarget, Trace } from './trace.ts';

/** Which signals are sent by OTLP. */
export interface OtlpSignals {
  readonly traces: boolean;
  readonly metrics: boolean;
}

/**
 * Reads from the standard variables which signals have an endpoint (OpenTelemetry specification, "OTLP exporter").
 * @throws Error when metrics are to go by a protocol that tiergate does not send.
 */
export function otlpSignals(variable: (name: string) => string | undefined): OtlpSignals {
  const wanted = (signal: string): boolean =>
    variable('OTEL_SDK_DISABLED') !== 'true' &&
    variable(`OTEL_${signal}_EXPORTER`) !== 'none' &&
    Boolean(variable('OTEL_EXPORTER_OTLP_ENDPOINT') || variable(`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`));
  const protocol =
    variable('OTEL_EXPORTER_OTLP_METRICS_PROTOCOL') ||
    variable('OTEL_EXPORTER_OTLP_PROTOCOL') ||
    'http/protobuf';
  if (wanted('METRICS') && protocol !== 'http/protobuf') {
    throw new Error(
      'tiergate sends OTLP metrics as http/protobuf: set OTEL_EXPORTER_OTLP_METRICS_PROTOCOL and an endpoint for it, ' +
        'or OTEL_METRICS_EXPORTER=none and scrape /metrics.',
    );
  }
  return { traces: wanted('TRACES'), metrics: wanted('METRICS') };
}

export interface TelemetryOptions {
  readonly otlp: OtlpSignals;
  /** None: tokens avoided are counted, their cost is not. */
  readonly price?: Price | null;
  /** Where spans go instead of OTLP, such as to a test. */
  readonly spanProcessors?: readonly SpanProcessor[];
  /** Something could not be exported. Says no more: an exporter's words may quote what it sent. */
  readonly onProblem?: () => void;
}

export interface Telemetry {
  /** Begins the trace of a POST to `route`. `traceparent`: the request's header of that name. */
  begin(request: { readonly route: string; readonly traceparent: string | undefined }): Trace;
  /** Counts a request that was turned away at the door. */
  rejected(code: ErrorCode): void;
  /** Counts what was kept from leaving. */
  blocked(why: WhyBlocked): void;
  /** Says what the encoder runs on. */
  engine(name: string): void;
  /** How the promises of the policy are doing. */
  readonly guarantees: GuaranteeInstruments;
  /** Answers GET /metrics in Prometheus' text format. */
  readonly metricsHandler: (request: IncomingMessage, response: ServerResponse) => void;
  /** Sends what has not been sent. */
  close(): Promise<void>;
}

/** Starts the SDK. Several may run in one process: nothing stays registered globally. */
export function startTelemetry(options: TelemetryOptions): Telemetry {
  const { otlp, price = null, spanProcessors = [], onProblem = () => {} } = options;
  const prometheus = new PrometheusExporter({ preventServerStart: true });
  const sdk = new NodeSDK({
    resource: defaultResource().merge(resourceFromAttributes({ [SEMCONV.SERVICE_NAME]: 'tiergate' })),
    // The process detector would put the command line onto /metrics.
    resourceDetectors: [envDetector],
    metricReaders: [
      prometheus,
      ...(otlp.metrics ? [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() })] : []),
    ],
    // Left out, the SDK makes the OTLP exporter that the environment asks for; an empty list records nothing.
    ...(otlp.traces && spanProcessors.length === 0 ? {} : { spanProcessors: [...spanProcessors] }),
    logRecordProcessors: [],
    textMapPropagator: null,
  });
  diag.setLogger(quietly(onProblem), { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true });
  sdk.start();
  // The SDK can only register its providers globally. They are taken from there and the globals freed: libraries that
  // look for a global tracer find none, and a second gateway in the same process gets its own.
  const tracer =
    otlp.traces || spanProcessors.length > 0 ? traceApi.getTracerProvider().getTracer('tiergate') : null;
  const meter = metrics.getMeterProvider().getMeter('tiergate');
  const instruments = createInstruments(meter, price);
  for (const api of [traceApi, metrics, context]) api.disable();

  return {
    begin: ({ route, traceparent }) => beginTrace({ tracer, instruments, route, traceparent }),
    rejected: (code) => instruments.rejected(code),
    blocked: createBlocks(meter),
    engine: (name) => tellEngine(meter, name),
    guarantees: createGuaranteeInstruments(meter),
    metricsHandler: (request, response) => prometheus.getMetricsRequestHandler(request, response),
    close: () => sdk.shutdown(),
  };
}

/** The SDK's own complaints, reduced to the fact that there is one. */
function quietly(onProblem: () => void) {
  const nothing = (): void => {};
  return { error: () => onProblem(), warn: nothing, info: nothing, debug: nothing, verbose: nothing };
}

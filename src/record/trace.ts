/**
 * The trace of one request: a span for the request, one for each stage, one for the call of a cloud model. Contexts are
 * passed by hand, which costs less than AsyncLocalStorage and cannot be lost.
 *
 * No span ever takes an error's message: what was thrown may quote the request. It takes the code of the error table.
 */
import { randomUUID } from 'node:crypto';
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace as traceApi,
} from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';
import { TiergateError } from '../errors.ts';
import type { KindCounts } from '../personal-kinds.ts';
import type { JourneyRecord, Stage, Usage } from '../shapes.ts';
import type { Instruments, Work } from './metrics.ts';
import { ATTRIBUTES, SEMCONV } from './telemetry-names.ts';

/** Who is called, as far as configuration knows it. */
export interface CallTarget {
  /** `openai`, `anthropic`, or the provider's configured name. */
  readonly provider: string;
  readonly model: string;
  /** Host name, where it is known. */
  readonly serverAddress?: string | undefined;
  readonly serverPort?: number | undefined;
}
/** How the call ended. A fallback may have answered instead of the first target. */
export interface CallEnd extends Partial<CallTarget> {
  readonly responseModel?: string | undefined;
  readonly usage?: Usage | null | undefined;
  readonly attempts?: number | undefined;
  /** What was thrown, if something was. */
  readonly error?: unknown;
}
export interface Call {
  /** W3C `traceparent` for the request upstream. Never `tracestate` or `baggage`: they can hold an application's words. */
  readonly headers: Readonly<Record<string, string>>;
  /** Only the first end counts. */
  end(how?: CallEnd): void;
}

export interface Trace {
  /** 32 hex digits. */
  readonly traceId: string;
  /** Milliseconds in each stage that has ended; a stage that ran twice counts both. */
  readonly durationsMs: Readonly<Partial<Record<Stage, number>>>;
  /** Runs a stage: times it, and puts it into the trace. */
  stage<T>(stage: Stage, run: () => T | Promise<T>): Promise<T>;
  /** The same for a stage whose end is elsewhere, such as a stream's. Only the first end counts. */
  open(stage: Stage): (thrown?: unknown) => void;
  /** Opens a CLIENT span within the stage under way. */
  call(target: CallTarget): Call;
  /**
   * Closes the trace, and counts the request. Only the first end counts.
   * @param redactions how many values of each kind were replaced
   */
  end(record: JourneyRecord, redactions?: KindCounts, work?: Work): void;
}

/** What a failed span says: a code of the table; `_OTHER` is the conventions' word for what is not known. */
const errorType = (thrown: unknown): string => (thrown instanceof TiergateError ? thrown.code : '_OTHER');

/** A model's name as a server sent it: kept only if it looks like one. */
const MODEL_NAME = /^[\w.:/@-]{1,128}$/;

export interface TraceParts {
  /** None: nothing is recorded; ids are made and passed on all the same. */
  readonly tracer: Tracer | null;
  readonly instruments: Instruments;
  /** Path pattern, such as `/v1/chat/completions`. */
  readonly route: string;
  /** As the application sent it. */
  readonly traceparent: string | undefined;
}

export function beginTrace({ tracer, instruments, route, traceparent }: TraceParts): Trace {
  const remote = traceparent === undefined ? null : parseTraceParent(traceparent);
  const outside = remote
    ? traceApi.setSpanContext(ROOT_CONTEXT, { ...remote, isRemote: true })
    : ROOT_CONTEXT;
  const root = tracer?.startSpan(
    `POST ${route}`,
    {
      kind: SpanKind.SERVER,
      attributes: { [SEMCONV.HTTP_REQUEST_METHOD]: 'POST', [SEMCONV.HTTP_ROUTE]: route },
    },
    outside,
  );
  // Not recorded: what came is passed on as it is, so that the trace above and below us stays whole.
  const own = root?.spanContext() ?? remote ?? freshContext();
  const spans = tracer !== null && root?.isRecording() === true ? { tracer, root } : null;
  const inRoot = root === undefined ? ROOT_CONTEXT : traceApi.setSpan(ROOT_CONTEXT, root);
  const durationsMs: Partial<Record<Stage, number>> = {};
  let current: Context = inRoot;
  let ended = false;
  instruments.requestBegan(route);

  function open(stage: Stage): (thrown?: unknown) => void {
    const startedAt = performance.now();
    const outer = current;
    const span = spans?.tracer.startSpan(stage, { attributes: { [ATTRIBUTES.STAGE]: stage } }, inRoot);
    if (span !== undefined) current = traceApi.setSpan(inRoot, span);
    let closed = false;
    return (thrown) => {
      if (closed) return;
      closed = true;
      current = outer;
      const ms = performance.now() - startedAt;
      durationsMs[stage] = (durationsMs[stage] ?? 0) + ms;
      instruments.stage(stage, ms);
      if (span !== undefined) endSpan(span, thrown);
    };
  }

  return {
    traceId: own.traceId,
    durationsMs,
    open,
    async stage(stage, run) {
      const close = open(stage);
      try {
        const result = await run();
        close();
        return result;
      } catch (thrown) {
        close(thrown ?? new TiergateError('respond_failed'));
        throw thrown;
      }
    },
    call(target) {
      const name = `chat ${target.model}`;
      const span = spans?.tracer.startSpan(
        name,
        { kind: SpanKind.CLIENT, attributes: ofCall(target) },
        current,
      );
      return openCall(target, span ?? null, instruments, traceparentOf(span?.spanContext() ?? own));
    },
    end(record, redactions = {}, work = 'done') {
      if (ended) return;
      ended = true;
      instruments.requestEnded(route);
      instruments.journey(record, route, { redactions, work });
      if (spans === null) return;
      spans.root.setAttributes(ofRecord(record));
      if (record.status >= 500) spans.root.setStatus({ code: SpanStatusCode.ERROR });
      spans.root.end();
    },
  };
}

function openCall(
  target: CallTarget,
  span: Span | null,
  instruments: Instruments,
  traceparent: string,
): Call {
  const startedAt = performance.now();
  let ended = false;
  return {
    headers: { traceparent },
    end(how = {}) {
      if (ended) return;
      ended = true;
      const met = { ...target, ...how };
      const error = how.error === undefined ? null : errorType(how.error);
      instruments.call({
        provider: met.provider,
        model: met.model,
        serverAddress: met.serverAddress ?? null,
        seconds: (performance.now() - startedAt) / 1000,
        usage: how.usage ?? null,
        error,
      });
      if (span === null) return;
      span.updateName(`chat ${met.model}`);
      span.setAttributes(ofCall(met));
      if (how.attempts !== undefined) span.setAttribute(ATTRIBUTES.ATTEMPTS, how.attempts);
      if (how.responseModel !== undefined && MODEL_NAME.test(how.responseModel)) {
        span.setAttribute(SEMCONV.GEN_AI_RESPONSE_MODEL, how.responseModel);
      }
      if (how.usage) span.setAttributes(ofUsage(how.usage));
      endSpan(span, how.error);
    },
  };
}

function endSpan(span: Span, thrown: unknown): void {
  if (thrown !== undefined) {
    span.setAttribute(SEMCONV.ERROR_TYPE, errorType(thrown));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

interface SpanContextLike {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}
/**
 * W3C Trace Context, section 2.3: not sampled, since nothing records it. A random UUID comes from a pool and costs a
 * tenth of fresh random bytes; its last 15 hex digits are all random.
 */
function freshContext(): SpanContextLike {
  const hex = (): string => randomUUID().replaceAll('-', '');
  return { traceId: hex(), spanId: hex().slice(16), traceFlags: 0 };
}
/** W3C Trace Context, section 3.2, version 00. */
function traceparentOf({ traceId, spanId, traceFlags }: SpanContextLike): string {
  return `00-${traceId}-${spanId}-${(traceFlags & 1) === 1 ? '01' : '00'}`;
}

function ofCall({ provider, model, serverAddress, serverPort }: CallTarget): Attributes {
  return {
    [SEMCONV.GEN_AI_OPERATION_NAME]: 'chat',
    [SEMCONV.GEN_AI_PROVIDER_NAME]: provider,
    [SEMCONV.GEN_AI_REQUEST_MODEL]: model,
    ...(serverAddress === undefined ? {} : { [SEMCONV.SERVER_ADDRESS]: serverAddress }),
    ...(serverPort === undefined ? {} : { [SEMCONV.SERVER_PORT]: serverPort }),
  };
}
function ofUsage({ inputTokens, outputTokens }: Usage): Attributes {
  return {
    [SEMCONV.GEN_AI_USAGE_INPUT_TOKENS]: inputTokens,
    [SEMCONV.GEN_AI_USAGE_OUTPUT_TOKENS]: outputTokens,
  };
}

/** What the span of the request says: names from configuration, closed vocabularies, counts. */
function ofRecord(record: JourneyRecord): Attributes {
  const labels = record.facts?.labels;
  const known: Record<string, string | number | null | undefined> = {
    [SEMCONV.HTTP_RESPONSE_STATUS_CODE]: record.status,
    [SEMCONV.ERROR_TYPE]: record.error,
    [ATTRIBUTES.REQUEST_ID]: record.requestId,
    [ATTRIBUTES.TENANT]: record.facts?.tenant,
    [ATTRIBUTES.TIER]: record.tier,
    [ATTRIBUTES.TIER_DECIDED]: record.tierDecided,
    [ATTRIBUTES.PROVIDER]: record.provider,
    [ATTRIBUTES.RULE]: record.rule,
    [ATTRIBUTES.POLICY_REVISION]: record.policyRevision,
    [ATTRIBUTES.INTENT]: labels?.status === 'classified' ? labels.intent : labels?.status,
    [ATTRIBUTES.CONFIDENCE]: labels?.status === 'classified' ? labels.confidence : null,
    [ATTRIBUTES.URGENCY]: labels?.status === 'classified' ? labels.urgency : null,
    [ATTRIBUTES.SCORE]: record.score,
    [ATTRIBUTES.REDACTED]: record.redacted,
    [ATTRIBUTES.ATTEMPTS]: record.attempts,
    [ATTRIBUTES.END]: record.end,
    ...(record.usage === null ? {} : ofUsage(record.usage)),
  };
  return Object.fromEntries(
    Object.entries(known).filter((entry): entry is [string, string | number] => entry[1] != null),
  );
}

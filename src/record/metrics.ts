/**
 * The instruments, and what of a finished request they count. Labels come from configuration and closed vocabularies
 * only, so that no request can make a new time series.
 */
import type { Attributes, Counter, Meter } from '@opentelemetry/api';
import type { ErrorCode } from '../errors.ts';
import type { KindCounts } from '../personal-kinds.ts';
import type { JourneyRecord, Stage, Tier, Usage } from '../shapes.ts';
import { WHY_BLOCKED, type WhyBlocked } from '../upstream/blocked.ts';
import { ATTRIBUTES, METRICS, SEMCONV, SEMCONV_METRICS } from './telemetry-names.ts';

/** What a million cloud tokens cost: what an answer inside the perimeter saves. */
export interface Price {
  readonly inputPerMillion: number;
  readonly outputPerMillion: number;
  /** ISO 4217 code. */
  readonly currency: string;
}

/** Reads `2.50/10.00 USD`: input, output, currency. Empty: no price. @throws Error when it is neither. */
export function readPrice(text: string): Price | null {
  if (text === '') return null;
  const match = /^(\d{1,9}(?:\.\d{1,9})?)\/(\d{1,9}(?:\.\d{1,9})?) ([A-Z]{3})$/.exec(text);
  const [, input, output, currency] = match ?? [];
  if (currency === undefined) {
    throw new Error(
      'The price of a million cloud tokens must read like `2.50/10.00 USD`: in, out, currency.',
    );
  }
  return { inputPerMillion: Number(input), outputPerMillion: Number(output), currency };
}

/** Seconds. HTTP semantic conventions' boundaries, with finer ones below: a stage may take a tenth of a millisecond. */
const DURATION_BOUNDARIES = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];
/** Seconds. GenAI semantic conventions, `gen_ai.client.operation.duration`. */
const OPERATION_BOUNDARIES = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];
/** Tokens. GenAI semantic conventions, `gen_ai.client.token.usage`. */
const TOKEN_BOUNDARIES = [
  1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
];

/** One call of a cloud model, as it ended. */
export interface CallMeasure {
  readonly provider: string;
  /** As configured, never as the application or the provider wrote it. */
  readonly model: string;
  readonly serverAddress: string | null;
  readonly seconds: number;
  readonly usage: Usage | null;
  /** A code of the error table. */
  readonly error: string | null;
}

/** Whether a request was carried out, or only shown what would be done with it: then it counts for no tier. */
export type Work = 'done' | 'shown';

export interface Instruments {
  requestBegan(route: string): void;
  requestEnded(route: string): void;
  stage(stage: Stage, milliseconds: number): void;
  /** A request was turned away at the door, before it had a trace. */
  rejected(code: ErrorCode): void;
  call(measure: CallMeasure): void;
  /** `redactions`: how many of each kind were replaced. */
  journey(
    record: JourneyRecord,
    route: string,
    what: { readonly redactions: KindCounts; readonly work: Work },
  ): void;
}

export function createInstruments(meter: Meter, price: Price | null): Instruments {
  const histogram = (name: string, unit: string, description: string, boundaries: number[]) =>
    meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries: boundaries } });
  const counter = (name: string, unit: string, description: string): Counter =>
    meter.createCounter(name, { unit, description });

  const active = meter.createUpDownCounter(SEMCONV_METRICS.HTTP_SERVER_ACTIVE_REQUESTS, {
    unit: '{request}',
    description: 'Requests under way.',
  });
  const duration = histogram(
    SEMCONV_METRICS.HTTP_SERVER_REQUEST_DURATION,
    's',
    'Whole requests, to the last byte.',
    DURATION_BOUNDARIES,
  );
  const stages = histogram(METRICS.STAGE_DURATION, 's', 'Each stage that ran.', DURATION_BOUNDARIES);
  const calls = histogram(
    SEMCONV_METRICS.GEN_AI_CLIENT_OPERATION_DURATION,
    's',
    'Calls of model servers.',
    OPERATION_BOUNDARIES,
  );
  const tokens = histogram(
    SEMCONV_METRICS.GEN_AI_CLIENT_TOKEN_USAGE,
    '{token}',
    'Tokens that model servers counted.',
    TOKEN_BOUNDARIES,
  );
  const requests = counter(
    METRICS.REQUESTS,
    '{request}',
    'Finished chat requests, by who answered and how they ended.',
  );
  const rejections = counter(METRICS.REJECTIONS, '{request}', 'Requests turned away at the door.');
  const personal = createPersonal(counter);
  const savings = createSavings(counter, price);

  return {
    requestBegan: (route) =>
      active.add(1, { [SEMCONV.HTTP_ROUTE]: route, [SEMCONV.HTTP_REQUEST_METHOD]: 'POST' }),
    requestEnded: (route) =>
      active.add(-1, { [SEMCONV.HTTP_ROUTE]: route, [SEMCONV.HTTP_REQUEST_METHOD]: 'POST' }),
    stage: (stage, milliseconds) => stages.record(milliseconds / 1000, { [ATTRIBUTES.STAGE]: stage }),
    rejected: (code) => rejections.add(1, { [SEMCONV.ERROR_TYPE]: code }),
    call(measure) {
      const attributes: Attributes = {
        [SEMCONV.GEN_AI_OPERATION_NAME]: 'chat',
        [SEMCONV.GEN_AI_PROVIDER_NAME]: measure.provider,
        [SEMCONV.GEN_AI_REQUEST_MODEL]: measure.model,
      };
      if (measure.serverAddress !== null) attributes[SEMCONV.SERVER_ADDRESS] = measure.serverAddress;
      if (measure.usage !== null) {
        const type = SEMCONV.GEN_AI_TOKEN_TYPE;
        tokens.record(measure.usage.inputTokens, { ...attributes, [type]: 'input' });
        tokens.record(measure.usage.outputTokens, { ...attributes, [type]: 'output' });
      }
      if (measure.error !== null) attributes[SEMCONV.ERROR_TYPE] = measure.error;
      calls.record(measure.seconds, attributes);
    },
    journey(record, route, { redactions, work }) {
      const tier = work === 'shown' ? 'none' : tierReached(record);
      duration.record(record.totalMs / 1000, {
        [SEMCONV.HTTP_REQUEST_METHOD]: 'POST',
        [SEMCONV.HTTP_ROUTE]: route,
        [SEMCONV.HTTP_RESPONSE_STATUS_CODE]: record.status,
        [ATTRIBUTES.TIER]: tier,
      });
      personal.replaced(redactions, route);
      if (work === 'shown') return;
      requests.add(1, {
        [ATTRIBUTES.TIER]: tier,
        [ATTRIBUTES.PROVIDER]: record.provider ?? 'none',
        [ATTRIBUTES.END]: record.end,
        [SEMCONV.ERROR_TYPE]: record.error ?? 'none',
        [SEMCONV.HTTP_RESPONSE_STATUS_CODE]: record.status,
      });
      personal.broughtBack(record.answerPersonal ?? {});
      if (record.tier === 'local' && record.usage !== null) savings(record.usage);
    },
  };
}

/** Counts the kinds of personal data that were replaced, and of that which answers brought back. */
function createPersonal(counter: (name: string, unit: string, description: string) => Counter) {
  const redactions = counter(METRICS.REDACTIONS, '{value}', 'Values replaced by placeholders, by kind.');
  const description = 'Personal data that cloud models brought back, by kind.';
  const answers = counter(METRICS.ANSWER_PERSONAL, '{value}', description);
  const add = (to: Counter, kinds: KindCounts, where: Attributes): void => {
    for (const [kind, count] of Object.entries(kinds))
      to.add(count, { [ATTRIBUTES.ENTITY_KIND]: kind, ...where });
  };
  return {
    replaced: (kinds: KindCounts, route: string) => add(redactions, kinds, { [SEMCONV.HTTP_ROUTE]: route }),
    broughtBack: (kinds: KindCounts) => add(answers, kinds, {}),
  };
}

/** Counts what was kept from leaving. */
export function createBlocks(meter: Meter): (why: WhyBlocked) => void {
  const description = 'Messages that were kept from leaving.';
  const blocks = meter.createCounter(METRICS.EGRESS_BLOCKED, { unit: '{message}', description });
  // An alert on an increase sees none where there was nothing before.
  for (const why of WHY_BLOCKED) blocks.add(0, { [ATTRIBUTES.WHY]: why });
  return (why) => blocks.add(1, { [ATTRIBUTES.WHY]: why });
}

/** Shows what the encoder runs on. */
export function tellEngine(meter: Meter, name: string): void {
  const description = 'What the encoder runs on. Always 1.';
  meter.createGauge(METRICS.ENGINE_INFO, { description }).record(1, { [ATTRIBUTES.ENGINE]: name });
}

/**
 * Who answered; or, where nobody did, who was to when it ended: the record says whom the policy chose first, and its
 * stages whether the request had gone on from there.
 */
function tierReached({ tier, tierDecided, durationsMs }: JourneyRecord): Tier | 'none' {
  if (tier !== null) return tier;
  if (durationsMs.redact !== undefined) return 'cloud';
  if (durationsMs.handoff !== undefined) return 'human';
  return tierDecided ?? 'none';
}

/** Counts the tokens that never went to a cloud model, and what they would have cost there. */
function createSavings(
  counter: (name: string, unit: string, description: string) => Counter,
  price: Price | null,
): (usage: Usage) => void {
  const tokens = counter(METRICS.TOKENS_LOCAL, '{token}', 'Tokens answered inside the perimeter.');
  const cost =
    price &&
    counter(METRICS.COST_AVOIDED, `{${price.currency}}`, 'What those tokens would have cost in the cloud.');
  return ({ inputTokens, outputTokens }) => {
    tokens.add(inputTokens, { [SEMCONV.GEN_AI_TOKEN_TYPE]: 'input' });
    tokens.add(outputTokens, { [SEMCONV.GEN_AI_TOKEN_TYPE]: 'output' });
    if (price === null || cost === null) return;
    const saved = (inputTokens * price.inputPerMillion + outputTokens * price.outputPerMillion) / 1e6;
    cost.add(saved, { [ATTRIBUTES.CURRENCY]: price.currency });
  };
}

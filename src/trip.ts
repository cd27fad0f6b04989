/**
 * What is noted of one request on its way: for its record, for the headers of its answer, for its trace. The conductor
 * tells it what happened; it decides nothing.
 */
import type { TiergateError } from './errors.ts';
import type { KindCounts } from './personal-kinds.ts';
import type { Finished } from './record/record.ts';
import type { Call, CallTarget, Trace } from './record/telemetry.ts';
import type {
  Answer,
  Caller,
  Decision,
  Facts,
  Inquiry,
  JourneyRecord,
  JsonObject,
  Stage,
  Tier,
  Usage,
} from './shapes.ts';
import { wantsUsage } from './wire/chat-request.ts';
import { readUsage } from './wire/completion.ts';

/** How an answer came about, as far as it is known. */
export interface Provenance {
  readonly requestId: string;
  readonly tier: Tier | null;
  readonly rule: string | null;
  readonly policyRevision: string | null;
  readonly intent: string | null;
  readonly confidence: number | null;
  /** Windows the classified text was read in, where it was more than one; `truncated` if parts were not read. */
  readonly windows: number | null;
  readonly truncated: boolean;
  /** Values that were replaced before the request left. */
  readonly redacted: number;
  readonly handoffId: string | null;
  readonly durationsMs: Readonly<Partial<Record<Stage, number>>>;
}

export class Trip {
  readonly requestId: string;
  readonly #trace: Trace;
  readonly #startedAt = new Date();
  readonly #startedMs = performance.now();
  #caller: Caller | null = null;
  #facts: Facts | null = null;
  #decision: Decision | null = null;
  #answer: Answer | null = null;
  #call: Call | null = null;
  #handoffId: string | null = null;
  #usage: Usage | null = null;
  /** Requests sent upstream by calls that failed; an answer brings its own count. */
  #attempts = 0;
  #score: number | null = null;
  #redactions: KindCounts = {};
  #answerPersonal: (() => KindCounts) | null = null;
  #degraded: TiergateError | null = null;
  #error: TiergateError | null = null;

  constructor(requestId: string, trace: Trace) {
    this.requestId = requestId;
    this.#trace = trace;
  }

  /** Runs a stage: times it and puts it into the trace. */
  stage<T>(name: Stage, run: () => T | Promise<T>): Promise<T> {
    return this.#trace.stage(name, run);
  }

  /** Opens the call of a cloud model. It ends with the answer, unless it failed before. */
  call(target: CallTarget): Call {
    const call = this.#trace.call(target);
    this.#call = call;
    return {
      headers: call.headers,
      end: (how) => {
        this.#attempts = how?.attempts ?? this.#attempts;
        call.end(how);
      },
    };
  }

  callerIs(caller: Caller): void {
    this.#caller = caller;
  }
  decided(facts: Facts, decision: Decision): void {
    this.#facts = facts;
    this.#decision = decision;
  }
  /** The best score of a local answer that did not reach its bar. */
  fellShort(score: number): void {
    this.#score = score;
  }
  /** There was no local answer because of a fault; the request goes on another way. */
  answerFailed(error: TiergateError): void {
    this.#score = 0;
    this.#degraded = error;
  }
  redacted(kinds: KindCounts): void {
    this.#redactions = kinds;
  }
  /** What a cloud model itself brought back: asked for at the end, as a stream is looked over while it flows. */
  answerHolds(counts: () => KindCounts): void {
    this.#answerPersonal = counts;
  }
  handedOff(id: string): void {
    this.#handoffId = id;
  }
  failed(error: TiergateError): void {
    this.#error = error;
  }

  /** Notes the answer, and its usage: at once, or as it streams by. */
  answered(answer: Answer, inquiry: Inquiry): Answer {
    this.#answer = answer;
    if (answer.form === 'stream') {
      return { ...answer, chunks: this.#watch(answer.chunks, wantsUsage(inquiry.body)) };
    }
    this.#usage = readUsage(answer.completion.usage);
    this.#endCall(String(answer.completion.model ?? ''));
    return answer;
  }

  async *#watch(chunks: AsyncIterable<JsonObject>, wanted: boolean): AsyncGenerator<JsonObject, void> {
    let model = '';
    try {
      for await (const chunk of chunks) {
        model ||= typeof chunk.model === 'string' ? chunk.model : '';
        const usage = readUsage(chunk.usage);
        if (usage !== null) this.#usage = usage;
        // Some formats always end with usage; OpenAI sends that chunk only to those who asked for it.
        const isUsageOnly = usage !== null && Array.isArray(chunk.choices) && chunk.choices.length === 0;
        if (wanted || !isUsageOnly) yield chunk;
      }
    } catch (error) {
      this.#call?.end({ error, attempts: this.#answer?.attempts });
      throw error;
    } finally {
      this.#endCall(model);
    }
  }

  #endCall(responseModel: string): void {
    const { attempts } = this.#answer ?? {};
    this.#call?.end({ responseModel, usage: this.#usage, attempts });
  }

  provenance(): Provenance {
    const labels = this.#facts?.labels?.status === 'classified' ? this.#facts.labels : null;
    return {
      requestId: this.requestId,
      tier: this.#answer?.tier ?? this.#decision?.outcome.tier ?? null,
      rule: this.#decision?.rule ?? null,
      policyRevision: this.#decision?.policyRevision ?? null,
      intent: labels?.intent ?? null,
      confidence: labels?.confidence ?? null,
      windows: labels !== null && labels.windows > 1 ? labels.windows : null,
      truncated: labels?.truncated ?? false,
      redacted: total(this.#redactions),
      handoffId: this.#handoffId,
      durationsMs: this.#trace.durationsMs,
    };
  }

  /** Ends the trip: everything that `record` is to write down. */
  end(how: JourneyRecord['end'], status: number): Finished {
    return {
      record: this.#record(how, status),
      trace: this.#trace,
      redactions: this.#redactions,
      error: this.#error,
      degraded: this.#degraded,
    };
  }

  #record(end: JourneyRecord['end'], status: number): JourneyRecord {
    const decided = this.#decision?.outcome.tier ?? null;
    return {
      requestId: this.requestId,
      traceId: this.#trace.traceId,
      at: this.#startedAt.toISOString(),
      keyId: this.#caller?.keyId ?? null,
      facts: this.#facts,
      rule: this.#decision?.rule ?? null,
      policyRevision: this.#decision?.policyRevision ?? null,
      tierDecided: decided,
      tier: this.#answer?.tier ?? (this.#error?.code === 'decide_refused' ? 'refuse' : null),
      provider: this.#answer?.provider ?? null,
      model: this.#answer?.model ?? null,
      sources: this.#answer?.sources ?? [],
      score: this.#answer?.score ?? this.#score,
      attempts: this.#answer?.attempts ?? this.#attempts,
      usage: this.#usage,
      redacted: total(this.#redactions),
      answerPersonal: this.#answerPersonal?.() ?? null,
      status,
      error: this.#error?.code ?? null,
      end,
      durationsMs: this.#trace.durationsMs,
      totalMs: performance.now() - this.#startedMs,
    };
  }
}

const total = (kinds: KindCounts): number => Object.values(kinds).reduce((sum, n) => sum + n, 0);

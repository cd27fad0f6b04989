/**
 * The conductor: the whole way of a request, and the only place that knows two stages at once. Every branch is here;
 * the stages are straight lines. ARCHITECTURE.md draws this file.
 */

import type { AnswerStage } from './answer/answer.ts';
import type { Authenticate } from './authenticate/authenticate.ts';
import type { Classify } from './classify/classify.ts';
import { decide } from './decide/decide.ts';
import type { Detect } from './detect/detect.ts';
import { asTiergateError, TiergateError } from './errors.ts';
import type { Escalate } from './escalate/escalate.ts';
import type { Handoff } from './handoff/handoff.ts';
import type { Policy } from './policy/policy.ts';
import type { Finished } from './record/record.ts';
import type { Redact } from './redact/redact.ts';
import { restoreChunks, restoreCompletion } from './redact/restore.ts';
import type { Answer, Caller, Decision, Detection, Facts, Inquiry, Json, Outcome } from './shapes.ts';
import type { Provenance, Trip } from './trip.ts';
import { readChatRequest } from './wire/chat-request.ts';

/** A request at the door: nothing of it has been read yet but its head. */
export interface Arrival {
  readonly requestId: string;
  readonly authorization: string | undefined;
  /** The application's own name for the conversation, if it gives one. */
  readonly conversation: string | undefined;
  /** SHA-256 of the key under which the application sends this request, and sends it again. */
  readonly idempotencyKey: string | undefined;
  readonly readBody: () => Promise<Json>;
  /** Aborts when the application goes away. */
  readonly signal: AbortSignal;
}

export interface Stages {
  readonly authenticate: Authenticate;
  readonly detect: Detect;
  readonly classify: Classify;
  /** The policy in force; a request asks once and keeps what it got. */
  readonly policy: () => Policy;
  readonly answer: AnswerStage;
  readonly redact: Redact;
  readonly escalate: Escalate;
  readonly handoff: Handoff;
  /** Resolves when there is room for one more record. @throws TiergateError record_unavailable */
  readonly roomToRecord: () => Promise<void> | undefined;
  /** True for the model names that this gateway knows. */
  readonly knowsModel: (name: string) => boolean;
}

/** What would be done with a request. */
export interface Verdict {
  readonly facts: Facts;
  readonly decision: Decision;
  readonly provenance: Provenance;
}

/** How the door writes back. `failure` after the answer has begun does nothing: what can be said has been said. */
export interface Respond {
  answer(answer: Answer, provenance: Provenance): Promise<void>;
  failure(error: TiergateError, provenance: Provenance): void;
}

/** The way of a chat request, from the door to its record. Never throws. */
export async function travel(
  arrival: Arrival,
  stages: Stages,
  trip: Trip,
  respond: Respond,
): Promise<Finished> {
  try {
    const { caller, inquiry, detection } = await enter(arrival, stages, trip);
    const { facts, decision } = await judge(
      inquiry,
      caller,
      detection,
      stages,
      trip,
      arrival.signal,
      'when_needed',
    );
    const around = { arrival, stages, trip, caller, inquiry, detection, facts };
    const answer = trip.answered(await carryOut(decision.outcome, around), inquiry);
    await trip.stage('respond', () => respond.answer(answer, trip.provenance()));
    return trip.end('complete', 200);
  } catch (thrown) {
    return miscarry(thrown, arrival, trip, respond);
  }
}

/** The same way as far as the decision, for callers that only want to know: nothing is answered, nothing leaves. */
export async function consult(
  arrival: Arrival,
  stages: Stages,
  trip: Trip,
  respond: { verdict(verdict: Verdict): void; failure: Respond['failure'] },
): Promise<Finished> {
  try {
    const { caller, inquiry, detection } = await enter(arrival, stages, trip);
    const verdict = await judge(inquiry, caller, detection, stages, trip, arrival.signal, 'always');
    await trip.stage('respond', () => respond.verdict({ ...verdict, provenance: trip.provenance() }));
    return trip.end('complete', 200);
  } catch (thrown) {
    return miscarry(thrown, arrival, trip, respond);
  }
}

/** The status that the record gives to a request whose application went away (nginx's word for it). */
const CLIENT_GONE = 499;

function miscarry(
  thrown: unknown,
  arrival: Arrival,
  trip: Trip,
  respond: Pick<Respond, 'failure'>,
): Finished {
  if (arrival.signal.aborted) return trip.end('cancelled', CLIENT_GONE);
  const error = asTiergateError(thrown, 'respond_failed');
  trip.failed(error);
  respond.failure(error, trip.provenance());
  return trip.end('error', error.row.status);
}

interface Entered {
  readonly caller: Caller;
  readonly inquiry: Inquiry;
  readonly detection: Detection;
}

async function enter(arrival: Arrival, stages: Stages, trip: Trip): Promise<Entered> {
  const caller = await trip.stage('authenticate', () => stages.authenticate(arrival.authorization, 'chat'));
  trip.callerIs(caller);
  // Nothing is decided that cannot be recorded: with a full disk, requests wait here, or are turned away.
  await stages.roomToRecord();
  const inquiry = readChatRequest(await arrival.readBody(), arrival);
  if (!stages.knowsModel(inquiry.model)) throw new TiergateError('in_unknown_model', { param: 'model' });
  const detection = await trip.stage('detect', () => stages.detect(inquiry.body, arrival.signal));
  return { caller, inquiry, detection };
}

/** Decides; classifies first only if the policy cannot decide without labels, or the caller wants them anyway. */
async function judge(
  inquiry: Inquiry,
  caller: Caller,
  detection: Detection,
  stages: Stages,
  trip: Trip,
  signal: AbortSignal,
  labelling: 'when_needed' | 'always',
): Promise<Pick<Verdict, 'facts' | 'decision'>> {
  const policy = stages.policy();
  const known: Facts = {
    tenant: caller.tenant,
    model: inquiry.model,
    features: inquiry.features,
    promptTokens: inquiry.promptTokens,
    personal: detection.kinds,
  };
  let facts = known;
  let decision: Decision | 'needs_labels' = 'needs_labels';
  if (labelling === 'when_needed') decision = await trip.stage('decide', () => decide(policy, known));
  if (decision === 'needs_labels') {
    const labels = await trip.stage('classify', () => stages.classify.classify(inquiry.text, signal));
    signal.throwIfAborted();
    facts = { ...known, labels };
    decision = await trip.stage('decide', () => decide(policy, facts));
  }
  if (decision === 'needs_labels')
    throw new TiergateError('respond_failed', { detail: 'decide asked for labels twice' });
  trip.decided(facts, decision);
  return { facts, decision };
}

interface Surroundings extends Entered {
  readonly facts: Facts;
  readonly arrival: Arrival;
  readonly stages: Stages;
  readonly trip: Trip;
}

async function carryOut(outcome: Outcome, around: Surroundings): Promise<Answer> {
  const { stages, trip, inquiry, caller, facts } = around;
  switch (outcome.tier) {
    case 'local': {
      const answer = await answerLocally(outcome.bar, around);
      return answer ?? carryOut(outcome.otherwise, around);
    }
    case 'cloud':
      return leave(outcome.models, around);
    case 'human': {
      const { answer, id } = await trip.stage('handoff', () =>
        stages.handoff(inquiry, caller, outcome, facts.labels),
      );
      trip.handedOff(id);
      return answer;
    }
    case 'refuse':
      throw new TiergateError('decide_refused', { message: outcome.message });
  }
}

/** An answer from the house, or null if there is none that reaches the bar, for whatever reason. */
async function answerLocally(
  bar: number,
  { stages, trip, inquiry, arrival }: Surroundings,
): Promise<Answer | null> {
  try {
    const attempt = await trip.stage('answer', () => stages.answer(inquiry, { bar, signal: arrival.signal }));
    if (attempt.kind === 'good') return attempt.answer;
    trip.fellShort(attempt.score);
  } catch (thrown) {
    // A busy encoder or a model server that is down is one more way to have no good answer: the rule says what then.
    arrival.signal.throwIfAborted();
    trip.answerFailed(asTiergateError(thrown, 'answer_unavailable'));
  }
  return null;
}

/** The only way out of the perimeter: redact, escalate, restore. */
async function leave(models: readonly string[], around: Surroundings): Promise<Answer> {
  const { stages, trip, inquiry, caller, detection, arrival } = around;
  const { redacted, vault } = await trip.stage('redact', () =>
    stages.redact.redact(inquiry, detection, caller.tenant),
  );
  trip.redacted(detection.kinds);
  const { answer, restores } = await trip.stage('escalate', () =>
    stages.escalate(redacted, models, { open: (target) => trip.call(target), signal: arrival.signal }),
  );
  if (!restores || vault.size === 0) return answer;
  return trip.stage('restore', () =>
    answer.form === 'whole'
      ? { ...answer, completion: restoreCompletion(answer.completion, vault) }
      : { ...answer, chunks: restoreChunks(answer.chunks, vault) },
  );
}

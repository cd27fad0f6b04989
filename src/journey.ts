/**
 * The conductor: the whole way of a request, and the only place that knows two stages at once. Every branch is here;
 * the stages are straight lines. ARCHITECTURE.md draws this file.
 */

import type { AnswerStage } from './answer/answer.ts';
import type { Authenticate } from './authenticate/authenticate.ts';
import type { Classify } from './classify/classify.ts';
import { decide } from './decide/decide.ts';
import { customFamily } from './detect/custom.ts';
import type { Detect } from './detect/detect.ts';
import { findStructured } from './detect/structured.ts';
import { asTiergateError, TiergateError } from './errors.ts';
import type { Escalate } from './escalate/escalate.ts';
import type { Handoff } from './handoff/handoff.ts';
import type { Policy } from './policy/policy.ts';
import type { Finished } from './record/record.ts';
import { AnswerCheck } from './redact/answer-check/answer-check.ts';
import type { ConversationMemory, Remembered } from './redact/conversation-memory.ts';
import type { Redact } from './redact/redact.ts';
import { type Redaction, redactToShow } from './redact/redaction.ts';
import { restoreChunks, restoreCompletion } from './redact/restore/restore.ts';
import type {
  Answer,
  Caller,
  Decision,
  Detection,
  Facts,
  Inquiry,
  Json,
  Outcome,
  PersonalRules,
} from './shapes.ts';
import type { Provenance, Trip } from './trip.ts';
import { readChatRequest } from './wire/chat-request.ts';
import { type RedactRequest, readRedactRequest } from './wire/redact-request.ts';

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
  /** What the policy's rules with `max_error` may take by now; undefined where it has none. */
  readonly thresholds: () => Facts['thresholds'];
  readonly answer: AnswerStage;
  readonly redact: Redact;
  readonly memory: ConversationMemory;
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

/** A request under way: how it came, what serves it, what is noted of it. */
export interface Way {
  readonly arrival: Arrival;
  readonly stages: Stages;
  readonly trip: Trip;
}

/** What is known once a request is in. */
interface Entered extends Way {
  readonly caller: Caller;
  readonly inquiry: Inquiry;
  readonly policy: Policy;
  readonly rules: PersonalRules;
  readonly remembered: Remembered | undefined;
  readonly detection: Detection;
}

/** What is known once it is decided. */
interface Judged extends Entered {
  readonly facts: Facts;
  readonly decision: Decision;
}

/** The way of a chat request, from the door to its record. Never throws. */
export async function travel(way: Way, respond: Respond): Promise<Finished> {
  const { trip } = way;
  try {
    const judged = await judge(await enter(way), 'when_needed');
    const answer = trip.answered(await carryOut(judged.decision.outcome, judged), judged.inquiry);
    await trip.stage('respond', () => respond.answer(answer, trip.provenance()));
    return trip.end('complete', 200);
  } catch (thrown) {
    return miscarry(thrown, way, respond);
  }
}

/** The same way as far as the decision, for callers that only want to know: nothing is answered, nothing leaves. */
export async function consult(
  way: Way,
  respond: { verdict(verdict: Verdict): void; failure: Respond['failure'] },
): Promise<Finished> {
  const { trip } = way;
  try {
    const { facts, decision } = await judge(await enter(way), 'always');
    await trip.stage('respond', () => respond.verdict({ facts, decision, provenance: trip.provenance() }));
    return trip.end('complete', 200);
  } catch (thrown) {
    return miscarry(thrown, way, respond);
  }
}

/** What would leave of a document, and what was found in it. */
export interface Preview {
  readonly request: RedactRequest;
  readonly redaction: Redaction;
}

/** Search and replacement alone, for callers that want to see them: nothing is decided, nothing leaves, nothing is kept. */
export async function preview(
  way: Way,
  respond: { preview(shown: Preview, provenance: Provenance): void; failure: Respond['failure'] },
): Promise<Finished> {
  const { arrival, stages, trip } = way;
  try {
    const caller = await authenticate(way);
    const request = readRedactRequest(await arrival.readBody(), arrival);
    const { document, conversation } = request;
    const rules = stages.policy().personalRules(caller.tenant);
    const { tenant } = caller;
    const { requestId, signal } = arrival;
    const remembered =
      arrival.conversation === undefined ? undefined : stages.memory.look(tenant, conversation);
    const detection = await trip.stage('detect', () =>
      stages.detect(document, rules, signal, remembered?.known),
    );
    const searched = { document, detection, rules, tenant, conversation, requestId, remembered };
    const redaction = await trip.stage('redact', () => redactToShow(stages.redact, searched));
    trip.redacted(detection.kinds);
    await trip.stage('respond', () => respond.preview({ request, redaction }, trip.provenance()));
    return trip.end('complete', 200);
  } catch (thrown) {
    return miscarry(thrown, way, respond);
  }
}

/** The status that the record gives to a request whose application went away (nginx's word for it). */
const CLIENT_GONE = 499;

function miscarry(thrown: unknown, { arrival, trip }: Way, respond: Pick<Respond, 'failure'>): Finished {
  if (arrival.signal.aborted) return trip.end('cancelled', CLIENT_GONE);
  const error = asTiergateError(thrown, 'respond_failed');
  trip.failed(error);
  respond.failure(error, trip.provenance());
  return trip.end('error', error.row.status);
}

async function authenticate({ arrival, stages, trip }: Way): Promise<Caller> {
  const caller = await trip.stage('authenticate', () => stages.authenticate(arrival.authorization, 'chat'));
  trip.callerIs(caller);
  return caller;
}

async function enter(way: Way): Promise<Entered> {
  const { arrival, stages, trip } = way;
  const caller = await authenticate(way);
  // Nothing is decided that cannot be recorded: with a full disk, requests wait here, or are turned away.
  await stages.roomToRecord();
  const inquiry = readChatRequest(await arrival.readBody(), arrival);
  if (!stages.knowsModel(inquiry.model)) throw new TiergateError('in_unknown_model', { param: 'model' });
  const policy = stages.policy();
  const rules = policy.personalRules(caller.tenant);
  // A conversation that the application does not name is named by its beginning, which others may share.
  const remembered =
    arrival.conversation === undefined ? undefined : stages.memory.open(caller.tenant, inquiry.conversation);
  const detection = await trip.stage('detect', () =>
    stages.detect(inquiry.body, rules, arrival.signal, remembered?.known),
  );
  remembered?.found(detection);
  return { ...way, caller, inquiry, policy, rules, remembered, detection };
}

/** Decides; classifies first only if the policy cannot decide without labels, or the caller wants them anyway. */
async function judge(entered: Entered, labelling: 'when_needed' | 'always'): Promise<Judged> {
  const { arrival, stages, trip, caller, inquiry, policy, detection } = entered;
  const thresholds = stages.thresholds();
  const known: Facts = {
    tenant: caller.tenant,
    model: inquiry.model,
    features: inquiry.features,
    promptTokens: inquiry.promptTokens,
    personal: detection.kinds,
    ...(thresholds === undefined ? {} : { thresholds }),
  };
  if (labelling === 'when_needed') {
    const decision = await trip.stage('decide', () => decide(policy, known));
    if (decision !== 'needs_labels') {
      trip.decided(known, decision);
      return { ...entered, facts: known, decision };
    }
  }
  const labels = await trip.stage('classify', () =>
    stages.classify.classify(inquiry.text, arrival.signal, caller.tenant),
  );
  arrival.signal.throwIfAborted();
  const facts = { ...known, labels };
  const decision = await trip.stage('decide', () => decide(policy, facts));
  trip.decided(facts, decision);
  return { ...entered, facts, decision };
}

async function carryOut(outcome: Outcome, judged: Judged): Promise<Answer> {
  const { stages, trip, inquiry, caller, facts } = judged;
  switch (outcome.tier) {
    case 'local': {
      const answer = await answerLocally(outcome.bar, judged);
      return answer ?? carryOut(outcome.otherwise, judged);
    }
    case 'cloud':
      return leave(outcome.models, judged);
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
  { stages, trip, inquiry, arrival }: Entered,
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

/** The only way out of the perimeter: redact, escalate, look over what comes back, restore. */
async function leave(models: readonly string[], entered: Entered): Promise<Answer> {
  const { stages, trip, inquiry, caller, rules, remembered, detection, arrival } = entered;
  const { redacted, vault } = await trip.stage('redact', () =>
    stages.redact.redact(inquiry, detection, caller.tenant, rules, remembered),
  );
  trip.redacted(detection.kinds);
  const { answer, restores } = await trip.stage('escalate', () =>
    stages.escalate(redacted, models, { open: (target) => trip.call(target), signal: arrival.signal }),
  );
  if (!restores) return answer;
  const own = customFamily(rules);
  const check = new AnswerCheck((text) => findStructured(text, [], true, own), vault, rules.answers);
  trip.answerHolds(() => check.counts);
  // Looked over before values are put back: what is found then, the model itself has brought.
  return trip.stage('restore', async () =>
    answer.form === 'whole'
      ? { ...answer, completion: await restoreCompletion(await check.completion(answer.completion), vault) }
      : { ...answer, chunks: restoreChunks(check.chunks(answer.chunks), vault) },
  );
}

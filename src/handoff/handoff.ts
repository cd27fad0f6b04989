/** The stage `handoff`: the request goes to a person, and the application gets a polite answer that says so. */
import type {
  Answer,
  AnswerOrigin,
  Caller,
  Classification,
  Inquiry,
  Outcome,
  Unclassified,
} from '../shapes.ts';
import { buildAnswer } from '../wire/completion.ts';
import type { HandoffQueue } from './queue.ts';

export interface HandedOff {
  readonly answer: Answer;
  /** Of the hand-off: for the person, the webhook and `x-tiergate-handoff`. */
  readonly id: string;
}

export type Handoff = ReturnType<typeof createHandoff>;
type HumanOutcome = Extract<Outcome, { tier: 'human' }>;

/** What the user reads. */
export const politeAnswer = (id: string): string =>
  `Thank you. A member of our team will look at your request and get back to you. Your reference is ${id}.`;

const ORIGIN: AnswerOrigin = { tier: 'human', provider: 'queue', model: 'human', sources: [], attempts: 0 };

/** @throws TiergateError (from what this returns) handoff_full, handoff_failed */
export function createHandoff(parts: {
  readonly queue: Pick<HandoffQueue, 'enqueue'>;
  readonly webhook?: { wake(): void } | undefined;
}) {
  return (
    inquiry: Inquiry,
    caller: Caller,
    outcome: Pick<HumanOutcome, 'queue' | 'priority'>,
    labels?: Classification | Unclassified,
  ): HandedOff => {
    const classified = labels?.status === 'classified' ? labels : null;
    const { id } = parts.queue.enqueue({
      tenant: caller.tenant,
      requestId: inquiry.requestId,
      idempotencyKey: inquiry.idempotencyKey,
      queue: outcome.queue,
      priority: outcome.priority,
      intent: classified?.intent ?? null,
      urgency: classified?.urgency ?? null,
      messages: inquiry.body.messages ?? [],
    });
    parts.webhook?.wake();
    return { id, answer: buildAnswer(politeAnswer(id), inquiry, ORIGIN) };
  };
}

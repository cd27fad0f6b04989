/** Decides a recorded request again: with the policy of its time to prove the record, or with another to compare. */

import type { Policy } from '../policy/policy.ts';
import type { Decision, JourneyRecord } from '../shapes.ts';
import { decide } from './decide.ts';

/** What a record has to say for its decision to be made again. It holds no content. */
export type RecordedDecision = Pick<JourneyRecord, 'facts' | 'rule' | 'tierDecided'>;

export type Replay =
  /** The same rule decides, for the same tier. */
  | { readonly verdict: 'same'; readonly now: Decision }
  | { readonly verdict: 'moved'; readonly now: Decision }
  /** The policy asks for a label that the record does not have, as its request was never classified. */
  | { readonly verdict: 'needs_labels' }
  /** The request ended before it was decided, so there is nothing to compare with. */
  | { readonly verdict: 'undecided' };

export function replay(record: RecordedDecision, policy: Policy): Replay {
  if (record.facts === null || record.rule === null) return { verdict: 'undecided' };
  const now = decide(policy, record.facts);
  if (now === 'needs_labels') return { verdict: 'needs_labels' };
  const same = now.rule === record.rule && now.outcome.tier === record.tierDecided;
  return { verdict: same ? 'same' : 'moved', now };
}

/** What the operator is told when something was kept from leaving: closed words, no value. */

/** Why: docs/observability.md says what each means. */
export const WHY_BLOCKED = [
  'replaced_value',
  'personal_data',
  'unreadable',
  'failed',
  'late',
  'unknown_host',
  'address_refused',
  'redirected',
] as const;
export type WhyBlocked = (typeof WHY_BLOCKED)[number];

/** Where in what was about to leave. */
export const PLACES = ['address', 'headers', 'body'] as const;
export type Place = (typeof PLACES)[number];

export interface Blocked {
  readonly why: WhyBlocked;
  readonly place: Place;
  /** The configured host it was meant for. */
  readonly host?: string | undefined;
  /** The trace of the request, if it has one. */
  readonly traceId?: string | undefined;
}

export type OnBlocked = (blocked: Blocked) => void;

/** What came of conversations: numbers alone. */

export interface Tally {
  readonly conversations: number;
  /** Requests that reached the provider. */
  readonly requests: number;
  readonly answered: number;
  /** Personal values that were in them. */
  readonly planted: number;
  /** Places at which streams were cut: between deltas, and between pieces of bytes. */
  readonly cuts: number;
  /** Conversations that met a broken part of the gateway, and such that met a provider that fails. */
  readonly faults: number;
  readonly failures: number;
  /** Conversations with a complaint, and requests that nobody sent. */
  readonly wrong: number;
}

export const NONE: Tally = {
  conversations: 0,
  requests: 0,
  answered: 0,
  planted: 0,
  cuts: 0,
  faults: 0,
  failures: 0,
  wrong: 0,
};

export const added = (some: Tally, more: Tally): Tally => ({
  conversations: some.conversations + more.conversations,
  requests: some.requests + more.requests,
  answered: some.answered + more.answered,
  planted: some.planted + more.planted,
  cuts: some.cuts + more.cuts,
  faults: some.faults + more.faults,
  failures: some.failures + more.failures,
  wrong: some.wrong + more.wrong,
});

const figure = (count: number): string => count.toLocaleString('en');

export function summaryOf(tally: Tally, seconds: number): string {
  const { conversations, requests, answered, planted, cuts, faults, failures, wrong } = tally;
  return [
    `${figure(conversations)} conversations in ${(seconds / 60).toFixed(1)} min (${((1_000 * seconds) / Math.max(1, conversations)).toFixed(2)} ms each):`,
    `${figure(requests)} requests at the provider, ${figure(answered)} answered;`,
    `${figure(planted)} values planted, ${figure(cuts)} cuts of streams;`,
    `${figure(faults)} with a broken part, ${figure(failures)} with a failing provider;`,
    `${figure(wrong)} wrong.`,
  ].join('\n  ');
}

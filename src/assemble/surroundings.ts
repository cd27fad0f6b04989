/**
 * What every part of the gateway is built with.
 */
import type { Encoder } from '../engine/encoder.ts';
import type { Log } from '../record/log.ts';
import type { TelemetryOptions } from '../record/telemetry.ts';
import type { Settings } from '../settings.ts';
import type { Resolve } from '../upstream/egress.ts';
import type { ExchangeLimits } from '../upstream/exchange.ts';

/** Shows a step while it is under way: `done` of `total` where that is known. */
export type Step = <T>(
  what: string,
  run: (show: (done: number, total: number) => void) => Promise<T>,
) => Promise<T>;

export interface Surroundings {
  readonly settings: Settings;
  readonly log: Log;
  readonly step: Step;
  /** Tells the operator more than a line of the log can: sentences about their own files. */
  readonly tell: (text: string) => void;
  /** Where spans go besides OTLP; for tests. */
  readonly spanProcessors?: NonNullable<TelemetryOptions['spanProcessors']>;
  /** How names of hosts are resolved; for tests. */
  readonly resolve?: Resolve;
  /** How the encoder is made; for tests that have one already. */
  readonly openEncoder?: () => Promise<Encoder>;
}

export const exchangeLimits = (settings: Settings): ExchangeLimits => ({
  firstByteWaitMsMax: settings.TIERGATE_FIRST_BYTE_WAIT_MS_MAX,
  idleWaitMsMax: settings.TIERGATE_IDLE_WAIT_MS_MAX,
  answerBytesMax: settings.TIERGATE_ANSWER_BYTES_MAX,
  attemptsMax: settings.TIERGATE_ATTEMPTS_MAX,
});

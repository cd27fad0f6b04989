/**
 * Watches over one promise while requests come in: whether they still look like those it was calibrated with, and, where
 * somebody says so, how many were misunderstood. Both may be looked at after every request, for as long as it runs.
 */
import { boundsAtAnyTime, ErrorWatch, type ShareBounds } from '../statistics/betting.ts';
import { DriftWatch } from '../statistics/drift.ts';
import type { Guarantee } from './calibration.ts';

/**
 * How a promise is doing, from good to bad; it never gets better by itself. `kept`: nothing speaks against it.
 * `endangered`: requests look otherwise than when it was calibrated, or more are wrong than it allows, maybe by chance.
 * `broken`: more are wrong than it allows, and not by chance.
 */
export const LEVELS = ['kept', 'endangered', 'broken'] as const;
export type Level = (typeof LEVELS)[number];

/** The chances of a false alarm, each over the whole time that a promise is watched. */
export const DRIFT_DOUBT = 0.01;
export const DANGER_DOUBT = 0.1;
export const BROKEN_DOUBT = 0.01;
/** The chance that the bounds of the error are ever wrong. */
export const BOUNDS_DOUBT = 0.05;
/** Requests of a calibration below which there is nothing to compare with. */
const COMPARED_MIN = 50;

/** What an alarm was raised by: the look of what arrives, or what was said about it. */
export type Cause = 'drift' | 'error';

export class PromiseWatch {
  readonly #drift: DriftWatch | null;
  readonly #errors: ErrorWatch;
  #level: Level;
  #cause: Cause | null = null;
  #wrong = 0;
  #said = 0;

  /** @param level that it was at when it was last watched */
  constructor({ confidences, errorMax }: Guarantee, level: Level) {
    const compared = confidences.reduce((sum, count) => sum + count, 0);
    // The same lots each time: watching again what was watched before comes to the same end.
    this.#drift = compared < COMPARED_MIN ? null : new DriftWatch(confidences, 1);
    this.#errors = new ErrorWatch(errorMax);
    this.#level = level;
  }

  /** A request that gets as far as the rule, whatever became of it. */
  arrived(confidence: number): void {
    if (this.#drift === null) return;
    this.#drift.observe(confidence);
    if (this.#drift.wealth >= 1 / DRIFT_DOUBT) this.#raise('endangered', 'drift');
  }

  /** What was said about a request that was answered on the strength of the promise. */
  said(wrong: boolean): void {
    this.#said += 1;
    if (wrong) this.#wrong += 1;
    this.#errors.observe(wrong);
    const { wealth } = this.#errors;
    if (wealth >= 1 / BROKEN_DOUBT) this.#raise('broken', 'error');
    else if (wealth >= 1 / DANGER_DOUBT) this.#raise('endangered', 'error');
  }

  #raise(level: Level, cause: Cause): void {
    if (LEVELS.indexOf(level) <= LEVELS.indexOf(this.#level)) return;
    this.#level = level;
    this.#cause = cause;
  }

  get level(): Level {
    return this.#level;
  }
  /** What raised the level; null where it was found raised. */
  get cause(): Cause | null {
    return this.#cause;
  }
  /** Requests about which something was said. */
  get outcomes(): number {
    return this.#said;
  }
  /** Bounds of the share of wrong ones, good at all times at once. */
  errorBounds(): ShareBounds {
    return boundsAtAnyTime(this.#wrong, this.#said, BOUNDS_DOUBT);
  }
}

/** The instruments that tell how the promises of the policy (`max_error`) are doing. */
import type { Meter } from '@opentelemetry/api';
import { ATTRIBUTES, METRICS } from './telemetry-names.ts';

/** By their numbers, which alerts are written against. */
const LEVELS = ['kept', 'endangered', 'broken', 'uncalibrated'] as const;

/** How the promise of a rule is doing. */
export interface PromiseMeasure {
  readonly rule: string;
  readonly level: (typeof LEVELS)[number];
  /** Bounds of the share of misunderstood requests. */
  readonly error: { readonly low: number; readonly high: number };
}

export interface GuaranteeInstruments {
  promise(measure: PromiseMeasure): void;
  /** Somebody said whether a request was understood. */
  feedback(right: boolean): void;
}

export function createGuaranteeInstruments(meter: Meter): GuaranteeInstruments {
  const level = meter.createGauge(METRICS.GUARANTEE_LEVEL, {
    description: 'How the promise of a rule is doing: 0 kept, 1 endangered, 2 broken, 3 uncalibrated.',
  });
  const error = meter.createGauge(METRICS.GUARANTEE_ERROR, {
    description: 'Bounds of the share of misunderstood requests that a rule took, good at any time.',
  });
  const feedback = meter.createCounter(METRICS.FEEDBACK, {
    unit: '{request}',
    description: 'Requests about which somebody said whether they were understood.',
  });
  return {
    promise(measure) {
      const rule = { [ATTRIBUTES.RULE]: measure.rule };
      level.record(LEVELS.indexOf(measure.level), rule);
      for (const bound of ['low', 'high'] as const) {
        error.record(measure.error[bound], { ...rule, [ATTRIBUTES.BOUND]: bound });
      }
    },
    feedback: (right) => feedback.add(1, { [ATTRIBUTES.VERDICT]: right ? 'right' : 'wrong' }),
  };
}

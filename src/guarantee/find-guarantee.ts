/** Which entry of a calibration is for a rule, or why none is. */
import type { Guaranteed } from '../policy/policy.ts';
import type { Guarantee, ReadCalibration } from './calibration.ts';

/** Why a rule with `max_error` takes nothing although nothing is wrong with it. */
export type Uncalibrated =
  /** There is no calibration, or none for this rule or for so small an error. */
  | 'not_calibrated'
  /** Other requests get to the rule now than when it was calibrated. */
  | 'policy_changed'
  /** The labels or the encoder are others. */
  | 'labels_changed'
  /** What was labelled did not support the promise. */
  | 'not_supported';

/** The calibration's entry for a rule, or why there is none. */
export function findGuarantee(
  calibration: ReadCalibration | null,
  { rule, errorMax, scope }: Guaranteed,
  labels: string,
): Guarantee | Uncalibrated {
  if (calibration === null) return 'not_calibrated';
  if (calibration.labelsRevision !== labels) return 'labels_changed';
  const strictEnough = calibration.guarantees.filter(
    (one) => one.errorMax <= errorMax && (one.rule === rule || one.rule === null),
  );
  if (strictEnough.length === 0) return 'not_calibrated';
  const sameScope = strictEnough.filter((one) => one.rule === null || one.scope === scope);
  if (sameScope.length === 0) return 'policy_changed';
  const supported = sameScope.filter((one) => one.threshold !== null);
  // Of those that will do, the rule's own before one that is for any, and the largest error that is allowed.
  const [best] = supported.toSorted(
    (a, b) => Number(b.rule !== null) - Number(a.rule !== null) || b.errorMax - a.errorMax,
  );
  return best ?? 'not_supported';
}

/** What the rules of a policy may take by a calibration, as long as its labels are those in use and nothing is amiss. */
export function calibratedThresholds(
  calibration: ReadCalibration | null,
  guarantees: readonly Guaranteed[],
): Readonly<Record<string, number>> {
  const thresholds = guarantees.flatMap((guaranteed): [string, number][] => {
    const found = findGuarantee(calibration, guaranteed, calibration?.labelsRevision ?? '');
    return typeof found === 'string' || found.threshold === null ? [] : [[guaranteed.rule, found.threshold]];
  });
  return Object.fromEntries(thresholds);
}

const REASONS: Readonly<Record<string, string>> = {
  not_calibrated: 'nobody has calibrated it',
  policy_changed: 'other requests get there now than when it was calibrated',
  labels_changed: 'the labels or the model are others now than when it was calibrated',
  not_supported: 'what was labelled does not support it',
} satisfies Record<Uncalibrated, string>;

/** What the operator reads. */
export const uncalibratedWords = ({
  rule,
  why,
}: {
  readonly rule: string;
  readonly why: string | null;
}): string =>
  `The rule \`${rule}\` promises a \`max_error\`, and ${REASONS[why ?? ''] ?? 'it cannot be kept'}: it takes nothing. ` +
  '`npm run tiergate -- calibrate` finds from which confidence it can be kept.';

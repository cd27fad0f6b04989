/**
 * The promises of the policy: what was calibrated, what is remembered of requests, and who is told.
 */
import { stat } from 'node:fs/promises';
import type { Classify } from '../classify/classify.ts';
import {
  CalibrationError,
  calibrationFile,
  calibrationFolder,
  type ReadCalibration,
  readCalibration,
} from '../guarantee/calibration.ts';
import { feedbackFile, openFeedbackStore } from '../guarantee/feedback-store.ts';
import { uncalibratedWords } from '../guarantee/find-guarantee.ts';
import { GuaranteeKeeper, type PromiseStatus } from '../guarantee/guarantee-keeper.ts';
import type { FeedbackRoute } from '../http/feedback.ts';
import type { Policy } from '../policy/policy.ts';
import { errnoOf, type Log, type LogLevel } from '../record/log.ts';
import type { Recorder } from '../record/record.ts';
import type { Telemetry } from '../record/telemetry.ts';
import type { Settings } from '../settings.ts';
import type { Facts } from '../shapes.ts';
import type { Opened } from './opened.ts';
import type { Surroundings } from './surroundings.ts';

/** How often the calibration is looked at. */
const WATCH_INTERVAL_MS = 2_000;

export interface Guarantees {
  /** The thresholds in force. */
  readonly thresholds: () => Facts['thresholds'];
  readonly feedback: FeedbackRoute['feedback'];
  /** Remembers what a recorder writes down, so that something can be said about it. */
  readonly remembering: (record: Recorder) => Recorder;
}

export async function keepGuarantees(
  around: Surroundings,
  parts: {
    readonly telemetry: Telemetry;
    readonly policy: () => Policy;
    readonly classify: Pick<Classify, 'intents' | 'revision'>;
  },
  opened: Opened,
): Promise<Guarantees> {
  const { settings, log, tell } = around;
  const { telemetry, policy, classify } = parts;
  const onFailure = (thrown: unknown): void =>
    log.write('error', 'feedback_store_failed', { errno: errnoOf(thrown) ?? 'UNKNOWN' });
  const store = openFeedbackStore({
    file: feedbackFile(settings),
    rowsMax: settings.TIERGATE_FEEDBACK_MAX,
    onFailure,
  });
  opened.defer(() => store.close());
  const keeper = new GuaranteeKeeper({
    policy,
    labelsRevision: () => classify.revision,
    store,
    onChange(status) {
      telemetry.guarantees.promise(status);
      report(status, log);
      if (status.level === 'uncalibrated') tell(`${uncalibratedWords(status)}\n`);
    },
    onOutcome: telemetry.guarantees.promise,
  });
  opened.defer(await watchCalibration(settings, keeper, around));
  return {
    thresholds() {
      try {
        return keeper.thresholds();
      } catch (thrown) {
        // Without a threshold, the rules that need one take nothing.
        onFailure(thrown);
        return {};
      }
    },
    feedback: {
      take(requestId, tenant, says) {
        const verdict = keeper.say(requestId, tenant, says);
        telemetry.guarantees.feedback(verdict.right);
        return verdict;
      },
      intents: () => classify.intents,
    },
    remembering: (record) => (finished) => {
      record(finished);
      try {
        keeper.decided(finished.record);
      } catch (thrown) {
        onFailure(thrown);
      }
    },
  };
}

/** Takes over a new calibration; one that is not whole leaves the last one. @returns what ends it */
async function watchCalibration(
  settings: Settings,
  keeper: GuaranteeKeeper,
  { log, tell }: Surroundings,
): Promise<() => void> {
  const file = calibrationFile(calibrationFolder(settings));
  let seen: string | null = null;
  const look = async (): Promise<void> => {
    const state = await stat(file, { bigint: true }).then(
      ({ ino, size, mtimeNs }) => `${ino} ${size} ${mtimeNs}`,
      () => '',
    );
    if (state === seen) return;
    const isFirst = seen === null;
    seen = state;
    try {
      const calibration: ReadCalibration | null = await readCalibration(file);
      // One that has gone is no new one: what it said holds until the next start.
      if (calibration === null && !isFirst) return;
      keeper.use(calibration);
      if (calibration !== null) log.write('info', 'calibration_loaded', { revision: calibration.id });
    } catch (thrown) {
      if (isFirst) keeper.use(null);
      log.write('error', 'calibration_refused', { errno: errnoOf(thrown) ?? 'UNKNOWN' });
      if (thrown instanceof CalibrationError) tell(`${thrown.message}\n`);
    }
  };
  await look();
  const timer = setInterval(() => void look(), WATCH_INTERVAL_MS).unref();
  return () => clearInterval(timer);
}

const LOGGED: Readonly<Record<PromiseStatus['level'], LogLevel>> = {
  kept: 'info',
  endangered: 'warn',
  broken: 'error',
  uncalibrated: 'warn',
};

function report({ rule, level, why, threshold, outcomes }: PromiseStatus, log: Log): void {
  log.write(LOGGED[level], `guarantee_${level}`, {
    rule,
    count: outcomes,
    ...(why === null ? {} : { why }),
    ...(threshold === null ? {} : { threshold }),
  });
}

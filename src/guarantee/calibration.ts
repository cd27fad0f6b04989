/**
 * What `tiergate calibrate` found, as a file: for each promise of the policy the confidence from which it can be kept,
 * or that it cannot. The server takes its thresholds from here.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '../settings.ts';
import { CONFIDENCE_BINS } from '../statistics/drift.ts';

export const CALIBRATION_FILE = 'calibration.json';
/** Largest file. A promise takes about a kilobyte. */
const BYTES_MAX = 4_194_304;

/** A promise, and what became of it. */
export interface Guarantee {
  /** The rule that makes it, and the requests that get there (see the policy's `Guaranteed`). Null: for any rule. */
  readonly rule: string | null;
  readonly scope: string | null;
  /** Largest share of misunderstood requests among those answered, 0 to 1. */
  readonly errorMax: number;
  /** The confidence from which it is kept; null: from none. */
  readonly threshold: number | null;
  /** The one from which half the error is kept: for when the promise is in danger. Null: from none. */
  readonly stricter: number | null;
  /** How the confidences that it was found with lie, in equal bins from 0 to 1: what arrives is compared with them. */
  readonly confidences: readonly number[];
}

export interface Calibration {
  readonly version: 1;
  /** RFC 3339, UTC. */
  readonly madeAt: string;
  /** The labels and the encoder whose confidences these are; others' would mean something else. */
  readonly labelsRevision: string;
  /** The chance that any of the promises is not kept although it says so, 0 to 1. */
  readonly doubt: number;
  readonly guarantees: readonly Guarantee[];
}

/** A calibration that was read, with a name for exactly these bytes: 12 hex digits of their SHA-256. */
export interface ReadCalibration extends Calibration {
  readonly id: string;
}

/** The file is not one; the message says why, and quotes nothing of it. */
export class CalibrationError extends Error {
  constructor(file: string, why: string) {
    super(`${file} is not a calibration: ${why} \`tiergate calibrate\` makes a new one.`);
    this.name = 'CalibrationError';
  }
}

/** Writes it in one step: whoever reads meanwhile gets the old one or the new one whole. */
export async function writeCalibration(folder: string, calibration: Calibration): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, CALIBRATION_FILE);
  const draft = join(folder, `.${CALIBRATION_FILE}.${process.pid}`);
  await writeFile(draft, `${JSON.stringify(calibration, null, 1)}\n`);
  await rename(draft, file);
}

/** Null where there is none. @throws CalibrationError */
export async function readCalibration(file: string): Promise<ReadCalibration | null> {
  const text = await readBounded(file);
  if (text === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CalibrationError(file, 'it is not JSON.');
  }
  const fault = faultOf(value);
  if (fault !== null) throw new CalibrationError(file, fault);
  const id = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return { ...(value as Calibration), id };
}

async function readBounded(file: string): Promise<string | null> {
  const codeOf = (thrown: unknown): string => (thrown as NodeJS.ErrnoException).code ?? 'unknown';
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { size } = await handle.stat();
      if (size > BYTES_MAX) throw new CalibrationError(file, `it is larger than ${BYTES_MAX} bytes.`);
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    if (thrown instanceof CalibrationError) throw thrown;
    if (codeOf(thrown) === 'ENOENT') return null;
    throw new CalibrationError(file, `it cannot be read (${codeOf(thrown)}).`);
  }
}

/** What is wrong with it, or null. A threshold that is not exactly what it should be must not open the door. */
function faultOf(value: unknown): string | null {
  const { version, madeAt, labelsRevision, doubt, guarantees } = fieldsOf(value);
  if (version !== 1) return 'its `version` is not 1.';
  if (typeof madeAt !== 'string' || Number.isNaN(Date.parse(madeAt))) return '`madeAt` is not a time.';
  if (typeof labelsRevision !== 'string') return '`labelsRevision` is missing.';
  if (!isShare(doubt)) return '`doubt` is not a share.';
  if (!Array.isArray(guarantees)) return '`guarantees` is not a list.';
  const at = guarantees.findIndex((one) => !isGuarantee(one));
  return at < 0 ? null : `entry ${at} of \`guarantees\` is not complete.`;
}

function isGuarantee(value: unknown): value is Guarantee {
  const { rule, scope, errorMax, threshold, stricter, confidences } = fieldsOf(value);
  return (
    ((typeof rule === 'string' && typeof scope === 'string') || (rule === null && scope === null)) &&
    isShare(errorMax) &&
    (threshold === null || isShare(threshold)) &&
    (stricter === null || (isShare(stricter) && threshold !== null)) &&
    Array.isArray(confidences) &&
    confidences.length === CONFIDENCE_BINS &&
    confidences.every((count) => Number.isSafeInteger(count) && count >= 0)
  );
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const isShare = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 1;

/** Where it lies. */
export const calibrationFile = (folder: string): string => join(folder, CALIBRATION_FILE);

/** The folder that `tiergate calibrate` writes to and the server reads from, unless told otherwise. */
export const calibrationFolder = (settings: Settings): string =>
  settings.TIERGATE_CALIBRATION || join(settings.TIERGATE_DATA, 'calibration');

/**
 * `log replay`: decides every recorded request again. With the policy of its time that proves the log; with another
 * one it shows what an edit would change.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LRUCache } from 'lru-cache';
import { type RecordedDecision, replay } from '../decide/replay.ts';
import { calibrationFile, calibrationFolder, readCalibration } from '../guarantee/calibration.ts';
import { calibratedThresholds } from '../guarantee/find-guarantee.ts';
import { compilePolicy } from '../policy/compile.ts';
import type { Policy } from '../policy/policy.ts';
import { logLines } from '../record/read-log.ts';
import { readSettings, type Settings } from '../settings.ts';
import { type Facts, TIERS } from '../shapes.ts';
import { vocabularyOf } from './vocabulary.ts';

export const usage = '[FOLDER] [--policy FILE]';
export const about = 'decides all that is recorded again: as proof, or with another policy';

/** 0: all came out the same. 2: some did not. (1: the tool itself failed; a rejection.) */
export type ReplayExit = 0 | 2;

export async function run(args: readonly string[]): Promise<ReplayExit> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { policy: { type: 'string' } },
    allowPositionals: true,
  });
  if (positionals.length > 1) throw new Error(`One folder at a time: log replay ${usage}`);
  const settings = readSettings(process.env);
  const folder = positionals[0] ?? join(settings.TIERGATE_DATA, 'decisions');
  const { policyOf, thresholds } =
    values.policy === undefined
      ? { policyOf: keptPolicies(join(settings.TIERGATE_DATA, 'policies')), thresholds: undefined }
      : await onePolicy(values.policy, settings);
  const isShown = process.stderr.isTTY;
  const onProgress = (records: number): void => {
    if (isShown) process.stderr.write(`\r${records} records …`);
  };
  const tally = await replayLog(folder, policyOf, { thresholds, onProgress });
  if (isShown) process.stderr.write('\r');
  process.stdout.write(report(tally));
  return tally.moved === 0 ? 0 : 2;
}

/** The policy to decide a record with, by the revision that the record names. @throws Error if there is none. */
export type PolicyOf = (revision: string) => Promise<Policy>;

/** Near a reload, records of two revisions alternate. A compiled policy is small, but a log may name many. */
const POLICIES_MAX = 8;

/** The copies that the server kept of every revision it served. */
export function keptPolicies(folder: string): PolicyOf {
  const known = new LRUCache<string, Policy>({ max: POLICIES_MAX });
  return async (revision) => {
    const before = known.get(revision);
    if (before !== undefined) return before;
    const file = join(folder, `${revision}.yaml`);
    const source = await readFile(file, 'utf8').catch((error: unknown) => {
      throw new Error(`The policy of that time cannot be read: ${String(error)}`);
    });
    // No vocabulary: labels, models and keys may have changed since, and the policy was checked when it was served.
    const policy = compilePolicy(source, file, {});
    if (policy.revision !== revision) {
      throw new Error(`${file} was changed since it was served: its revision is now ${policy.revision}.`);
    }
    known.set(revision, policy);
    return policy;
  };
}

/** One policy for all records: the edit, checked as the server would check it, with today's calibration. */
async function onePolicy(
  file: string,
  settings: Settings,
): Promise<Replayed & { readonly policyOf: PolicyOf }> {
  const policy = compilePolicy(await readFile(file, 'utf8'), file, await vocabularyOf(settings));
  const calibration = await readCalibration(calibrationFile(calibrationFolder(settings)));
  const { guarantees } = policy;
  const thresholds = guarantees.length === 0 ? undefined : calibratedThresholds(calibration, guarantees);
  return { policyOf: async () => policy, thresholds };
}

interface Replayed {
  /** What rules with `max_error` may take, in place of what they might when it was decided. */
  readonly thresholds?: Facts['thresholds'];
}

/** A record that does not come out as it is written down. */
export interface Moved {
  readonly requestId: string;
  /** Rule and tier, then and now; now may be that labels are asked for which the record does not have. */
  readonly before: string;
  readonly now: string;
}
export interface Tally {
  readonly same: number;
  readonly moved: number;
  /** Requests that ended before they were decided. */
  readonly undecided: number;
  /** The first of those that moved. */
  readonly examples: readonly Moved[];
}

const EXAMPLES_MAX = 20;
const PROGRESS_EVERY = 10_000;

/** Memory is constant: one line at a time. @throws Error when a line is no record, or its policy cannot be had. */
export async function replayLog(
  folder: string,
  policyOf: PolicyOf,
  {
    thresholds,
    onProgress = () => undefined,
  }: Replayed & { readonly onProgress?: (records: number) => void } = {},
): Promise<Tally> {
  const counts = { same: 0, moved: 0, undecided: 0 };
  const examples: Moved[] = [];
  let records = 0;
  for await (const { place, bytes } of logLines(folder)) {
    const line = readRecord(bytes);
    if (line === null) throw new Error(`${place} is not a record. \`log verify\` checks the whole log.`);
    if (line === 'damage') continue;
    records++;
    if (records % PROGRESS_EVERY === 0) onProgress(records);
    const { requestId, policyRevision } = line;
    if (policyRevision === null) {
      counts.undecided++;
      continue;
    }
    const policy = await policyOf(policyRevision).catch((error: Error) => {
      throw new Error(`${place} (policy ${policyRevision}): ${error.message}`, { cause: error });
    });
    const isAnew = thresholds !== undefined && line.facts !== null;
    const result = replay(isAnew ? { ...line, facts: { ...line.facts, thresholds } } : line, policy);
    if (result.verdict === 'same' || result.verdict === 'undecided') {
      counts[result.verdict]++;
      continue;
    }
    counts.moved++;
    if (examples.length < EXAMPLES_MAX) {
      const now =
        result.verdict === 'moved'
          ? `${result.now.rule} (${result.now.outcome.tier})`
          : 'a rule asks for labels, and it has none';
      examples.push({ requestId, before: `${line.rule} (${line.tierDecided})`, now });
    }
  }
  return { ...counts, examples };
}

interface RecordLine extends RecordedDecision {
  readonly requestId: string;
  readonly policyRevision: string | null;
}

const REVISION = /^[0-9a-f]{12}$/;

/** Reads what a replay needs of a line; null if that is not all there. */
function readRecord(bytes: Uint8Array): RecordLine | 'damage' | null {
  let value: Record<string, unknown>;
  try {
    value = Object(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    return null;
  }
  if (value.event === 'damaged') return 'damage';
  const { requestId, policyRevision, facts, rule, tierDecided } = value;
  if (typeof requestId !== 'string') return null;
  if (policyRevision === null && facts === null && rule === null)
    return { requestId, policyRevision, facts, rule, tierDecided: null };
  const tier = TIERS.find((one) => one === tierDecided);
  if (typeof policyRevision !== 'string' || !REVISION.test(policyRevision)) return null;
  if (typeof rule !== 'string' || tier === undefined || !isFacts(facts)) return null;
  return { requestId, policyRevision, facts, rule, tierDecided: tier };
}

/** As far as deciding needs it: whatever else a changed line holds can only make the decision another. */
function isFacts(value: unknown): value is NonNullable<RecordedDecision['facts']> {
  const { tenant, model, features, promptTokens, personal } = Object(value) as Record<string, unknown>;
  const isNamed = typeof tenant === 'string' && typeof model === 'string';
  const isCounted = typeof promptTokens === 'number' && typeof personal === 'object' && personal !== null;
  return isNamed && isCounted && Array.isArray(features);
}

/** What the operator reads. */
export function report({ same, moved, undecided, examples }: Tally): string {
  const early = undecided === 0 ? '' : ` Another ${undecided} ended before they were decided.`;
  if (moved === 0) return `All ${same} decisions came out the same.${early}\n`;
  const rows = examples.map(({ requestId, before, now }) => `  ${requestId}  ${before} → ${now}`);
  const more = moved > examples.length ? [`  … and ${moved - examples.length} more`] : [];
  const sentence = `Of ${same + moved} decisions, ${same} came out the same and ${moved} did not.${early}`;
  return `${[sentence, '', ...rows, ...more].join('\n')}\n`;
}

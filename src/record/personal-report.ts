/** What personal data was met, a day at a time: kinds and counts, read from the decision log. There is no content in it. */
import { logLines } from './read-log.ts';

/** How often a kind was found. */
export interface KindTally {
  readonly values: number;
  /** Requests that held at least one. */
  readonly requests: number;
}

/** One day, in UTC. */
export interface PersonalDay {
  /** As `2026-11-20`. */
  readonly day: string;
  /** Requests that were decided: those that were searched to the end. */
  readonly requests: number;
  /** Those of them in which something was found. */
  readonly personalRequests: number;
  /** Values that were found. */
  readonly values: number;
  /** Values that were replaced before their request left. */
  readonly replaced: number;
  /** Requests that the last check kept from leaving: each is a fault of the gateway. */
  readonly blocked: number;
  /** By kind, the most frequent first. */
  readonly kinds: ReadonlyMap<string, KindTally>;
  /** What cloud models themselves brought back, by kind, the most frequent first. */
  readonly broughtBack: ReadonlyMap<string, KindTally>;
}

export interface PersonalReportOptions {
  /** Only this day. */
  readonly day?: string | undefined;
  readonly onProgress?: ((records: number) => void) | undefined;
}

const PROGRESS_EVERY = 10_000;
/** Days of one report: a century. More are no log that a server wrote. */
const DAYS_MAX = 36_525;

/**
 * Reads a whole log. Memory grows with the days, not with the records.
 * @returns the days with records, in order; with `day`, that day alone, whether it has any or not
 * @throws Error when there is no log, or a line is no record
 */
export async function reportPersonal(
  folder: string,
  { day, onProgress }: PersonalReportOptions = {},
): Promise<PersonalDay[]> {
  const days = new Map<string, Tally>();
  if (day !== undefined) days.set(day, emptyTally());
  // A line of another day is passed over unread.
  const wanted = day === undefined ? null : Buffer.from(`"at":"${day}T`);
  let records = 0;
  for await (const { place, bytes } of logLines(folder)) {
    records++;
    if (records % PROGRESS_EVERY === 0) onProgress?.(records);
    if (wanted !== null && !bytes.includes(wanted)) continue;
    const line = readLine(bytes);
    if (line === null) throw new Error(`${place} is not a record. \`log verify\` checks the whole log.`);
    if (line === 'no_request' || (day !== undefined && line.day !== day)) continue;
    let tally = days.get(line.day);
    if (tally === undefined) {
      if (days.size === DAYS_MAX) throw new Error(`${place}: more than ${DAYS_MAX} days in one log.`);
      tally = emptyTally();
      days.set(line.day, tally);
    }
    add(tally, line);
  }
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, tally]) => summed(name, tally));
}

interface Tally {
  requests: number;
  personalRequests: number;
  replaced: number;
  blocked: number;
  readonly kinds: Kinds;
  readonly broughtBack: Kinds;
}
type Kinds = Map<string, { values: number; requests: number }>;
const emptyTally = (): Tally => ({
  requests: 0,
  personalRequests: 0,
  replaced: 0,
  blocked: 0,
  kinds: new Map(),
  broughtBack: new Map(),
});

type Counts = readonly (readonly [kind: string, count: number])[];

/** What the report takes of a record. */
interface Line {
  readonly day: string;
  /** Null where the request ended before it was decided. */
  readonly personal: Counts | null;
  readonly broughtBack: Counts;
  readonly replaced: number;
  readonly isBlocked: boolean;
}

function add(tally: Tally, { personal, broughtBack, replaced, isBlocked }: Line): void {
  tally.replaced += replaced;
  if (isBlocked) tally.blocked++;
  addKinds(tally.broughtBack, broughtBack);
  if (personal === null) return;
  tally.requests++;
  if (personal.length > 0) tally.personalRequests++;
  addKinds(tally.kinds, personal);
}

function addKinds(kinds: Kinds, counts: Counts): void {
  for (const [kind, count] of counts) {
    const known = kinds.get(kind);
    if (known === undefined) kinds.set(kind, { values: count, requests: 1 });
    else {
      known.values += count;
      known.requests++;
    }
  }
}

function summed(day: string, { kinds, broughtBack, ...counts }: Tally): PersonalDay {
  const values = [...kinds.values()].reduce((sum, kind) => sum + kind.values, 0);
  return { day, ...counts, values, kinds: inOrder(kinds), broughtBack: inOrder(broughtBack) };
}

const inOrder = (kinds: Kinds): Kinds =>
  new Map([...kinds].sort(([a, one], [b, other]) => other.values - one.values || (a < b ? -1 : 1)));

const AT = /^(\d{4}-\d{2}-\d{2})T/;
/** Kinds are printed: a changed line must not steer a terminal. */
const KIND = /^[A-Z][A-Z0-9_]{0,63}$/;

/** Null: no line of a decision log. A note of damage is one, but speaks of no request. */
function readLine(bytes: Uint8Array): Line | 'no_request' | null {
  let value: Record<string, unknown>;
  try {
    value = Object(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    return null;
  }
  const { at, event, facts, redacted, answerPersonal, error } = value;
  if (event === 'damaged') return 'no_request';
  const day = typeof at === 'string' ? AT.exec(at)?.[1] : undefined;
  if (day === undefined || !isCount(redacted)) return null;
  const personal = facts === null ? null : readCounts(Object(facts).personal);
  // Records of older versions say nothing of answers.
  const broughtBack = readCounts(answerPersonal ?? {});
  if (personal === undefined || broughtBack === undefined) return null;
  return { day, personal, broughtBack, replaced: redacted, isBlocked: error === 'escalate_blocked' };
}

function readCounts(value: unknown): [string, number][] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const counts = Object.entries(value);
  return counts.every((entry): entry is [string, number] => KIND.test(entry[0]) && isCount(entry[1]))
    ? counts
    : undefined;
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

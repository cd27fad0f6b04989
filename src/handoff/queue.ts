/**
 * The queue of requests that wait for a person, in one SQLite file. The conversation's words are kept here and nowhere
 * else: whoever answers needs them. Every operation is bound to a tenant; what belongs to another does not exist.
 *
 * SQLite is called synchronously: one operation takes a fraction of a millisecond, and hand-offs are the rare tier.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { asTiergateError, TiergateError } from '../errors.ts';
import { type Json, PRIORITIES, type Priority, type Urgency } from '../shapes.ts';
import { parseJson } from '../wire/json.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { inTransaction, openDatabase } from './schema.ts';

/** The most pressing first: the index is what the file holds as `rank`. */
const RANKS = PRIORITIES.toReversed();
export const STATUSES = ['waiting', 'claimed', 'resolved'] as const;
export type Status = (typeof STATUSES)[number];

/** Most hand-offs on one page of a list, and how many there are if nobody says. */
export const PAGE_MAX = 100;
const PAGE_DEFAULT = 20;
/** Longest resolution, in UTF-16 code units. */
export const RESOLUTION_CHARS_MAX = 65_536;
const DAY_MS = 86_400_000;

/** A hand-off without its words: what a list shows. Times are RFC 3339, UTC. */
export interface HandoffSummary {
  readonly id: string;
  readonly tenant: string;
  readonly requestId: string;
  readonly queue: string;
  readonly priority: Priority;
  readonly status: Status;
  readonly createdAt: string;
  readonly claimedAt: string | null;
  readonly resolvedAt: string | null;
  readonly intent: string | null;
  readonly urgency: Urgency | null;
  /** Id of the key whose holder took it. */
  readonly claimedBy: string | null;
}

/** A hand-off with the conversation, and with what the person answered. */
export interface Handoff extends HandoffSummary {
  readonly messages: Json;
  readonly resolution: string | null;
}

export interface NewHandoff {
  readonly tenant: string;
  readonly requestId: string;
  /** The same for a request that is sent again. Absent: it is its own. */
  readonly idempotencyKey?: string | undefined;
  readonly queue: string;
  readonly priority: Priority;
  readonly intent: string | null;
  readonly urgency: Urgency | null;
  readonly messages: Json;
}

export interface ListQuery {
  readonly tenant: string;
  readonly status?: Status | undefined;
  readonly queue?: string | undefined;
  /** 1 to PAGE_MAX. */
  readonly limit?: number | undefined;
  /** `next` of the page before. */
  readonly after?: string | undefined;
}
export interface Page {
  readonly handoffs: readonly HandoffSummary[];
  /** Cursor of the next page, or null on the last. */
  readonly next: string | null;
}

/** All operations throw `handoff_not_found` for an id that this tenant does not have. */
export interface HandoffQueue {
  /**
   * Puts a request into the queue. The same words of the same tenant under the same idempotency key give the hand-off
   * that is already there.
   * @throws TiergateError handoff_full, handoff_failed
   */
  enqueue(handoff: NewHandoff): HandoffSummary;
  /** The most pressing first, and among those the oldest. @throws TiergateError in_body_invalid */
  list(query: ListQuery): Page;
  get(id: string, tenant: string): Handoff;
  /** Takes a waiting hand-off: of two that try, one succeeds. @throws TiergateError handoff_conflict */
  claim(id: string, tenant: string, by: string): Handoff;
  /** Puts it back into the queue, by its claimer. @throws TiergateError handoff_conflict */
  release(id: string, tenant: string, by: string): Handoff;
  /** Closes it, by its claimer. @throws TiergateError handoff_conflict, in_body_invalid */
  resolve(id: string, tenant: string, by: string, resolution: string): Handoff;
  /** Deletes what was resolved more than `keepDays` ago; says how many. */
  purge(keepDays: number): number;
  readonly outbox: Outbox;
  close(): void;
}

export interface QueueOptions {
  readonly file: string;
  /** Most hand-offs waiting or claimed at once. */
  readonly waitingMax: number;
  /** The announcement of a new hand-off; none: nobody is told. */
  readonly announce?: ((handoff: HandoffSummary) => string) | undefined;
  /** Unix milliseconds. */
  readonly now?: () => number;
}

/** Opens the queue, making its file and folder if need be. @throws Error when the file cannot be used. */
export function openQueue({ file, waitingMax, announce, now = Date.now }: QueueOptions): HandoffQueue {
  const database = openDatabase(file);
  const sql = prepare(database);
  const outbox = createOutbox(database);

  function get(id: string, tenant: string): Handoff {
    const row = sql.get.get(id, tenant);
    if (row === undefined) throw new TiergateError('handoff_not_found');
    return { ...summary(row), messages: parseJson(String(row.messages)), resolution: text(row.resolution) };
  }
  /** What a step that changed nothing means depends on whether the hand-off exists. */
  function after(changes: number | bigint, id: string, tenant: string): Handoff {
    const handoff = get(id, tenant);
    if (Number(changes) === 0) throw new TiergateError('handoff_conflict');
    return handoff;
  }
  function insert(handoff: NewHandoff): HandoffSummary {
    const { tenant, requestId, idempotencyKey, queue, intent, urgency } = handoff;
    const words = JSON.stringify(handoff.messages);
    const retryKey = idempotencyKey === undefined ? null : retryKeyOf(idempotencyKey, words);
    const known = sql.ofRetryKey.get(tenant, retryKey);
    if (known !== undefined) return summary(known);
    if (Number(sql.unresolved.get(waitingMax)?.count) >= waitingMax) throw new TiergateError('handoff_full');
    const createdAt = now();
    const rank = RANKS.indexOf(handoff.priority);
    const id = makeId();
    const given = { id, tenant, requestId, retryKey, queue, rank, createdAt, intent, urgency, words };
    const made = summary(sql.insert.get(given) ?? {});
    if (announce !== undefined) outbox.put(id, announce(made), createdAt);
    return made;
  }

  return {
    outbox,
    get,
    enqueue(handoff) {
      try {
        return inTransaction(database, () => insert(handoff));
      } catch (error) {
        throw asTiergateError(error, 'handoff_failed');
      }
    },
    list({ tenant, status, queue, limit = PAGE_DEFAULT, after: cursor }) {
      if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_MAX) {
        throw invalid('limit', `must be a whole number from 1 to ${PAGE_MAX}`);
      }
      if (status !== undefined && !STATUSES.includes(status)) {
        throw invalid('status', `must be one of: ${STATUSES.join(', ')}`);
      }
      const [rank, n] = readCursor(cursor);
      // One more than the page holds: it says whether there is a next one.
      const query = { tenant, queue: queue ?? null, rank, n, rows: limit + 1 };
      const rows = status === undefined ? sql.list.all(query) : sql.listByStatus.all({ ...query, status });
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return {
        handoffs: rows.slice(0, limit).map(summary),
        next: last === undefined ? null : `${last.rank}-${last.n}`,
      };
    },
    claim: (id, tenant, by) => after(sql.claim.run(by, now(), id, tenant).changes, id, tenant),
    release: (id, tenant, by) => after(sql.release.run(id, tenant, by).changes, id, tenant),
    resolve(id, tenant, by, resolution) {
      if (resolution.length > RESOLUTION_CHARS_MAX) {
        throw invalid('resolution', `must have at most ${RESOLUTION_CHARS_MAX} characters`);
      }
      return after(sql.resolve.run(resolution, now(), id, tenant, by).changes, id, tenant);
    },
    purge: (keepDays) => Number(sql.purge.run(now() - keepDays * DAY_MS).changes),
    close: () => database.close(),
  };
}

const SUMMARY = `n, id, tenant, request_id, queue, rank, status, created_at, claimed_at, resolved_at,
  intent, urgency, claimed_by`;

const IN_TURN = `SELECT ${SUMMARY} FROM handoff
  WHERE tenant = :tenant AND (rank, n) > (:rank, :n) AND (:queue IS NULL OR queue = :queue)`;

function prepare(database: DatabaseSync) {
  return {
    insert: database.prepare(
      `INSERT INTO handoff (id, tenant, request_id, retry_key, queue, rank, created_at, intent, urgency, messages)
       VALUES (:id, :tenant, :requestId, :retryKey, :queue, :rank, :createdAt, :intent, :urgency, :words)
       RETURNING ${SUMMARY}`,
    ),
    // Nothing equals null: a request without a key finds none.
    ofRetryKey: database.prepare(`SELECT ${SUMMARY} FROM handoff WHERE tenant = ? AND retry_key = ?`),
    // Counts no further than it must.
    unresolved: database.prepare(
      "SELECT count(*) AS count FROM (SELECT 1 FROM handoff WHERE status <> 'resolved' LIMIT ?)",
    ),
    get: database.prepare(`SELECT ${SUMMARY}, messages, resolution FROM handoff WHERE id = ? AND tenant = ?`),
    list: database.prepare(`${IN_TURN} ORDER BY rank, n LIMIT :rows`),
    listByStatus: database.prepare(`${IN_TURN} AND status = :status ORDER BY rank, n LIMIT :rows`),
    claim: database.prepare(
      `UPDATE handoff SET status = 'claimed', claimed_by = ?, claimed_at = ?
       WHERE id = ? AND tenant = ? AND status = 'waiting'`,
    ),
    release: database.prepare(
      `UPDATE handoff SET status = 'waiting', claimed_by = NULL, claimed_at = NULL
       WHERE id = ? AND tenant = ? AND status = 'claimed' AND claimed_by = ?`,
    ),
    resolve: database.prepare(
      `UPDATE handoff SET status = 'resolved', resolution = ?, resolved_at = ?
       WHERE id = ? AND tenant = ? AND status = 'claimed' AND claimed_by = ?`,
    ),
    purge: database.prepare("DELETE FROM handoff WHERE status = 'resolved' AND resolved_at < ?"),
  };
}

type Row = Readonly<Record<string, SQLOutputValue>>;
const text = (value: SQLOutputValue | undefined): string | null => (typeof value === 'string' ? value : null);
const time = (value: SQLOutputValue | undefined): string | null =>
  typeof value === 'number' ? new Date(value).toISOString() : null;

function summary(row: Row): HandoffSummary {
  return {
    id: String(row.id),
    tenant: String(row.tenant),
    requestId: String(row.request_id),
    queue: String(row.queue),
    priority: RANKS[Number(row.rank)] ?? 'normal',
    status: row.status as Status,
    createdAt: time(row.created_at) ?? '',
    claimedAt: time(row.claimed_at),
    resolvedAt: time(row.resolved_at),
    intent: text(row.intent),
    urgency: text(row.urgency) as Urgency | null,
    claimedBy: text(row.claimed_by),
  };
}

function invalid(param: string, what: string): TiergateError {
  return new TiergateError('in_body_invalid', { param, message: `\`${param}\` ${what}.` });
}

/** Before the first page: numbering starts at 1. */
const BEGINNING = [0, 0] as const;

function readCursor(cursor: string | undefined): readonly [number, number] {
  if (cursor === undefined) return BEGINNING;
  const match = /^(\d)-(\d{1,15})$/.exec(cursor);
  if (match === null) throw invalid('after', 'must be the `next` of a page');
  return [Number(match[1]), Number(match[2])];
}

/** A key counts with the words it came with: an application that uses one key for two requests loses neither. */
const retryKeyOf = (idempotencyKey: string, words: string): string =>
  createHash('sha256').update(`${idempotencyKey}\n${words}`).digest('base64url');

/** Crockford's base 32, lower case: no letter that a person could take for a digit when reading an id over the phone. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const ID_CHARS = 26;

/** 130 random bits: an id cannot be guessed, since whoever knows one and has the scope can read a conversation. */
function makeId(): string {
  return `ho_${Array.from(randomBytes(ID_CHARS), (byte) => ALPHABET[byte % ALPHABET.length]).join('')}`;
}

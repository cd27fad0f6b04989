/**
 * Announcements that have not been delivered yet. They lie in the same file as the hand-offs and are written in the same
 * transaction, so that neither exists without the other (the "transactional outbox").
 */
import type { DatabaseSync } from 'node:sqlite';

/** One announcement. `attempts` have failed so far. */
export interface Announcement {
  readonly handoffId: string;
  readonly body: string;
  readonly attempts: number;
  /** Unix milliseconds: not to be sent before. */
  readonly dueAt: number;
}

export interface Outbox {
  /** To be called within the transaction that makes the hand-off. */
  put(handoffId: string, body: string, dueAt: number): void;
  /** The one that is due first, if any. */
  next(): Announcement | null;
  /** Counts a failed attempt and puts the announcement off. */
  putOff(handoffId: string, dueAt: number): void;
  /** Delivered, or given up. */
  remove(handoffId: string): void;
}

export function createOutbox(database: DatabaseSync): Outbox {
  const put = database.prepare('INSERT INTO outbox (handoff_id, body, due_at) VALUES (?, ?, ?)');
  const next = database.prepare(
    'SELECT handoff_id, body, attempts, due_at FROM outbox ORDER BY due_at, rowid LIMIT 1',
  );
  const putOff = database.prepare(
    'UPDATE outbox SET attempts = attempts + 1, due_at = ? WHERE handoff_id = ?',
  );
  const remove = database.prepare('DELETE FROM outbox WHERE handoff_id = ?');
  return {
    put: (handoffId, body, dueAt) => void put.run(handoffId, body, dueAt),
    next() {
      const row = next.get();
      if (row === undefined) return null;
      return {
        handoffId: String(row.handoff_id),
        body: String(row.body),
        attempts: Number(row.attempts),
        dueAt: Number(row.due_at),
      };
    },
    putOff: (handoffId, dueAt) => void putOff.run(dueAt, handoffId),
    remove: (handoffId) => void remove.run(handoffId),
  };
}

/**
 * The hand-off file: how it is opened, and its schema. `PRAGMA user_version` says how many of the migrations a file
 * has seen; each is applied once, in order, and never edited after a release.
 */
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Longest wait for another process that holds the file, such as a backup, in milliseconds. It blocks the event loop. */
const BUSY_WAIT_MS_MAX = 250;

const MIGRATIONS: readonly string[] = [
  `CREATE TABLE handoff (
     n           INTEGER PRIMARY KEY AUTOINCREMENT, -- age: never reused
     id          TEXT NOT NULL UNIQUE,
     tenant      TEXT NOT NULL,
     request_id  TEXT NOT NULL,
     queue       TEXT NOT NULL,
     rank        INTEGER NOT NULL, -- 0: the most pressing
     status      TEXT NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'claimed', 'resolved')),
     created_at  INTEGER NOT NULL, -- Unix milliseconds, like the two below
     claimed_at  INTEGER,
     resolved_at INTEGER,
     intent      TEXT,
     urgency     TEXT,
     messages    TEXT NOT NULL,
     claimed_by  TEXT,
     resolution  TEXT,
     UNIQUE (tenant, request_id)
   ) STRICT;
   CREATE INDEX handoff_in_turn ON handoff (tenant, rank, n);
   CREATE INDEX handoff_in_turn_by_status ON handoff (tenant, status, rank, n);
   CREATE INDEX handoff_unresolved ON handoff (status) WHERE status <> 'resolved';
   CREATE INDEX handoff_resolved ON handoff (resolved_at) WHERE status = 'resolved';
   CREATE TABLE outbox (
     handoff_id  TEXT PRIMARY KEY REFERENCES handoff (id) ON DELETE CASCADE,
     body        TEXT NOT NULL,
     attempts    INTEGER NOT NULL DEFAULT 0,
     due_at      INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX outbox_due ON outbox (due_at);`,
  `ALTER TABLE handoff ADD COLUMN retry_key TEXT; -- null: the application gave none
   CREATE UNIQUE INDEX handoff_of_retry_key ON handoff (tenant, retry_key) WHERE retry_key IS NOT NULL;`,
];

/**
 * Opens (or makes) the file, readable by its owner alone, and brings its schema up to date.
 * @throws Error when the file was written by a newer tiergate, or cannot be opened.
 */
export function openDatabase(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // SQLite gives its -wal and -shm files the mode of the main file: it must be right before SQLite sees it.
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  const database = new DatabaseSync(file, { timeout: BUSY_WAIT_MS_MAX });
  try {
    // synchronous FULL: an application has been told that a person will answer, and that must survive a power cut.
    // One sync a hand-off is affordable, since hand-offs are the rare tier. secure_delete: purged words are overwritten.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;');
    migrate(database);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

function migrate(database: DatabaseSync): void {
  inTransaction(database, () => {
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
    if (version > MIGRATIONS.length) {
      throw new Error(
        `The hand-off file has schema ${version}; this tiergate knows ${MIGRATIONS.length}. Run the newer one.`,
      );
    }
    for (const step of MIGRATIONS.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  });
}

/** Runs `work` in one write transaction: all of it holds, or none. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/**
 * What was judged of each classified request, kept until somebody says whether it was right: its labels and facts, as
 * the decision log has them, no content. In one SQLite file with a bounded number of rows; the oldest go first.
 *
 * SQLite is called synchronously, but not for each request: what is noted is written in batches, behind the answers.
 * A crash loses the last batch, which costs nothing but the chance to say something about those requests.
 */
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { TiergateError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import type { Classification, Facts } from '../shapes.ts';

/** Longest wait for another process that holds the file, in milliseconds. It blocks the event loop. */
const BUSY_WAIT_MS_MAX = 250;
/** How long notes gather for one write, and how many may: a write blocks the event loop. */
const GATHER_MS = 200;
const GATHERED_MAX = 100;

const SCHEMA_VERSION = 1;
const SCHEMA = `
  CREATE TABLE judged (
    n               INTEGER PRIMARY KEY AUTOINCREMENT, -- age: never reused
    request_id      TEXT NOT NULL UNIQUE,
    tenant          TEXT NOT NULL,
    judged_at       INTEGER NOT NULL, -- Unix milliseconds, like the other
    labels_revision TEXT NOT NULL,
    rule            TEXT NOT NULL,
    facts           TEXT NOT NULL, -- JSON; holds no content
    wrong           INTEGER, -- null: nobody has said
    intent          TEXT, -- the right one, where it was said
    said_at         INTEGER
  ) STRICT;
  CREATE INDEX judged_said ON judged (said_at, n) WHERE said_at IS NOT NULL;
  CREATE TABLE level (
    calibration TEXT NOT NULL,
    rule        TEXT NOT NULL, -- empty: any
    level       TEXT NOT NULL,
    PRIMARY KEY (calibration, rule)
  ) STRICT;`;

/** Where the server keeps it. */
export const feedbackFile = (settings: Settings): string => join(settings.TIERGATE_DATA, 'feedback.sqlite');

/** A request that was classified and decided. */
export interface JudgedRequest {
  readonly requestId: string;
  readonly tenant: string;
  /** Unix milliseconds. */
  readonly at: number;
  /** The labels and the encoder that judged it. */
  readonly labelsRevision: string;
  /** The rule that took it. */
  readonly rule: string;
  readonly facts: Facts & { readonly labels: Classification };
}

/** What somebody says of it. */
export interface Verdict {
  /** Whether its intent was right. */
  readonly right: boolean;
  /** The right intent, where that was said; a name of the labels file. */
  readonly intent: string | null;
}

export interface StoredRequest extends JudgedRequest {
  /** Null: nobody has said. */
  readonly wrong: boolean | null;
  /** When somebody did; Unix milliseconds. */
  readonly saidAt: number | null;
}

export interface FeedbackStore {
  /** Takes it at once; it is written behind. */
  note(request: JudgedRequest): void;
  /** The request as it was noted. @throws TiergateError record_no_such_request, also for another tenant's */
  find(requestId: string, tenant: string): StoredRequest;
  /** Keeps what was said. Said again, the last word counts. */
  say(requestId: string, verdict: Verdict): void;
  /** The latest that were judged at or after a time, oldest first; nothing that comes in meanwhile. */
  since(at: number, rowsMax?: number): Iterable<StoredRequest>;
  /** The same of those about which something was said, in the order in which it was. */
  saidSince(at: number, rowsMax: number): Iterable<StoredRequest>;
  /** How a promise was last doing under a calibration, in the words of whoever set it; null: never set. */
  level(calibration: string, rule: string): string | null;
  setLevel(calibration: string, rule: string, level: string): void;
  /** Writes what has gathered. */
  flush(): void;
  close(): void;
}

export interface StoreOptions {
  readonly file: string;
  /** Most requests kept. */
  readonly rowsMax: number;
  /** Writing failed; what had gathered is lost. */
  readonly onFailure: (thrown: unknown) => void;
  /** Unix milliseconds. */
  readonly now?: () => number;
}

/** Opens the store, making its file and folder if need be. @throws Error when the file cannot be used */
export function openFeedbackStore({ file, rowsMax, onFailure, now = Date.now }: StoreOptions): FeedbackStore {
  const database = openDatabase(file);
  const sql = prepare(database);
  let gathered: JudgedRequest[] = [];
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const batch = gathered;
    gathered = [];
    if (batch.length === 0) return;
    try {
      inTransaction(database, () => {
        for (const { requestId, tenant, at, labelsRevision, rule, facts } of batch) {
          sql.insert.run(requestId, tenant, at, labelsRevision, rule, JSON.stringify(facts));
        }
        sql.forget.run(rowsMax);
      });
    } catch (thrown) {
      onFailure(thrown);
    }
  }

  return {
    note(request) {
      gathered.push(request);
      if (gathered.length >= GATHERED_MAX) flush();
      else timer ??= setTimeout(flush, GATHER_MS).unref();
    },
    find(requestId, tenant) {
      flush();
      const row = sql.find.get(requestId, tenant);
      if (row === undefined) throw new TiergateError('record_no_such_request');
      return stored(row);
    },
    say(requestId, { right, intent }) {
      sql.say.run(right ? 0 : 1, intent, now(), requestId);
    },
    *since(at, limit = rowsMax) {
      flush();
      const last = Number(sql.last.get()?.n ?? 0);
      for (const row of sql.since.iterate(at, last - limit, last)) yield stored(row);
    },
    *saidSince(at, limit) {
      flush();
      for (const row of sql.saidSince.iterate(at, limit)) yield stored(row);
    },
    level(calibration, rule) {
      const level = sql.level.get(calibration, rule)?.level;
      return level === undefined ? null : String(level);
    },
    setLevel(calibration, rule, level) {
      sql.setLevel.run(calibration, rule, level);
    },
    flush,
    close() {
      flush();
      database.close();
    },
  };
}

function prepare(database: DatabaseSync) {
  return {
    // A request id is made once; should one come twice, the first stands.
    insert: database.prepare(
      `INSERT OR IGNORE INTO judged (request_id, tenant, judged_at, labels_revision, rule, facts)
       VALUES (?, ?, ?, ?, ?, ?)`,
    ),
    forget: database.prepare('DELETE FROM judged WHERE n <= (SELECT max(n) FROM judged) - ?'),
    find: database.prepare('SELECT * FROM judged WHERE request_id = ? AND tenant = ?'),
    say: database.prepare('UPDATE judged SET wrong = ?, intent = ?, said_at = ? WHERE request_id = ?'),
    last: database.prepare('SELECT max(n) AS n FROM judged'),
    since: database.prepare('SELECT * FROM judged WHERE judged_at >= ? AND n > ? AND n <= ? ORDER BY n'),
    saidSince: database.prepare(
      'SELECT * FROM judged WHERE judged_at >= ? AND said_at IS NOT NULL ORDER BY said_at, n LIMIT ?',
    ),
    level: database.prepare('SELECT level FROM level WHERE calibration = ? AND rule = ?'),
    setLevel: database.prepare('INSERT OR REPLACE INTO level (calibration, rule, level) VALUES (?, ?, ?)'),
  };
}

function stored(row: Readonly<Record<string, unknown>>): StoredRequest {
  return {
    requestId: String(row.request_id),
    tenant: String(row.tenant),
    at: Number(row.judged_at),
    labelsRevision: String(row.labels_revision),
    rule: String(row.rule),
    facts: JSON.parse(String(row.facts)),
    wrong: row.wrong === null ? null : row.wrong === 1,
    saidAt: row.said_at === null ? null : Number(row.said_at),
  };
}

function openDatabase(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // SQLite gives its -wal and -shm files the mode of the main file: it must be right before SQLite sees it.
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  const database = new DatabaseSync(file, { timeout: BUSY_WAIT_MS_MAX });
  try {
    // synchronous NORMAL: a power cut may cost the last words that were said, and never the file.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    inTransaction(database, () => {
      const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
      if (version > SCHEMA_VERSION) {
        throw new Error(`The feedback file has schema ${version}; this tiergate knows ${SCHEMA_VERSION}.`);
      }
      if (version === 0) database.exec(SCHEMA);
      database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
    });
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    work();
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/**
 * The decision log: every decision, in order, in a form that shows if one was changed or taken out (see chain.ts). It
 * holds no content, and everything that is needed to take each decision again.
 *
 * No record is ever dropped. `append` takes it at once and writes behind, in batches. If the disk does not keep up, or
 * fails, records pile up to a bound; from there on `room` makes new requests wait and then refuses them: the gateway
 * decides nothing that it cannot record. Requests that are already under way still get their place, and there are at
 * most TIERGATE_REQUESTS_MAX of those. What is appended survives a crash of the process after the next write (within
 * GATHER_MS and a write), and a power cut after the next sync (within SYNC_WAIT_MS_MAX).
 */
import { type FileHandle, open } from 'node:fs/promises';
import { TiergateError } from '../errors.ts';
import type { JourneyRecord } from '../shapes.ts';
import { hashOf, headFile, headText, LINE_BYTES_MAX } from './chain.ts';
import { errnoOf } from './log.ts';
import { type Damage, lockLog, makeFolder, openForAppend, resumeLog } from './open-log.ts';

/** Longest time between a write and its sync to the disk, while records come in. */
const SYNC_WAIT_MS_MAX = 1_000;
/** Bytes that wait to be written, from which on requests have to wait. */
const PENDING_BYTES_MAX = 8_388_608;
/** Longest a request waits for room. */
const ROOM_WAIT_MS_MAX = 2_000;
const RETRY_WAIT_MS = 250;
/** How long lines gather for one write: under load it takes many, instead of a few system calls for each. */
const GATHER_MS = 10;
/** Most bytes in one write. */
const BATCH_BYTES_MAX = 1_048_576;

export interface DecisionLog {
  /** Takes the record at once; it is written behind. @throws Error after `close`. */
  append(record: JourneyRecord): void;
  /**
   * To be asked before a request is taken on: undefined if there is room, else a promise of it.
   * @throws TiergateError record_unavailable (as a rejection) when there is none in time.
   */
  room(): Promise<void> | undefined;
  /** Resolves when all that has been appended is on the disk. */
  flush(): Promise<void>;
  /** Writes what is left and closes. Gives up after a failing disk's second try; says how many records were lost. */
  close(): Promise<{ readonly lost: number }>;
}

export interface DecisionLogOptions {
  readonly folder: string;
  /** Size at which a new file begins. */
  readonly bytesMax: number;
  /** A crash or somebody left the log damaged: what was found. */
  readonly onDamage?: (damage: Damage) => void;
  /** Writing failed; it is tried again. `code`: the system's, such as ENOSPC. */
  readonly onFailure?: (code: string) => void;
  readonly pendingBytesMax?: number;
  readonly roomWaitMsMax?: number;
}

/** Opens the log and goes on with its chain. @throws Error when it cannot be written, or another process writes it. */
export async function openDecisionLog(options: DecisionLogOptions): Promise<DecisionLog> {
  await makeFolder(options.folder);
  const unlock = lockLog(options.folder);
  try {
    const resumed = await resumeLog(options.folder);
    const file = await openForAppend(options.folder, resumed.number);
    const head = await open(headFile(options.folder), 'a', 0o600);
    await head.close();
    const headHandle = await open(headFile(options.folder), 'r+');
    const writer = new Writer(options, resumed, file, headHandle, unlock);
    if (resumed.damage !== null) {
      // The gap becomes part of the chain: a restart must not make it disappear.
      writer.add({ at: new Date().toISOString(), event: 'damaged', ...resumed.damage });
      options.onDamage?.(resumed.damage);
    }
    await writer.begin();
    return writer;
  } catch (error) {
    unlock();
    throw error;
  }
}

interface Line {
  readonly text: string;
  readonly bytes: number;
  /** The chain's end once this line is written. */
  readonly head: { readonly next: number; readonly hash: string };
}

class Writer implements DecisionLog {
  readonly #options: DecisionLogOptions;
  readonly #unlock: () => void;
  readonly #headFile: FileHandle;
  #file: FileHandle;
  #number: number;
  /** Bytes of the file that are known to be good. */
  #fileBytes: number;
  #head: Line['head'];
  #pending: Line[] = [];
  #pendingBytes = 0;
  #writing: Promise<void> | null = null;
  #waiting: (() => void)[] = [];
  #failures = 0;
  /** Somebody waits for the disk: nothing is gathered any more. */
  #hurried = 0;
  #hurry: () => void = () => undefined;
  #closing = false;
  #syncTimer: NodeJS.Timeout | undefined;

  constructor(
    options: DecisionLogOptions,
    start: { readonly head: Line['head']; readonly number: number; readonly bytes: number },
    file: FileHandle,
    headFile: FileHandle,
    unlock: () => void,
  ) {
    this.#options = options;
    this.#unlock = unlock;
    this.#file = file;
    this.#headFile = headFile;
    this.#number = start.number;
    this.#fileBytes = start.bytes;
    this.#head = start.head;
  }

  /** An untouched chain has its end noted from the start. A damaged one not before the damage is on record. */
  async begin(): Promise<void> {
    if (this.#pending.length === 0) await this.#noteHead(this.#head);
  }

  append(record: JourneyRecord): void {
    this.add(record);
  }

  /** The chain's fields come first, so that the rest can be read off a line with the eye. */
  add(fields: object): void {
    if (this.#closing) throw new Error('The decision log is closed.');
    const { next, hash } = this.#head;
    const text = `{"seq":${next},"prev":"${hash}",${JSON.stringify(fields).slice(1)}`;
    const bytes = Buffer.byteLength(text) + 1;
    if (bytes > LINE_BYTES_MAX)
      throw new Error('The record is larger than a line of the decision log may be.');
    this.#head = { next: next + 1, hash: hashOf(text) };
    this.#pending.push({ text, bytes, head: this.#head });
    this.#pendingBytes += bytes;
    this.#writing ??= this.#drain();
  }

  room(): Promise<void> | undefined {
    const { pendingBytesMax = PENDING_BYTES_MAX, roomWaitMsMax = ROOM_WAIT_MS_MAX } = this.#options;
    if (this.#pendingBytes < pendingBytesMax) return undefined;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((one) => one !== go);
        reject(new TiergateError('record_unavailable'));
      }, roomWaitMsMax);
      const go = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.#waiting.push(go);
    });
  }

  async flush(): Promise<void> {
    await this.#written();
    await this.#file.datasync();
  }

  async close(): Promise<{ lost: number }> {
    this.#closing = true;
    await this.#written();
    clearTimeout(this.#syncTimer);
    const lost = this.#pending.length;
    await this.#file.datasync().catch(() => {});
    await Promise.all([this.#file.close(), this.#headFile.close()]);
    this.#unlock();
    return { lost };
  }

  /** Resolves when nothing is left to write; until then nothing is waited for. */
  async #written(): Promise<void> {
    this.#hurried++;
    this.#hurry();
    while (this.#writing !== null) await this.#writing;
    this.#hurried--;
  }

  /** Writes until nothing is left. One at a time, so that the order on the disk is the order of `append`. */
  async #drain(): Promise<void> {
    while (this.#pending.length > 0) {
      await this.#gather();
      try {
        await this.#writeBatch();
        this.#failures = 0;
      } catch (error) {
        this.#failures++;
        this.#options.onFailure?.(errnoOf(error) ?? 'UNKNOWN');
        if (this.#closing && this.#failures > 1) break;
        await new Promise((resolve) => setTimeout(resolve, RETRY_WAIT_MS));
      }
    }
    this.#writing = null;
    this.#syncSoon();
  }

  #gather(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#hurried > 0 ? 0 : GATHER_MS);
      this.#hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #writeBatch(): Promise<void> {
    const first = this.#pending[0];
    if (first === undefined) return;
    if (this.#fileBytes > 0 && this.#fileBytes + first.bytes > this.#options.bytesMax) await this.#rotate();
    const batch: Line[] = [];
    let bytes = 0;
    for (const line of this.#pending) {
      const isFull =
        bytes + line.bytes > BATCH_BYTES_MAX || this.#fileBytes + bytes + line.bytes > this.#options.bytesMax;
      if (batch.length > 0 && isFull) break;
      batch.push(line);
      bytes += line.bytes;
    }
    // A failed write may have left a part behind: it is cut off before the next.
    if (this.#failures > 0) await this.#file.truncate(this.#fileBytes);
    await this.#file.writeFile(batch.map(({ text }) => `${text}\n`).join(''));
    this.#fileBytes += bytes;
    this.#pending.splice(0, batch.length);
    this.#pendingBytes -= bytes;
    for (const go of this.#waiting.splice(0)) go();
    await this.#noteHead((batch.at(-1) ?? first).head);
  }

  /** After the lines, never before: the head may lag behind the log, but not run ahead of it. */
  async #noteHead(head: Line['head']): Promise<void> {
    const text = headText(head);
    await this.#headFile.write(text, 0);
    await this.#headFile.truncate(Buffer.byteLength(text));
  }

  async #rotate(): Promise<void> {
    await this.#file.datasync();
    const next = await openForAppend(this.#options.folder, this.#number + 1);
    await this.#file.close();
    this.#file = next;
    this.#number++;
    this.#fileBytes = 0;
  }

  #syncSoon(): void {
    if (this.#syncTimer !== undefined || this.#closing) return;
    this.#syncTimer = setTimeout(() => {
      this.#syncTimer = undefined;
      this.#file.datasync().catch((error: unknown) => this.#options.onFailure?.(errnoOf(error) ?? 'UNKNOWN'));
    }, SYNC_WAIT_MS_MAX).unref();
  }
}

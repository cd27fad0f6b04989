import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type DecisionLog, type DecisionLogOptions, openDecisionLog } from '../../src/record/decision-log.ts';
import type { Damage } from '../../src/record/open-log.ts';
import { verifyLog } from '../../src/record/verify-log.ts';
import { journeyRecord } from './journey-record.ts';

let folder: string;
let logs: DecisionLog[];
const opened = async (more: Partial<DecisionLogOptions> = {}): Promise<DecisionLog> => {
  const log = await openDecisionLog({ folder, bytesMax: 1e9, ...more });
  logs.push(log);
  return log;
};
const files = (): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort();
const path = (name = 'decisions-000001.jsonl'): string => join(folder, name);
const lines = (): string[] =>
  files().flatMap((name) => readFileSync(path(name), 'utf8').split('\n').slice(0, -1));
async function write(count: number, more: Partial<DecisionLogOptions> = {}, from = 0): Promise<void> {
  const log = await opened(more);
  for (let i = 0; i < count; i++) log.append(journeyRecord({ requestId: `r${from + i}` }));
  expect(await log.close()).toEqual({ lost: 0 });
}

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'tiergate-log-')), 'decisions');
  logs = [];
});
afterEach(async () => {
  await Promise.all(logs.map((log) => log.close().catch(() => {})));
  rmSync(join(folder, '..'), { recursive: true });
});

describe('the decision log', () => {
  test('is a chain that standard tools can check: prev is the hash of the line before', async () => {
    await write(3);
    const [first = '', second = '', third = ''] = lines();
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    expect(JSON.parse(first)).toMatchObject({ seq: 0, prev: '0'.repeat(64), requestId: 'r0' });
    expect(JSON.parse(second)).toMatchObject({ seq: 1, prev: sha256(first), requestId: 'r1' });
    expect(JSON.parse(third)).toMatchObject({ seq: 2, prev: sha256(second), requestId: 'r2' });
    expect(await verifyLog(folder)).toEqual({
      ok: true,
      records: 3,
      files: 1,
      damages: 0,
      head: { next: 3, hash: sha256(third) },
    });
  });

  test('holds each record whole', async () => {
    const log = await opened();
    log.append(journeyRecord({ error: 'decide_refused', status: 403 }));
    await log.flush();
    const { seq, prev, ...record } = JSON.parse(lines()[0] ?? '');
    expect(record).toEqual(journeyRecord({ error: 'decide_refused', status: 403 }));
    expect([seq, prev]).toEqual([0, '0'.repeat(64)]);
  });

  test('is for its owner alone', async () => {
    await write(1);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of ['decisions-000001.jsonl', 'decisions.head']) {
      expect(statSync(path(name)).mode & 0o777).toBe(0o600);
    }
  });

  test('keeps order and chain over batches, files and restarts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 12 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 500, max: 5_000 }),
        async (starts, bytesMax) => {
          rmSync(folder, { recursive: true, force: true });
          let count = 0;
          for (const pauses of starts) {
            const log = await openDecisionLog({ folder, bytesMax });
            for (const pause of pauses) {
              log.append(journeyRecord({ requestId: `r${count++}` }));
              if (pause === 1) await log.flush();
              if (pause === 2) await new Promise((resolve) => setImmediate(resolve));
            }
            await log.close();
          }
          expect(lines().map((line) => JSON.parse(line).requestId)).toEqual(
            Array.from({ length: count }, (_, i) => `r${i}`),
          );
          for (const name of files()) {
            const isOneLine = readFileSync(path(name), 'utf8').split('\n').length === 2;
            if (!isOneLine) expect(statSync(path(name)).size).toBeLessThanOrEqual(bytesMax);
          }
          expect(await verifyLog(folder)).toMatchObject({ ok: true, records: count, damages: 0 });
        },
      ),
      { numRuns: 25 },
    );
  });

  test('is written by one process at a time', async () => {
    const first = await opened();
    await expect(openDecisionLog({ folder, bytesMax: 1e9 })).rejects.toThrow('Another tiergate writes');
    await first.close();
    await (await opened()).close();
  });

  test('does not blame another process for a lock that is spoiled', async () => {
    await (await opened()).close();
    writeFileSync(path('decisions.lock'), 'x'.repeat(4_096));
    await expect(openDecisionLog({ folder, bytesMax: 1e9 })).rejects.toThrow('cannot be taken');
  });

  test('does not drop a record when the disk lags: new requests wait, then are refused', async () => {
    const log = await opened({ pendingBytesMax: 2_000, roomWaitMsMax: 20 });
    expect(log.room()).toBeUndefined();
    for (let i = 0; i < 100; i++) log.append(journeyRecord({ requestId: `r${i}` }));
    const room = log.room();
    expect(room).toBeInstanceOf(Promise);
    await room;
    expect(log.room()).toBeUndefined();
    await log.flush();
    expect(lines()).toHaveLength(100);
  });

  test('refuses requests while it cannot be written, and says why to the operator', async () => {
    const failures: string[] = [];
    // A folder where the next file should be: rotation fails, as it would on a full or read-only disk.
    const log = await opened({
      bytesMax: 100,
      pendingBytesMax: 1,
      roomWaitMsMax: 20,
      onFailure: (code) => void failures.push(code),
    });
    log.append(journeyRecord({}));
    await log.flush();
    const { mkdirSync, rmdirSync } = await import('node:fs');
    mkdirSync(path('decisions-000002.jsonl'));
    log.append(journeyRecord({ requestId: 'late' }));
    await expect(log.room()).rejects.toMatchObject({ code: 'record_unavailable' });
    expect(failures[0]).toBe('EISDIR');
    rmdirSync(path('decisions-000002.jsonl'));
    await log.flush();
    expect(lines().map((line) => JSON.parse(line).requestId)).toEqual(['r', 'late']);
    expect(await verifyLog(folder)).toMatchObject({ ok: true, records: 2 });
  });

  test('takes nothing after it was closed', async () => {
    const log = await opened();
    await log.close();
    expect(() => log.append(journeyRecord({}))).toThrow('closed');
  });
});

describe('after a crash', () => {
  const damages: Damage[] = [];
  const onDamage = (damage: Damage): void => void damages.push(damage);
  beforeEach(() => void damages.splice(0));

  test('a torn last line is moved aside, reported, written down, and the chain goes on', async () => {
    await write(3);
    appendFileSync(path(), '{"seq":3,"prev":"abc');
    expect(await verifyLog(folder)).toMatchObject({ ok: false, firstBreak: { line: 4 } });
    await write(1, { onDamage }, 3);
    expect(damages).toEqual([{ tornBytes: 20, lostRecords: 0, endUnproven: false }]);
    const torn = readdirSync(folder).filter((name) => name.endsWith('.torn'));
    expect(torn.map((name) => readFileSync(path(name), 'utf8'))).toEqual(['{"seq":3,"prev":"abc']);
    expect(JSON.parse(lines()[3] ?? '')).toMatchObject({ seq: 3, event: 'damaged', tornBytes: 20 });
    expect(await verifyLog(folder)).toMatchObject({ ok: true, records: 5, damages: 1 });
  });

  test('a file with nothing but a torn line continues the chain of the file before', async () => {
    await write(3);
    writeFileSync(path('decisions-000002.jsonl'), '{"se');
    await write(1, { onDamage }, 3);
    expect(damages).toHaveLength(1);
    expect(await verifyLog(folder)).toMatchObject({ ok: true, records: 5, files: 2 });
  });

  test('lost records are counted, and their loss stays on record', async () => {
    await write(3);
    truncateSync(path(), (lines()[0] ?? '').length + 1);
    await write(1, { onDamage });
    expect(damages).toEqual([{ tornBytes: 0, lostRecords: 2, endUnproven: false }]);
    expect(JSON.parse(lines()[1] ?? '')).toMatchObject({ event: 'damaged', lostRecords: 2 });
  });

  test('a last line that was changed while nobody ran is found at the start', async () => {
    await write(2);
    writeFileSync(path(), readFileSync(path(), 'utf8').replace('"r1"', '"r9"'));
    await write(0, { onDamage });
    expect(damages).toEqual([{ tornBytes: 0, lostRecords: 0, endUnproven: true }]);
  });

  test('a log whose last line is not a record is not continued', async () => {
    await write(2);
    appendFileSync(path(), 'hello\n');
    await expect(opened()).rejects.toThrow('not a record');
  });

  test('a line that was written before the head was noted is no damage', async () => {
    await write(1);
    const head = readFileSync(path('decisions.head'));
    await write(1, {}, 1);
    writeFileSync(path('decisions.head'), head);
    expect(await verifyLog(folder)).toMatchObject({ ok: true, records: 2 });
    await write(1, { onDamage }, 2);
    expect(damages).toEqual([]);
  });
});

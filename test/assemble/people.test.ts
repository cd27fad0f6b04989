/** The queue for people as the server opens it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Writable } from 'node:stream';
import { expect, jest, test } from '@jest/globals';
import { openPeople } from '../../src/assemble/people.ts';
import { createLog } from '../../src/record/log.ts';
import { readSettings } from '../../src/settings.ts';

test('a purge that fails is told and tried again: it does not end the process', async () => {
  jest.useFakeTimers();
  const folder = mkdtempSync(join(tmpdir(), 'tiergate-people-'));
  let logged = '';
  const to = new Writable({
    write(piece: Buffer, _encoding, done) {
      logged += piece.toString();
      done();
    },
  });
  const people = openPeople(
    {
      settings: readSettings({ TIERGATE_DATA: folder }),
      log: createLog({ level: 'info', to }),
      step: (_what, run) => run(() => undefined),
      tell: () => undefined,
    },
    () => Promise.reject(new Error('nothing is to be sent')),
  );
  const backup = new DatabaseSync(join(folder, 'handoffs.sqlite'));
  try {
    backup.exec('BEGIN IMMEDIATE');
    jest.advanceTimersByTime(3_600_000);
    expect(logged).toContain('"event":"handoffs_purge_failed"');
    backup.exec('ROLLBACK');
    logged = '';
    jest.advanceTimersByTime(3_600_000);
    expect(logged).toBe('');
  } finally {
    backup.close();
    await people.close();
    rmSync(folder, { recursive: true });
    jest.useRealTimers();
  }
});

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TiergateError } from '../../src/errors.ts';
import {
  type HandoffQueue,
  type NewHandoff,
  openQueue,
  PAGE_MAX,
  RESOLUTION_CHARS_MAX,
} from '../../src/handoff/queue.ts';
import { PRIORITIES } from '../../src/shapes.ts';
import { parseJson } from '../../src/wire/json.ts';

let folder: string;
let file: string;
const open: HandoffQueue[] = [];
const opened = (options: Partial<Parameters<typeof openQueue>[0]> = {}): HandoffQueue => {
  const queue = openQueue({ file, waitingMax: 1000, ...options });
  open.push(queue);
  return queue;
};
const handoff = (requestId: string, more: Partial<NewHandoff> = {}): NewHandoff => ({
  tenant: 'acme',
  requestId,
  queue: 'support',
  priority: 'normal',
  intent: 'refund_status',
  urgency: 'high',
  messages: [{ role: 'user', content: 'Where is my money? I am Ada Lovelace.' }],
  ...more,
});
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof TiergateError) return error.code;
    throw error;
  }
  return 'none';
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiergate-queue-'));
  file = join(folder, 'made', 'handoffs.sqlite');
});
afterEach(() => {
  for (const queue of open.splice(0)) queue.close();
  rmSync(folder, { recursive: true });
});

describe('a hand-off', () => {
  test('goes from waiting over claimed to resolved, and keeps the words of the conversation', () => {
    let now = 1_700_000_000_000;
    const queue = opened({ now: () => (now += 1000) });
    const made = queue.enqueue(handoff('r1'));
    expect(made).toEqual({
      id: expect.stringMatching(/^ho_[0-9a-hjkmnp-tv-z]{26}$/),
      tenant: 'acme',
      requestId: 'r1',
      queue: 'support',
      priority: 'normal',
      status: 'waiting',
      createdAt: '2023-11-14T22:13:21.000Z',
      claimedAt: null,
      resolvedAt: null,
      intent: 'refund_status',
      urgency: 'high',
      claimedBy: null,
    });
    expect(queue.claim(made.id, 'acme', 'key-1')).toMatchObject({
      status: 'claimed',
      claimedBy: 'key-1',
      claimedAt: '2023-11-14T22:13:22.000Z',
      messages: [{ role: 'user', content: 'Where is my money? I am Ada Lovelace.' }],
    });
    expect(queue.resolve(made.id, 'acme', 'key-1', 'Paid back.')).toMatchObject({
      status: 'resolved',
      resolvedAt: '2023-11-14T22:13:23.000Z',
      resolution: 'Paid back.',
    });
  });

  test('keeps numbers that a double cannot hold', () => {
    const queue = opened();
    const { id } = queue.enqueue(handoff('r1', { messages: parseJson('[{"n":12345678901234567890}]') }));
    expect(JSON.stringify(queue.get(id, 'acme').messages)).toBe('[{"n":12345678901234567890}]');
  });

  test('is made once for a request that is sent again under its key, and announced once', () => {
    let announced = 0;
    const queue = opened({ waitingMax: 1, announce: () => String(announced++) });
    const first = queue.enqueue(handoff('r1', { idempotencyKey: 'k1' }));
    expect(queue.enqueue(handoff('r2', { idempotencyKey: 'k1' }))).toEqual(first);
    expect(queue.list({ tenant: 'acme' }).handoffs).toEqual([first]);
    expect(announced).toBe(1);
  });

  test.each<[string, Partial<NewHandoff>, Partial<NewHandoff>]>([
    ['without a key', {}, {}],
    ['under another key', { idempotencyKey: 'k1' }, { idempotencyKey: 'k2' }],
    ['of another tenant', { idempotencyKey: 'k1' }, { idempotencyKey: 'k1', tenant: 'other' }],
    ['with other words', { idempotencyKey: 'k1' }, { idempotencyKey: 'k1', messages: [] }],
  ])('is another one for a request %s', (_name, one, another) => {
    const queue = opened();
    const made = queue.enqueue(handoff('r1', one));
    expect(queue.enqueue(handoff('r2', another)).id).not.toBe(made.id);
  });

  test('can be claimed by one of two, and closed or put back only by its claimer', () => {
    const queue = opened();
    const { id } = queue.enqueue(handoff('r1'));
    expect(codeOf(() => queue.resolve(id, 'acme', 'key-1', 'x'))).toBe('handoff_conflict');
    queue.claim(id, 'acme', 'key-1');
    expect(codeOf(() => queue.claim(id, 'acme', 'key-2'))).toBe('handoff_conflict');
    expect(codeOf(() => queue.claim(id, 'acme', 'key-1'))).toBe('handoff_conflict');
    expect(codeOf(() => queue.resolve(id, 'acme', 'key-2', 'x'))).toBe('handoff_conflict');
    expect(codeOf(() => queue.release(id, 'acme', 'key-2'))).toBe('handoff_conflict');
    expect(queue.release(id, 'acme', 'key-1')).toMatchObject({ status: 'waiting', claimedBy: null });
    queue.claim(id, 'acme', 'key-2');
    queue.resolve(id, 'acme', 'key-2', 'done');
    expect(codeOf(() => queue.resolve(id, 'acme', 'key-2', 'again'))).toBe('handoff_conflict');
    expect(queue.get(id, 'acme').resolution).toBe('done');
  });

  test('does not exist for another tenant, whatever is tried', () => {
    const queue = opened();
    const { id } = queue.enqueue(handoff('r1'));
    queue.claim(id, 'acme', 'key-1');
    for (const attempt of [
      () => queue.get(id, 'other'),
      () => queue.claim(id, 'other', 'key-1'),
      () => queue.release(id, 'other', 'key-1'),
      () => queue.resolve(id, 'other', 'key-1', 'x'),
      () => queue.get('ho_0', 'acme'),
    ]) {
      expect(codeOf(attempt)).toBe('handoff_not_found');
    }
    expect(queue.list({ tenant: 'other' }).handoffs).toEqual([]);
    expect(queue.get(id, 'acme').status).toBe('claimed');
  });

  test('has a resolution of bounded length', () => {
    const queue = opened();
    const { id } = queue.enqueue(handoff('r1'));
    queue.claim(id, 'acme', 'k');
    const long = 'x'.repeat(RESOLUTION_CHARS_MAX + 1);
    expect(codeOf(() => queue.resolve(id, 'acme', 'k', long))).toBe('in_body_invalid');
    expect(queue.get(id, 'acme').status).toBe('claimed');
  });
});

describe('the queue', () => {
  test('is full when as many wait or are claimed as it takes; a resolved one makes room', () => {
    const queue = opened({ waitingMax: 2 });
    const { id } = queue.enqueue(handoff('r1'));
    queue.enqueue(handoff('r2'));
    queue.claim(id, 'acme', 'k');
    expect(codeOf(() => queue.enqueue(handoff('r3')))).toBe('handoff_full');
    expect(queue.list({ tenant: 'acme' }).handoffs).toHaveLength(2);
    queue.resolve(id, 'acme', 'k', '');
    expect(codeOf(() => queue.enqueue(handoff('r3')))).toBe('none');
  });

  test('lists in turn, and page by page gives every one exactly once', () => {
    const queue = opened();
    let tenants = 0;
    fc.assert(
      fc.property(
        fc.array(fc.record({ priority: fc.constantFrom(...PRIORITIES), other: fc.boolean() }), {
          maxLength: 30,
        }),
        fc.integer({ min: 1, max: 7 }),
        (made, limit) => {
          const run = tenants++;
          const mine = made.map(({ priority, other }, at) => ({ priority, other, at }));
          for (const { priority, other, at } of mine) {
            queue.enqueue(handoff(`${run}-${at}`, { priority, tenant: other ? 'other' : `t${run}` }));
          }
          const seen: string[] = [];
          for (let after: string | null | undefined; after !== null; ) {
            const page = queue.list({ tenant: `t${run}`, limit, after });
            expect(page.handoffs.length).toBeLessThanOrEqual(limit);
            seen.push(...page.handoffs.map((one) => one.requestId));
            after = page.next;
          }
          const expected = mine
            .filter(({ other }) => !other)
            .sort((a, b) => PRIORITIES.indexOf(b.priority) - PRIORITIES.indexOf(a.priority) || a.at - b.at)
            .map(({ at }) => `${run}-${at}`);
          expect(seen).toEqual(expected);
        },
      ),
      { numRuns: 20 },
    );
  });

  test('lists by status and by queue, and shows no words', () => {
    const queue = opened();
    const { id } = queue.enqueue(handoff('r1'));
    queue.enqueue(handoff('r2', { queue: 'claims' }));
    queue.enqueue(handoff('r3', { queue: 'claims' }));
    queue.claim(id, 'acme', 'k');
    const ids = (query: object) =>
      queue.list({ tenant: 'acme', ...query }).handoffs.map((one) => one.requestId);
    expect(ids({ status: 'waiting' })).toEqual(['r2', 'r3']);
    expect(ids({ status: 'claimed' })).toEqual(['r1']);
    expect(ids({ queue: 'claims' })).toEqual(['r2', 'r3']);
    expect(ids({ queue: 'claims', status: 'claimed' })).toEqual([]);
    expect(JSON.stringify(queue.list({ tenant: 'acme' }))).not.toContain('Lovelace');
  });

  test.each([
    { limit: 0 },
    { limit: PAGE_MAX + 1 },
    { limit: 1.5 },
    { after: 'x' },
    { status: 'done' as never },
    { after: "1-1' OR 1" },
  ])('refuses the page %j', (query) => {
    expect(codeOf(() => opened().list({ tenant: 'acme', ...query }))).toBe('in_body_invalid');
  });

  test('says which words a status can be', () => {
    expect(() => opened().list({ tenant: 'acme', status: 'done' as 'waiting' })).toThrow(
      '`status` must be one of: waiting, claimed, resolved.',
    );
  });

  test('deletes resolved hand-offs after their days, and their words from the file', () => {
    let now = Date.parse('2025-01-01');
    const queue = opened({ now: () => now });
    const { id } = queue.enqueue(handoff('old'));
    queue.enqueue(handoff('waits'));
    queue.claim(id, 'acme', 'k');
    queue.resolve(id, 'acme', 'k', 'done');
    now += 90 * 86_400_000;
    expect(queue.purge(90)).toBe(0);
    now += 1;
    expect(queue.purge(90)).toBe(1);
    expect(queue.list({ tenant: 'acme' }).handoffs.map((one) => one.requestId)).toEqual(['waits']);
  });

  test('survives closing and opening', () => {
    const { id } = opened().enqueue(handoff('r1'));
    open.splice(0).forEach((queue) => void queue.close());
    expect(opened().get(id, 'acme').requestId).toBe('r1');
  });

  test('turns an error of the file into an error of the table, without its words', () => {
    const queue = opened();
    open.pop();
    queue.close();
    expect(codeOf(() => queue.enqueue(handoff('r1')))).toBe('handoff_failed');
  });

  test('puts the announcement and the hand-off into the file together, or neither', () => {
    const queue = opened({
      announce: () => {
        throw new Error('no announcement');
      },
    });
    expect(codeOf(() => queue.enqueue(handoff('r1')))).toBe('handoff_failed');
    expect(queue.list({ tenant: 'acme' }).handoffs).toEqual([]);
    expect(queue.outbox.next()).toBeNull();
  });
});

describe('the file', () => {
  test('and its folder are for their owner alone', () => {
    opened().enqueue(handoff('r1'));
    expect(statSync(join(folder, 'made')).mode & 0o777).toBe(0o700);
    for (const end of ['', '-wal', '-shm']) expect(statSync(file + end).mode & 0o777).toBe(0o600);
  });

  test('of a newer schema is refused', () => {
    opened();
    open.splice(0).forEach((queue) => void queue.close());
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(() => opened()).toThrow('schema 99');
  });

  test('of an older schema is brought up to date, with what is in it', () => {
    const { id } = opened().enqueue(handoff('r1'));
    open.splice(0).forEach((queue) => void queue.close());
    const database = new DatabaseSync(file);
    database.exec('DROP INDEX handoff_of_retry_key; ALTER TABLE handoff DROP COLUMN retry_key');
    database.exec('PRAGMA user_version = 1');
    database.close();
    const again = handoff('r2', { idempotencyKey: 'k1' });
    const queue = opened();
    expect(queue.enqueue(again)).toEqual(queue.enqueue(again));
    expect(queue.get(id, 'acme').requestId).toBe('r1');
  });

  test('finds a page by an index, not by looking at every hand-off', () => {
    opened();
    const database = new DatabaseSync(file);
    const plan = database
      .prepare(
        `EXPLAIN QUERY PLAN SELECT * FROM handoff
         WHERE tenant = 'a' AND (rank, n) > (1, 2) AND status = 'waiting' ORDER BY rank, n LIMIT 5`,
      )
      .all()
      .map((row) => String(row.detail))
      .join('\n');
    database.close();
    expect(plan).toContain('handoff_in_turn_by_status');
    expect(plan).not.toContain('TEMP B-TREE');
  });
});

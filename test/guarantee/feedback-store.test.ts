import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type FeedbackStore,
  type JudgedRequest,
  openFeedbackStore,
} from '../../src/guarantee/feedback-store.ts';
import { judged } from './judged.ts';

let folder: string;
let file: string;
let store: FeedbackStore;
let failures: unknown[];
let now = 1000;
const open = (rowsMax = 1000) =>
  openFeedbackStore({ file, rowsMax, onFailure: (thrown) => failures.push(thrown), now: () => now });
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiergate-feedback-'));
  file = join(folder, 'deep', 'feedback.sqlite');
  failures = [];
  now = 1000;
  store = open();
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const ids = (rows: Iterable<JudgedRequest>) => [...rows].map(({ requestId }) => requestId);

test('a request is found again as it was noted, by its tenant only', () => {
  const request = judged({ requestId: 'req_1' });
  store.note(request);
  expect(store.find('req_1', 'acme')).toEqual({ ...request, wrong: null, saidAt: null });
  expect(() => store.find('req_1', 'globex')).toThrow('no classified request');
  expect(() => store.find('req_2', 'acme')).toThrow('no classified request');
});

test('what is said stays with it, and the last word counts', () => {
  store.note(judged({ requestId: 'req_1' }));
  store.find('req_1', 'acme');
  store.say('req_1', { right: true, intent: null });
  expect(store.find('req_1', 'acme')).toMatchObject({ wrong: false, saidAt: 1000 });
  now = 2000;
  store.say('req_1', { right: false, intent: 'complaint' });
  expect(store.find('req_1', 'acme')).toMatchObject({ wrong: true, saidAt: 2000 });
});

test('the oldest are forgotten when there are too many', () => {
  store.close();
  store = open(10);
  for (let n = 1; n <= 25; n += 1) store.note(judged({ requestId: `req_${n}`, at: n }));
  expect(ids(store.since(0))).toEqual(Array.from({ length: 10 }, (_, i) => `req_${i + 16}`));
  expect(ids(store.since(24))).toEqual(['req_24', 'req_25']);
  expect(ids(store.since(0, 3))).toEqual(['req_23', 'req_24', 'req_25']);
});

test('those about which something was said come in the order in which it was', () => {
  for (const n of [1, 2, 3, 4]) store.note(judged({ requestId: `req_${n}`, at: n }));
  store.flush();
  for (const [at, n] of [
    [10, 3],
    [20, 1],
    [30, 4],
  ]) {
    now = at!;
    store.say(`req_${n}`, { right: true, intent: null });
  }
  expect(ids(store.saidSince(0, 10))).toEqual(['req_3', 'req_1', 'req_4']);
  expect(ids(store.saidSince(2, 10))).toEqual(['req_3', 'req_4']);
  expect(ids(store.saidSince(0, 1))).toEqual(['req_3']);
});

describe('a restart', () => {
  test('loses nothing that was noted before it', () => {
    store.note(judged({ requestId: 'req_1' }));
    store.setLevel('cal', 'routine', 'broken');
    store.close();
    store = open();
    expect(ids(store.since(0))).toEqual(['req_1']);
    expect([store.level('cal', 'routine'), store.level('other', 'routine')]).toEqual(['broken', null]);
  });
  test('an id that is there already stays as it was', () => {
    store.note(judged({ requestId: 'req_1', rule: 'first' }));
    store.note(judged({ requestId: 'req_1', rule: 'second' }));
    expect(store.find('req_1', 'acme').rule).toBe('first');
  });
});

test('the file is for its owner alone', () => {
  expect(statSync(file).mode & 0o077).toBe(0);
});

test('a write that fails is told, and is not met by the request', () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  store.note(judged({ requestId: 'req_1', facts: circular as never }));
  store.flush();
  expect(failures).toHaveLength(1);
  store.note(judged({ requestId: 'req_2' }));
  expect(ids(store.since(0))).toEqual(['req_2']);
});

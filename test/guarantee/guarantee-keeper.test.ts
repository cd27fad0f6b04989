/** The thresholds that decisions get, as calibrations, policies, labels and words about requests come and go. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Guarantee, ReadCalibration } from '../../src/guarantee/calibration.ts';
import { type FeedbackStore, openFeedbackStore } from '../../src/guarantee/feedback-store.ts';
import { calibratedThresholds } from '../../src/guarantee/find-guarantee.ts';
import { GuaranteeKeeper, type PromiseStatus } from '../../src/guarantee/guarantee-keeper.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { JourneyRecord } from '../../src/shapes.ts';
import { CONFIDENCE_BINS, countBins } from '../../src/statistics/drift.ts';
import { seededRandom } from '../../src/statistics/random.ts';
import { factsOf } from '../facts.ts';
import { vocabulary } from '../policy/vocabulary.ts';
import { LABELS } from './judged.ts';

const policyWith = (promise = 'max_error: 5%', above = 'urgency: [critical]') =>
  compilePolicy(
    `version: 1
rules:
  - { id: first, because: One., when: { ${above} }, then: { cloud: {} } }
  - { id: orders, because: Two., when: { intent: [order_status], ${promise} }, then: { local: { bar: 0.5, otherwise: { cloud: {} } } } }
  - { id: all, because: All., then: { cloud: {} } }
unclassified: { because: None., then: { cloud: {} } }`,
    'p.yaml',
    vocabulary,
  );
const MADE_AT = '2026-01-01T00:00:00.000Z';
const LATER = Date.parse(MADE_AT) + 1000;

let folder: string;
let store: FeedbackStore;
let policy: Policy;
let labels: string;
let told: PromiseStatus[];
let keeper: GuaranteeKeeper;
let requests = 0;
function newId(): string {
  requests += 1;
  return `req_${requests}`;
}
const openStore = () =>
  openFeedbackStore({
    file: join(folder, 'feedback.sqlite'),
    rowsMax: 10_000,
    onFailure: (thrown) => {
      throw thrown;
    },
  });
const openKeeper = () =>
  new GuaranteeKeeper({
    policy: () => policy,
    labelsRevision: () => labels,
    store,
    onChange: (status) => told.push(status),
  });
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiergate-keeper-'));
  store = openStore();
  [policy, labels, told] = [policyWith(), LABELS, []];
  keeper = openKeeper();
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

function calibrated(
  guarantee: Partial<Guarantee> = {},
  more: Partial<ReadCalibration> = {},
): ReadCalibration {
  const one = {
    rule: 'orders',
    scope: policyWith().guarantees[0]!.scope,
    errorMax: 0.05,
    threshold: 0.8,
    stricter: 0.9,
    confidences: new Array<number>(CONFIDENCE_BINS).fill(0),
    ...guarantee,
  };
  return {
    version: 1,
    id: 'calibration1',
    madeAt: MADE_AT,
    labelsRevision: LABELS,
    doubt: 0.05,
    guarantees: [one],
    ...more,
  };
}

/** A request that was decided as it stands now. Its id. */
function decided(confidence = 0.95, { rule = 'orders', at = LATER } = {}): string {
  const requestId = newId();
  const thresholds = keeper.thresholds();
  const facts = factsOf({ confidence }, thresholds === undefined ? {} : { thresholds });
  keeper.decided({ requestId, at: new Date(at).toISOString(), facts, rule } as JourneyRecord);
  return requestId;
}
const why = () => keeper.statuses().map((status) => [status.level, status.why]);

describe('thresholds', () => {
  test('come from the calibration', () => {
    keeper.use(calibrated());
    expect(keeper.thresholds()).toEqual({ orders: 0.8 });
    expect(told).toMatchObject([{ rule: 'orders', level: 'kept', threshold: 0.8 }]);
  });

  test('are not there where the policy promises nothing', () => {
    policy = policyWith('language: en');
    keeper.use(calibrated());
    expect(keeper.thresholds()).toBeUndefined();
  });

  test.each<[string, () => ReadCalibration | null, string]>([
    ['there is no calibration', () => null, 'not_calibrated'],
    ['it has nothing for the rule', () => calibrated({ rule: 'others' }), 'not_calibrated'],
    ['it is for a larger error', () => calibrated({ errorMax: 0.06 }), 'not_calibrated'],
    ['other requests got to the rule', () => calibrated({ scope: 'abcdef012345' }), 'policy_changed'],
    ['the labels were others', () => calibrated({}, { labelsRevision: 'other0000000' }), 'labels_changed'],
    ['it found none', () => calibrated({ threshold: null, stricter: null }), 'not_supported'],
  ])('are for nothing where %s', (_, make, reason) => {
    keeper.use(make());
    expect(keeper.thresholds()).toEqual({});
    expect(why()).toEqual([['uncalibrated', reason]]);
  });

  test('are taken from a smaller error, or from what is for any rule; the rule’s own comes first', () => {
    keeper.use(calibrated({ errorMax: 0.01 }));
    expect(keeper.thresholds()).toEqual({ orders: 0.8 });
    const anyRule = { ...calibrated().guarantees[0]!, rule: null, scope: null, threshold: 0.7 };
    keeper.use(calibrated({}, { guarantees: [anyRule] }));
    expect(keeper.thresholds()).toEqual({ orders: 0.7 });
    keeper.use(calibrated({}, { guarantees: [anyRule, calibrated().guarantees[0]!] }));
    expect(keeper.thresholds()).toEqual({ orders: 0.8 });
  });

  test('go when policy or labels change while requests come in, and come back with them', () => {
    keeper.use(calibrated());
    policy = policyWith('max_error: 5%', 'urgency: [high]');
    expect(keeper.thresholds()).toEqual({});
    policy = policyWith('max_error: 7%');
    expect(keeper.thresholds()).toEqual({ orders: 0.8 });
    labels = 'other0000000';
    expect(keeper.thresholds()).toEqual({});
    expect(told.map(({ level }) => level)).toEqual(['kept', 'uncalibrated', 'kept', 'uncalibrated']);
  });
});

test('what a policy would get of a calibration can be told without a server', () => {
  const { guarantees } = policyWith();
  expect(calibratedThresholds(calibrated(), guarantees)).toEqual({ orders: 0.8 });
  expect(calibratedThresholds(calibrated({ threshold: null }), guarantees)).toEqual({});
  expect(calibratedThresholds(null, guarantees)).toEqual({});
});

describe('a promise that is not kept', () => {
  /** Says of `count` requests that they were wrong. */
  const complain = (count: number, confidence = 0.95, more = {}) => {
    for (let i = 0; i < count; i += 1) {
      keeper.say(decided(confidence, more), 'acme', { right: false });
    }
  };

  test('is tightened, then given up; and it is told once each', () => {
    keeper.use(calibrated());
    const seen: unknown[] = [];
    for (let i = 0; i < 8; i += 1) {
      complain(1);
      seen.push(keeper.thresholds());
    }
    expect(seen).toContainEqual({ orders: 0.8 });
    expect(seen).toContainEqual({ orders: 0.9 });
    expect(seen.at(-1)).toEqual({});
    expect(told.map(({ level, why, threshold }) => [level, why, threshold])).toEqual([
      ['kept', null, 0.8],
      ['endangered', 'error', 0.9],
      ['broken', 'error', null],
    ]);
  });

  test('is not held against requests that it did not answer for', () => {
    keeper.use(calibrated());
    complain(50, 0.5);
    complain(50, 0.95, { rule: 'all' });
    complain(50, 0.95, { at: Date.parse(MADE_AT) - 1 });
    expect(keeper.statuses()).toMatchObject([{ level: 'kept', outcomes: 0 }]);
  });

  test('stays given up over a restart, and with the store’s rows gone; a new calibration begins anew', () => {
    keeper.use(calibrated());
    complain(20);
    store.close();
    store = openStore();
    keeper = openKeeper();
    keeper.use(calibrated());
    expect(keeper.thresholds()).toEqual({});
    expect(keeper.statuses()).toMatchObject([{ level: 'broken' }]);
    keeper.use(calibrated({}, { id: 'calibration2', madeAt: new Date(LATER + 1).toISOString() }));
    expect(keeper.thresholds()).toEqual({ orders: 0.8 });
  });

  test('with nothing stricter, is given up at the first danger', () => {
    keeper.use(calibrated({ stricter: null }));
    while (keeper.statuses()[0]?.level === 'kept') complain(1);
    expect(told.at(-1)?.level).toBe('endangered');
    expect(keeper.thresholds()).toEqual({});
  });

  test('is found by what arrives alone', () => {
    const random = seededRandom(1);
    const confidences = countBins(Array.from({ length: 1000 }, () => 0.5 + random() / 2));
    keeper.use(calibrated({ confidences }));
    for (let i = 0; i < 300; i += 1) decided(0.5 + random() / 2);
    expect(why()).toEqual([['kept', null]]);
    for (let i = 0; i < 1000; i += 1) decided(0.3 + random() / 2, { rule: 'all' });
    expect(why()).toEqual([['endangered', 'drift']]);
    expect(keeper.thresholds()).toEqual({ orders: 0.9 });
  });

  test('what was said before the process began is counted again, once', () => {
    keeper.use(calibrated());
    for (let i = 0; i < 30; i += 1) keeper.say(decided(), 'acme', { right: true });
    const again = openKeeper();
    again.use(calibrated());
    expect(again.statuses()).toMatchObject([{ level: 'kept', outcomes: 30 }]);
  });
});

describe('what is said', () => {
  beforeEach(() => keeper.use(calibrated()));

  test('can be the right intent', () => {
    expect(keeper.say(decided(), 'acme', { intent: 'order_status' })).toEqual({
      right: true,
      intent: 'order_status',
    });
    expect(keeper.say(decided(), 'acme', { intent: 'complaint' })).toEqual({
      right: false,
      intent: 'complaint',
    });
    expect(keeper.say(decided(), 'acme', { intent: null })).toEqual({ right: false, intent: null });
    expect(keeper.say(decided(), 'acme', { right: true, intent: 'order_status' })).toMatchObject({
      right: true,
    });
  });
  test('must not contradict itself', () => {
    const id = decided();
    expect(() => keeper.say(id, 'acme', { right: true, intent: 'complaint' })).toThrow(
      '`right` says otherwise',
    );
    expect(() => keeper.say(id, 'acme', { right: false, intent: 'order_status' })).toThrow(
      '`right` says otherwise',
    );
  });
  test('is about a request of the same tenant that is known', () => {
    expect(() => keeper.say(decided(), 'globex', { right: true })).toThrow('no classified request');
    expect(() => keeper.say('req_0', 'acme', { right: true })).toThrow('no classified request');
  });
  test('counts once, and is kept as it was last said', () => {
    const id = decided();
    keeper.say(id, 'acme', { right: true });
    keeper.say(id, 'acme', { right: false });
    expect(keeper.statuses()).toMatchObject([{ outcomes: 1 }]);
    expect(store.find(id, 'acme').wrong).toBe(true);
  });
});

test('what was not classified, or not decided, is nobody’s business', () => {
  keeper.use(calibrated());
  const { labels: _, ...unlabelled } = factsOf();
  const at = new Date(LATER).toISOString();
  for (const facts of [
    null,
    unlabelled,
    { ...unlabelled, labels: { status: 'unclassified', reason: 'late' } },
  ]) {
    keeper.decided({ requestId: newId(), at, facts, rule: 'orders' } as JourneyRecord);
  }
  expect([...store.since(0)]).toEqual([]);
});

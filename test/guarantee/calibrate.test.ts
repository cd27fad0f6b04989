/** Which requests a promise is about, and what is found for each; the mathematics have their own tests. */
import { describe, expect, test } from '@jest/globals';
import {
  type CalibrateOptions,
  calibrate,
  type Judged,
  reaches,
  toCalibration,
} from '../../src/guarantee/calibrate.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { seededRandom } from '../../src/statistics/random.ts';
import { factsOf } from '../facts.ts';
import { vocabulary } from '../policy/vocabulary.ts';
import { LABELS } from './judged.ts';

const local = 'local: { bar: 0.5, otherwise: { cloud: {} } }';
const policy = compilePolicy(
  `version: 1
invariants:
  - { id: not-here, because: No., when: { personal: [IBAN_CODE] }, never: [local], instead: { refuse: { message: No. } } }
rules:
  - { id: urgent, because: One., when: { urgency: [critical] }, then: { human: { queue: care, priority: high } } }
  - { id: orders, because: Two., when: { intent: [order_status], max_error: 5% }, then: { ${local} } }
  - { id: complaints, because: Three., when: { intent: [complaint], max_error: 10% }, then: { ${local} } }
  - { id: all, because: All., then: { cloud: {} } }
unclassified: { because: None., then: { cloud: {} } }`,
  'p.yaml',
  vocabulary,
);
const options: CalibrateOptions = {
  promised: policy.guarantees,
  policy,
  doubt: 0.1,
  labelsRevision: LABELS,
  madeAt: '2026-01-02T03:04:05.000Z',
  seed: 1,
};

/** Confidences are uniform, and wrong as often as they say. */
function rows(
  count: number,
  intent: string,
  seed: number,
  error = (confidence: number) => (1 - confidence) / 4,
): Judged[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const confidence = random();
    return { confidence, wrong: random() < error(confidence), facts: factsOf({ intent, confidence }) };
  });
}

describe('a request reaches a rule', () => {
  test.each([
    [{ intent: 'order_status', confidence: 0 }, {}, 'orders'],
    [{ intent: 'complaint', confidence: 0 }, {}, 'complaints'],
    [{ intent: 'account_security' }, {}, null],
    [{ intent: 'order_status', urgency: 'critical' as const }, {}, null],
    [{ intent: 'order_status' }, { personal: { IBAN_CODE: 1 } }, null],
  ])('%j %j: %s', (labels, facts, expected) => {
    for (const rule of ['orders', 'complaints']) {
      expect(reaches(factsOf(labels, facts), rule, policy)).toBe(rule === expected);
    }
  });
});

describe('each rule is calibrated', () => {
  const mixed = [
    ...rows(3000, 'order_status', 1, (confidence) => (1 - confidence) / 8),
    ...rows(3000, 'complaint', 2, () => 0.5),
    ...rows(3000, 'account_security', 3),
  ];
  const { guarantees } = calibrate(mixed, options);

  test('with the requests that reach it, and no others', () => {
    const [orders, complaints] = guarantees;
    expect(orders).toMatchObject({
      rule: 'orders',
      errorMax: 0.05,
      tested: 2700,
      pilot: 300,
      scopeShare: 1 / 3,
      isUnscoped: false,
    });
    // Its error from t on is (1 − t) / 16.
    expect(orders?.threshold).toBeGreaterThan(0.2);
    expect(orders?.threshold).toBeLessThan(0.5);
    expect(complaints).toMatchObject({
      threshold: null,
      stricter: null,
      answered: null,
      labelledNeeded: null,
    });
  });

  test('with its part of the doubt, so that all promises hold together', () => {
    expect(guarantees.map(({ doubt }) => doubt)).toEqual([0.05, 0.05]);
  });

  test('and says what can be answered, with bounds', () => {
    const [orders] = guarantees;
    const { share, shareAtLeast, shareAtMost, errorAtMost, reached } = orders!.answered!;
    expect(share).toBe(reached / 2700);
    expect(shareAtLeast).toBeLessThan(share);
    expect(shareAtMost).toBeGreaterThan(share);
    expect(errorAtMost).toBeLessThanOrEqual(0.05);
  });

  test('with a step up for when it is in danger', () => {
    expect(guarantees[0]?.stricter).toBeGreaterThan(guarantees[0]?.threshold as number);
  });

  test('the same with the same seed, in whatever order the rows come', () => {
    expect(calibrate(mixed, options)).toEqual(calibrate(mixed, options));
  });
});

test('too few support nothing, and it is said how many would', () => {
  const [orders] = calibrate(rows(100, 'order_status', 4), options).guarantees;
  expect(orders?.threshold).toBeNull();
  expect(orders?.labelledNeeded).toBeGreaterThan(100);
  expect(calibrate([], options).guarantees[0]).toMatchObject({ threshold: null, tested: 0, pilot: 0 });
});

test('requests of which nobody said anything lay the grid, so that no labelled one is spent on it', () => {
  const unlabelled = rows(200, 'order_status', 5).map((row) => ({ ...row, wrong: null }));
  const [orders] = calibrate([...rows(1000, 'order_status', 6), ...unlabelled], options).guarantees;
  expect(orders).toMatchObject({ tested: 1000, pilot: 200 });
  expect(orders?.confidences.reduce((sum, count) => sum + count, 0)).toBe(1200);
});

test('rows that do not say what they are about count for every rule, and that is noted', () => {
  const bare = rows(500, 'order_status', 7).map((row) => ({ ...row, facts: null }));
  expect(calibrate(bare, options).guarantees).toMatchObject([
    { isUnscoped: true, tested: 450 },
    { isUnscoped: true, tested: 450 },
  ]);
  const anyRule = { ...options, promised: [{ rule: null, scope: null, errorMax: 0.1 } as const] };
  expect(calibrate(bare, anyRule).guarantees).toMatchObject([{ rule: null, isUnscoped: false }]);
});

test('the promise of two rules together is broken no more often than it says', () => {
  // The true error of either rule from t on is the mean of (1 − c) / 4 over [t, 1]: (1 − t) / 8.
  let broken = 0;
  const runs = 200;
  for (let run = 0; run < runs; run += 1) {
    const drawn = [...rows(600, 'order_status', 2 * run + 1000), ...rows(600, 'complaint', 2 * run + 1001)];
    const { guarantees } = calibrate(drawn, options);
    const isBroken = guarantees.some(
      ({ threshold, errorMax }) => threshold !== null && (1 - threshold) / 8 > errorMax,
    );
    if (isBroken) broken += 1;
  }
  expect(broken / runs).toBeLessThanOrEqual(0.15);
});

test('the server gets what it needs of it, and no more', () => {
  const found = calibrate(rows(1000, 'order_status', 8), options);
  const { guarantees, ...rest } = toCalibration(found);
  expect(rest).toEqual({ version: 1, madeAt: options.madeAt, labelsRevision: LABELS, doubt: 0.1 });
  expect(Object.keys(guarantees[0]!)).toEqual([
    'rule',
    'scope',
    'errorMax',
    'threshold',
    'stricter',
    'confidences',
  ]);
});

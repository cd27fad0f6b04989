import { describe, expect, test } from '@jest/globals';
import { type Calibrated, calibrate, type Judged } from '../../src/guarantee/calibrate.ts';
import { percent, reportHtml, reportJson, reportText } from '../../src/guarantee/report.ts';
import { seededRandom } from '../../src/statistics/random.ts';
import { LABELS } from './judged.ts';

const random = seededRandom(1);
const rows = (count: number): Judged[] =>
  Array.from({ length: count }, () => {
    const confidence = random();
    return { confidence, wrong: random() < (1 - confidence) / 8, facts: null };
  });
const of = (count: number, errorMax: number, rule = 'orders'): Calibrated =>
  calibrate(rows(count), {
    promised: [{ rule, scope: 'scope', errorMax }],
    policy: null,
    doubt: 0.05,
    labelsRevision: LABELS,
    madeAt: '2026-01-02T03:04:05.000Z',
    seed: 1,
  });

const kept = of(3000, 0.05);
const few = of(100, 0.01);
const hopeless = of(3000, 0.0005);

test('shares are written as people read them', () => {
  expect([percent(0.01), percent(0.005, 3), percent(0.12345), percent(1)]).toEqual([
    '1 %',
    '0.5 %',
    '12.3 %',
    '100 %',
  ]);
});

describe('in words', () => {
  test('what is promised, from where on, and for how many', () => {
    const [{ threshold, answered } = { threshold: null, answered: null }] = kept.guarantees;
    const text = reportText(kept);
    expect(text).toContain(
      'Promised with a confidence of 95 %: of the requests that the rule `orders` takes, at most 5 %',
    );
    expect(text).toContain(
      `From a confidence of ${threshold?.toFixed(4)} on, ${percent(answered?.share ?? 0)} of them`,
    );
    expect(text).toContain('2,700 labelled requests were tested, and 300 more laid the grid.');
    expect(text).toContain('they count for every rule');
  });
  test('what cannot be, and how many more it would take', () => {
    const text = reportText(few);
    expect(text).toContain('Cannot be promised: of the requests that the rule `orders` takes, at most 1 %');
    expect(text).toMatch(
      /About [\d,]+ labelled requests are likely to be enough, if they are like the 100 there are\./,
    );
  });
  test('or that no number would do', () => {
    const wrong = rows(3000).map((row, i) => ({ ...row, wrong: i % 3 === 0 }));
    const options = {
      promised: [{ rule: null, scope: null, errorMax: 0.05 } as const],
      policy: null,
      seed: 1,
    };
    const more = { doubt: 0.05, labelsRevision: LABELS, madeAt: '2026-01-02T03:04:05.000Z' };
    expect(reportText(calibrate(wrong, { ...options, ...more }))).toContain(
      'More of the same would not help',
    );
  });
});

describe('as a page', () => {
  test('it brings all it needs, and a plot for each promise', () => {
    const html = reportHtml(kept);
    expect(html).not.toMatch(/<script|<link|src=|https?:\/\//);
    expect(html.match(/<svg/g)).toHaveLength(1);
    expect(html).toContain('<tr class="chosen">');
    expect(html).toContain('<h2>orders: max_error 5 %</h2>');
    expect(html).not.toMatch(/NaN|Infinity|undefined|null/);
  });
  test.each([
    ['too few', few],
    ['none', of(0, 0.01)],
    ['so small an error', hopeless],
  ])('also with %s', (_, calibrated) => {
    const html = reportHtml(calibrated);
    expect(html).toContain('Cannot be promised');
    expect(html).not.toMatch(/NaN|Infinity|undefined|null/);
  });
  test('and takes no names for markup', () => {
    expect(reportHtml(of(100, 0.01, '<b>x</b>'))).not.toContain('<b>');
  });
});

test('for programs, all but the bins', () => {
  const [read] = JSON.parse(reportJson(kept)).guarantees;
  expect(read).toMatchObject({ rule: 'orders', errorMax: 0.05, tested: 2700, isUnscoped: true });
  expect(read.steps.length).toBeGreaterThan(50);
  expect(read).not.toHaveProperty('confidences');
});

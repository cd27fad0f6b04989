/** The guarantee itself, by simulation with fixed seeds: many calibrations, each held against the true error. */
import { describe, expect, test } from '@jest/globals';
import { binomialAtMost } from '../../src/statistics/binomial.ts';
import { seededRandom } from '../../src/statistics/random.ts';
import {
  controlRisk,
  layGrid,
  type Outcome,
  outcomesMin,
  type RiskBound,
} from '../../src/statistics/risk-control.ts';

/** Confidences are uniform; what remains to say is how often each is wrong. */
type Traffic = (confidence: number) => number;
const TRAFFIC: Readonly<Record<string, Traffic>> = {
  calibrated: (confidence) => 1 - confidence,
  'sure of itself, and wrong': (confidence) => 0.25 * (1 - confidence) + 0.02,
  'worst where it is surest': (confidence) => (confidence > 0.9 ? 0.08 : 0.01),
  'up and down': (confidence) => (Math.floor(confidence * 20) % 2 === 0 ? 0.09 : 0.02),
  'just above the bound everywhere': () => 0.0501,
};

function draw(traffic: Traffic, count: number, random: () => number): Outcome[] {
  return Array.from({ length: count }, () => {
    const confidence = random();
    return { confidence, wrong: random() < traffic(confidence) };
  });
}

/** The true error at and above a threshold. */
function trueError(traffic: Traffic, threshold: number): number {
  const points = 2000;
  let sum = 0;
  for (let i = 0; i < points; i += 1) sum += traffic(threshold + ((1 - threshold) * (i + 0.5)) / points);
  return sum / points;
}

/** A calibration as it is done: a tenth as the pilot, the rest tested. */
function calibrate(rows: readonly Outcome[], bound: RiskBound) {
  const [pilot, tested] = [rows.slice(0, rows.length / 10), rows.slice(rows.length / 10)];
  const grid = layGrid(
    pilot.map(({ confidence }) => confidence),
    tested.length,
    bound,
  );
  return controlRisk(tested, grid, bound);
}

describe('whatever the traffic, the promise is broken no more often than it says', () => {
  test.each(Object.keys(TRAFFIC))('%s', (name) => {
    const traffic = TRAFFIC[name] as Traffic;
    const bound = { errorMax: 0.05, doubt: 0.1 };
    const random = seededRandom(4);
    const runs = 500;
    let broken = 0;
    for (let run = 0; run < runs; run += 1) {
      const { threshold } = calibrate(draw(traffic, 600, random), bound);
      if (threshold !== null && trueError(traffic, threshold) > bound.errorMax) broken += 1;
    }
    // Were the chance the full tenth, more than this would come of five hundred runs once in a thousand times.
    expect(broken).toBeLessThanOrEqual(71);
  });

  test('and not because nothing is ever promised: what could be answered mostly is', () => {
    const random = seededRandom(5);
    const bound = { errorMax: 0.05, doubt: 0.1 };
    const shares = Array.from({ length: 25 }, () => {
      const { threshold } = calibrate(draw(TRAFFIC.calibrated as Traffic, 5000, random), bound);
      return threshold === null ? 0 : 1 - threshold;
    });
    // With a confidence that is uniform and calibrated, the error from t on is (1 − t) / 2: a tenth can be answered.
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    expect(mean).toBeGreaterThan(0.045);
    expect(mean).toBeLessThan(0.1);
  });

  test('a test that is told where to begin by the outcomes it tests would break it', () => {
    // What the pilot is for: the best-looking of many thresholds, each tested as if it were the only one.
    const random = seededRandom(6);
    const traffic = TRAFFIC['just above the bound everywhere'] as Traffic;
    let broken = 0;
    for (let run = 0; run < 300; run += 1) {
      const rows = draw(traffic, 600, random).toSorted((a, b) => b.confidence - a.confidence);
      let wrong = 0;
      const looksGood = rows.some((row, i) => {
        wrong += row.wrong ? 1 : 0;
        return binomialAtMost(wrong, i + 1, 0.05) <= 0.1;
      });
      if (looksGood) broken += 1;
    }
    expect(broken / 300).toBeGreaterThan(0.2);
  });
});

describe('the steps', () => {
  const bound = { errorMax: 0.1, doubt: 0.05 };
  const outcome = (confidence: number, wrong = false): Outcome => ({ confidence, wrong });

  test('29 right ones are needed for one in ten at 95 %, and suffice', () => {
    expect(outcomesMin(bound)).toBe(29);
    const right = Array.from({ length: 29 }, () => outcome(0.9));
    expect(controlRisk(right, [0.9], bound).threshold).toBe(0.9);
    expect(controlRisk(right.slice(1), [0.9], bound).threshold).toBeNull();
    expect(controlRisk([...right.slice(1), outcome(0.9, true)], [0.9], bound).threshold).toBeNull();
  });

  test('a threshold takes those that are on it', () => {
    const { steps } = controlRisk(
      [outcome(0.5), outcome(0.7, true), outcome(0.7), outcome(0.9)],
      [0.8, 0.7, 0],
      bound,
    );
    expect(steps.map(({ reached, wrong }) => [reached, wrong])).toEqual([
      [1, 0],
      [3, 1],
      [4, 1],
    ]);
  });

  test('the first that fails ends it, however good those below look', () => {
    const rows = [
      ...Array.from({ length: 40 }, () => outcome(0.9, true)),
      ...Array.from({ length: 4000 }, () => outcome(0.5)),
    ];
    const { steps, threshold } = controlRisk(rows, [0.9, 0.5], bound);
    expect(steps[1]?.pValue).toBeLessThan(bound.doubt);
    expect([steps[1]?.holds, threshold]).toEqual([false, null]);
  });

  test('nothing at all supports nothing', () => {
    expect(controlRisk([], [0.9, 0], bound)).toMatchObject({ threshold: null, outcomesNeeded: 58 });
  });
});

describe('how many more are needed', () => {
  test('is said where there are too few, and is about right', () => {
    const bound = { errorMax: 0.05, doubt: 0.1 };
    const random = seededRandom(7);
    const traffic: Traffic = (confidence) => 0.4 * (1 - confidence) ** 2;
    const isEnough = (count: number): boolean =>
      calibrate(draw(traffic, count, random), bound).threshold !== null;
    const needs = Array.from({ length: 51 }, () => calibrate(draw(traffic, 100, random), bound)).map(
      ({ outcomesNeeded }) => outcomesNeeded ?? Number.POSITIVE_INFINITY,
    );
    const typical = needs.toSorted((a, b) => a - b)[25] as number;
    expect(Array.from({ length: 50 }, () => isEnough(typical)).filter(Boolean).length).toBeGreaterThan(30);
    expect(Array.from({ length: 50 }, () => isEnough(typical / 10)).filter(Boolean).length).toBeLessThan(20);
  });

  test('is not said where no number would do', () => {
    const rows = Array.from({ length: 400 }, (_, i) => ({ confidence: i / 400, wrong: i % 5 === 0 }));
    expect(controlRisk(rows, [0.9, 0.5, 0], { errorMax: 0.1, doubt: 0.1 })).toMatchObject({
      threshold: null,
      outcomesNeeded: null,
    });
  });
});

describe('the grid', () => {
  const bound = { errorMax: 0.05, doubt: 0.05 };
  const pilot = Array.from({ length: 1000 }, (_, i) => i / 1000);
  const isDescending = (grid: readonly number[]) =>
    grid.every((at, i) => i === 0 || at < (grid[i - 1] as number));

  test('begins where four mistakes are admissible, takes one more at each step, and ends with everything', () => {
    const grid = layGrid(pilot, 2000, bound);
    // 181 outcomes for four, 208 for five, 234 for six (scipy.stats.binom).
    // Half of √(2000 · 0.09 · 0.91 · 3) = 22 outcomes more, lest the first step fall short.
    expect(grid[0]).toBeCloseTo(1 - (181 + 11) / 2000, 2);
    expect(grid[1]).toBeCloseTo(1 - (208 + 0.3 * 26) / 2000, 2);
    expect(grid.at(-1)).toBe(0);
    expect(isDescending(grid)).toBe(true);
  });

  test('begins earlier where there are few, and is everything where there are next to none', () => {
    expect(layGrid(pilot, 200, bound)[0]).toBeCloseTo(0.5, 1);
    expect(layGrid(pilot, 10, bound)).toEqual([0]);
    expect(layGrid([], 10, bound)).toEqual([0]);
    expect(layGrid(pilot, 0, bound)).toEqual([0]);
  });

  test('has no more than two hundred steps, however many are tested', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => i / 10_000);
    const grid = layGrid(many, 1_000_000, { errorMax: 0.3, doubt: 0.05 });
    expect(grid.length).toBeLessThanOrEqual(202);
    expect(isDescending(grid)).toBe(true);
  });
});

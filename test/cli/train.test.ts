import { describe, expect, test } from '@jest/globals';
import { run, summary } from '../../src/cli/train.ts';
import type { TrainReport } from '../../src/train/report-shape.ts';

describe('what cannot be done is said before anything is learned', () => {
  test.each([
    [[], /It is: train EXAMPLES/],
    [['a.csv'], /It is: train EXAMPLES/],
    [['a.csv', 'b.csv', '--out', 'x'], /It is: train EXAMPLES/],
    [['/no/such.csv', '--out', 'x'], /\/no\/such.csv:1:1: There is no such file/],
    [['a.csv', '--out', 'x', '--loud'], /Unknown option/],
  ])('%j', async (args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });
});

test('the summary says what was learned, how good it is and what to do', () => {
  const none = { count: 0, listed: [] };
  const report: TrainReport = {
    encoder: 'abc',
    examples: 640,
    intentCount: 64,
    outOfScope: 3,
    accuracy: { value: 0.8, low: 0.767, high: 0.829, of: 600 },
    adapter: null,
    strangersShare: 0.2,
    calibrationError: 0.031,
    reliability: [],
    answerable: [
      { error: 0.01, coverage: 0, confidence: null },
      { error: 0.05, coverage: 0.4, confidence: 0.871 },
    ],
    coverage: [],
    strangers: { near: null, far: { auroc: 0.9, found: 0.55, of: 3 } },
    addNext: [{ intent: 'quirky', examples: 4, add: 6, recall: 0.5, mistakenFor: null, like: [] }],
    confusions: [],
    intents: [],
    conflicts: { count: 2, listed: [] },
    misfits: none,
    nearDuplicates: none,
    repeats: none,
  };
  expect(summary(report).split('\n')).toEqual([
    '640 examples of 64 intents, and 3 messages that are out of scope.',
    'Right intent for 80.0 % of unseen messages (76.7 % to 82.9 %); confidence is off by 3.1 % on average.',
    'Tells 55.0 % of strange messages, letting 95 % of the known ones through.',
    'With up to 5 % wrong, 40.0 % of the traffic can be answered: from a confidence of 0.87 on.',
    'To look at: 2 pairs of nearly the same message under two intents.',
    'To add next: about 6 examples of quirky.',
    'To add next: some dozens of messages that are out of scope.',
  ]);
});
